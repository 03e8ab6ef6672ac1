#![doc = include_str!("fista.md")]

use theoria_algorithms::{Fista, Momentum, ProximalGradient, Trajectory};
use theoria_instances::families::{
    STEPS as FITTED, diabetes_lasso, kink_under_a_slope, sparse_quadratics,
};
use theoria_instances::{CompositeProblem, Problem};
use theoria_models::Vector;
use theoria_models::objectives::Huber;
use theoria_verification::{Claim, Curve, Family, Figure, Instance, Theorem};

const STEPS: usize = 300;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    Theorem::new("convergence/fista", include_str!("fista.md"))
        .claim(everywhere(rate("one_over_n_squared", Momentum::Sequence, textbook)))
        .claim(everywhere(rate("sharper_constant", Momentum::Sequence, |n| {
            1.0 / (4.0 * reach(Momentum::Sequence, n))
        })))
        .claim(everywhere(rate("simplified_momentum", Momentum::Simplified, |n| {
            1.0 / (4.0 * reach(Momentum::Simplified, n))
        })))
        .claim(
            attained("attained_on_a_kink", Momentum::Sequence)
                .attained_on(kinks(Momentum::Sequence)),
        )
        .claim(
            attained("simplified_momentum_attained", Momentum::Simplified)
                .attained_on(kinks(Momentum::Simplified)),
        )
        .control(plain("without_momentum_as_fast"))
        .control(faster("exponent_two_point_two"))
        .control(everywhere(monotone("value_never_increases")))
        .figure(
            Figure::log_log("gap", "step N", "F(x_N) − F*")
                .of("one_over_n_squared")
                .caption("The gap stays below 2LR²/(N + 1)²."),
        )
}

fn everywhere(claim: Claim<CompositeProblem>) -> Claim<CompositeProblem> {
    claim.on(sparse_quadratics()).on(diabetes_lasso())
}

/// 2/(N + 1)²
fn textbook(n: usize) -> f64 {
    2.0 / (n as f64 + 1.0).powi(2)
}

/// S_N: how far N steps of size 1 go down a slope of 1, by running the method on one.
fn reach(momentum: Momentum, steps: usize) -> f64 {
    let far = Vector::from_element(1, (steps as f64 + 10.0).powi(2));
    let slope = Problem::new(Huber::new(1.0, 1.0), far.clone());
    let method = theoria_algorithms::Nesterov::new(1.0, momentum);
    far[0] - slope.run(method, steps).last()[0]
}

/// w|x| from the slope that N steps walk half down.
struct Fitted {
    problem: CompositeProblem,
    steps: usize,
}

impl Instance for Fitted {
    fn description(&self) -> String {
        format!("{}, N = {}", self.problem.description(), self.steps)
    }
}

fn kinks(momentum: Momentum) -> Family<Fitted> {
    Family::listed("w|x|, fitted to N", FITTED, move |&steps| Fitted {
        problem: kink_under_a_slope(1.0 / (2.0 * reach(momentum, steps))),
        steps,
    })
}

fn fista(p: &CompositeProblem, momentum: Momentum, steps: usize) -> Trajectory {
    p.run(Fista::new(1.0 / p.smoothness(), momentum), steps)
}

fn scale(p: &CompositeProblem) -> f64 {
    p.smoothness() * p.distance_at_start().powi(2)
}

/// `bound` is in units of L R².
fn rate(name: &str, momentum: Momentum, bound: fn(usize) -> f64) -> Claim<CompositeProblem> {
    Claim::bound(name, "F(x_N) − F* ≤ constant(N) · L R²").experiment(
        move |p: &CompositeProblem| {
            let run = fista(p, momentum, STEPS);
            Curve::over(
                [1, 2, 3, 5, 8, 12, 20, 30, 50, 80, 120, 200, 300usize],
                |n| p.gap(run.at(n)),
                |n| bound(n) * scale(p),
            )
        },
    )
}

fn attained(name: &str, momentum: Momentum) -> Claim<Fitted> {
    Claim::bound(name, "F(x_N) − F* ≤ L R² / (4 S_N)").experiment(move |instance: &Fitted| {
        let (p, n) = (&instance.problem, instance.steps);
        let bound = scale(p) / (4.0 * reach(momentum, n));
        Curve::at(n as f64, p.gap(fista(p, momentum, n).last()), bound)
    })
}

/// Proximal gradient descent on the instances that are fitted to it.
fn plain(name: &str) -> Claim<Fitted> {
    let slow = Family::listed("w|x|, fitted to N plain steps", FITTED, |&steps| Fitted {
        problem: kink_under_a_slope(1.0 / (2.0 * steps as f64)),
        steps,
    });
    Claim::bound(name, "F(x_N) − F* ≤ 2 L R² / (N + 1)² without momentum").on(slow).experiment(
        |instance| {
            let (p, n) = (&instance.problem, instance.steps);
            let run = p.run(ProximalGradient::new(1.0 / p.smoothness()), n);
            Curve::at(n as f64, p.gap(run.last()), textbook(n) * scale(p))
        },
    )
}

fn faster(name: &str) -> Claim<Fitted> {
    Claim::bound(name, "F(x_N) − F* ≤ 2 L R² / (N + 1)^2.2")
        .on(kinks(Momentum::Sequence))
        .experiment(|instance| {
            let (p, n) = (&instance.problem, instance.steps);
            let bound = 2.0 / (n as f64 + 1.0).powf(2.2) * scale(p);
            Curve::at(n as f64, p.gap(fista(p, Momentum::Sequence, n).last()), bound)
        })
}

fn monotone(name: &str) -> Claim<CompositeProblem> {
    Claim::bound(name, "F(x_{k+1}) ≤ F(x_k)").experiment(|p: &CompositeProblem| {
        let run = fista(p, Momentum::Sequence, STEPS);
        Curve::over(1..=STEPS, |n| p.gap(run.at(n)), |n| p.gap(run.at(n - 1)).value)
    })
}
