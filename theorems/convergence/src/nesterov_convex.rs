#![doc = include_str!("nesterov_convex.md")]

use theoria_algorithms::{GradientDescent, Momentum, Nesterov};
use theoria_instances::Problem;
use theoria_instances::families::{
    AfterSteps, huber_after_steps, nesterov_worst_in, parabolas, quadratics, smooth_convex,
};
use theoria_instances::hypotheses::{convex, smooth, step_size};
use theoria_instances::sequences::dyadic;
use theoria_models::Vector;
use theoria_models::objectives::Huber;
use theoria_verification::{Claim, Curve, Family, Figure, Instance, Theorem, judgement};

const STEPS: usize = 300;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let sharp = |n| huber_bound(Momentum::Sequence, n);
    Theorem::new("convergence/nesterov_convex", include_str!("nesterov_convex.md"))
        .claim(rate("one_over_n_squared", Momentum::Sequence, textbook).on_all(smooth_convex()))
        .claim(rate("simplified_momentum", Momentum::Simplified, simplified).on_all(smooth_convex()))
        .claim(rate("sharper_constant", Momentum::Sequence, sharp).on_all(smooth_convex()))
        .claim(
            after("simplified_momentum_attained", Momentum::Simplified, simplified)
                .attained_on(fitted(Momentum::Simplified)),
        )
        .claim(
            after("sharper_constant_attained", Momentum::Sequence, sharp)
                .attained_on(fitted(Momentum::Sequence)),
        )
        .claim(exponent("exponent_minus_two", true))
        .control(
            after("exponent_two_point_two", Momentum::Sequence, |n| 2.0 / (n + 1.0).powf(2.2))
                .on(fitted(Momentum::Sequence)),
        )
        .control(exponent("gradient_descent_has_it_too", false))
        .control(monotone("value_never_increases").on(quadratics()))
        .control(long_step("convergence_with_a_long_step").on(parabolas()).violating("step size"))
        .figure(
            Figure::log_log("gap", "step N", "f(x_N) − f*")
                .of("one_over_n_squared")
                .caption("The gap oscillates, and stays below 2LR²/(N + 1)²."),
        )
        .figure(
            Figure::log_log("exponent", "number of steps N", "(f(x_N) − f*) / (L R²)")
                .of("exponent_minus_two")
                .of("gradient_descent_has_it_too")
                .caption("On Nesterov's function fitted to N acceleration decays like N⁻², gradient descent does not."),
        )
}

/// 2/(N + 1)²
fn textbook(n: f64) -> f64 {
    2.0 / (n + 1.0).powi(2)
}

/// 2/(N² + 5N + 6)
fn simplified(n: f64) -> f64 {
    2.0 / (n * n + 5.0 * n + 6.0)
}

/// 1/(4 S_N + 2), where S_N is how far N steps go along a slope of 1 with step size 1.
fn huber_bound(momentum: Momentum, n: f64) -> f64 {
    1.0 / (4.0 * reach(momentum, n as usize) + 2.0)
}

/// S_N, by running the method far out on the slope of a Huber function.
fn reach(momentum: Momentum, steps: usize) -> f64 {
    let far = Vector::from_element(1, (steps as f64 + 10.0).powi(2));
    let slope = Problem::new(Huber::new(1.0, 1.0), far.clone());
    far[0] - slope.run(Nesterov::new(1.0, momentum), steps).last()[0]
}

/// Huber functions on which all iterates stay on the slope as long as possible.
fn fitted(momentum: Momentum) -> Family<AfterSteps> {
    huber_after_steps(move |steps| 1.0 / (2.0 * reach(momentum, steps) + 1.0))
}

/// `bound` is in units of L R².
fn rate(
    name: &str,
    momentum: Momentum,
    bound: impl Fn(f64) -> f64 + Send + Sync + 'static,
) -> Claim<Problem> {
    Claim::bound(name, "f(x_N) − f* ≤ constant(N) · L R²")
        .assuming([smooth(), convex(), step_size(1.0, 1.0)])
        .experiment(move |p: &Problem| {
            let run = p.run(Nesterov::new(1.0 / p.smoothness(), momentum), STEPS);
            let scale = p.smoothness() * p.distance_at_start().powi(2);
            Curve::over(1..=STEPS, |n| p.gap(run.at(n)), |n| bound(n as f64) * scale)
        })
}

fn after(
    name: &str,
    momentum: Momentum,
    bound: impl Fn(f64) -> f64 + Send + Sync + 'static,
) -> Claim<AfterSteps> {
    Claim::bound(name, "f(x_N) − f* ≤ constant(N) · L R²").experiment(
        move |instance: &AfterSteps| {
            let (p, steps) = (&instance.problem, instance.steps);
            let run = p.run(Nesterov::new(1.0 / p.smoothness(), momentum), steps);
            let scale = p.smoothness() * p.distance_at_start().powi(2);
            Curve::at(steps as f64, p.gap(run.last()), bound(steps as f64) * scale)
        },
    )
}

/// For each N Nesterov's function in dimension 2N + 1.
struct Fitted;

impl Instance for Fitted {
    fn description(&self) -> String {
        "Nesterov's function in dimension 2N + 1 for each N".into()
    }
}

fn exponent(name: &str, accelerated: bool) -> Claim<Fitted> {
    let judgement = judgement::Exponent::default().within(0.1);
    Claim::new(name, "(f(x_N) − f*) / (L R²) ~ N⁻²", judgement)
        .on(Family::single("Nesterov's function, fitted to each N", || Fitted))
        .experiment(move |_| {
            Curve::over(
                dyadic(2048),
                |n| {
                    let p = nesterov_worst_in(2 * n + 1);
                    let run = if accelerated {
                        p.run(Nesterov::new(1.0 / p.smoothness(), Momentum::Sequence), n)
                    } else {
                        p.run(GradientDescent::new(1.0 / p.smoothness()), n)
                    };
                    let scale = p.smoothness() * p.distance_at_start().powi(2);
                    p.gap(run.last()).scaled(1.0 / scale)
                },
                |n| (n as f64).powi(-2),
            )
        })
}

fn monotone(name: &str) -> Claim<Problem> {
    Claim::bound(name, "f(x_{k+1}) ≤ f(x_k)").assuming([smooth(), convex()]).experiment(
        |p: &Problem| {
            let method = Nesterov::new(1.0 / p.smoothness(), Momentum::Sequence);
            let run = p.run(method, STEPS);
            Curve::over(1..=STEPS, |n| p.gap(run.at(n)), |n| p.gap(run.at(n - 1)).value)
        },
    )
}

/// The edge of stability of the largest mode is 4/(3L) as the momentum tends to 1.
fn long_step(name: &str) -> Claim<Problem> {
    let multiple = 1.1 * 4.0 / 3.0;
    Claim::bound(name, "f(x_N) − f* ≤ 2 L R² / (N + 1)² with h = 1.1 · 4/(3L)")
        .assuming([smooth(), convex(), step_size(multiple, 1.0)])
        .experiment(move |p: &Problem| {
            let run = p.run(Nesterov::new(multiple / p.smoothness(), Momentum::Sequence), STEPS);
            let scale = p.smoothness() * p.distance_at_start().powi(2);
            Curve::over(1..=STEPS, |n| p.gap(run.at(n)), |n| textbook(n as f64) * scale)
        })
}
