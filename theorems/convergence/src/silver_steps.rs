#![doc = include_str!("silver_steps.md")]

use theoria_algorithms::{GradientDescent, Trajectory, silver_step};
use theoria_instances::Problem;
use theoria_instances::families::{huber, smooth_convex};
use theoria_instances::hypotheses::{convex, smooth};
use theoria_verification::{Claim, Curve, Family, Figure, Instance, Theorem};

/// Schedules of 2^m - 1 steps for m = 1 ... this.
const LONGEST: u32 = 9;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    Theorem::new("convergence/silver_steps", include_str!("silver_steps.md"))
        .claim(rate("convex_problems").on_all(smooth_convex()))
        .claim(worst("attained_by_huber", 4.0, silver).attained_on(fitted()))
        .claim(exponent("exponent_log_of_the_silver_ratio", -(1.0 + 2f64.sqrt()).log2()))
        .control(worst("constant_smaller_by_a_tenth", 4.4, silver).on(fitted()))
        .control(worst("constant_steps_do_it_too", 4.0, constant).on(fitted()))
        .control(exponent("exponent_minus_one", -1.0))
        .control(monotone("every_step_decreases").on_all(smooth_convex()))
        .figure(
            Figure::log_log("worst_case", "number of steps N", "f(x_N) − f*")
                .of("exponent_log_of_the_silver_ratio")
                .of("exponent_minus_one")
                .caption("On the worst function for each N silver steps decay like N^−1.27, not like 1/N."),
        )
}

fn silver(p: &Problem, steps: usize) -> Trajectory {
    let smoothness = p.smoothness();
    p.run(GradientDescent::with_schedule(move |k| silver_step(k) / smoothness), steps)
}

fn constant(p: &Problem, steps: usize) -> Trajectory {
    p.run(GradientDescent::new(1.0 / p.smoothness()), steps)
}

fn steps(m: u32) -> usize {
    (1 << m) - 1
}

/// ρ^m
fn power(m: u32) -> f64 {
    (1.0 + 2f64.sqrt()).powi(m as i32)
}

fn rate(name: &str) -> Claim<Problem> {
    Claim::bound(name, "f(x_N) − f* ≤ L R² / (4ρᵐ − 2), N = 2ᵐ − 1")
        .assuming([smooth(), convex()])
        .experiment(|p| {
            let run = silver(p, steps(LONGEST));
            let scale = p.smoothness() * p.distance_at_start().powi(2);
            Curve::over(
                1..=LONGEST,
                |m| p.gap(run.at(steps(m))),
                |m| scale / (4.0 * power(m) - 2.0),
            )
            .with_abscissae(&(1..=LONGEST).map(|m| steps(m) as f64).collect::<Vec<_>>())
        })
}

/// The Huber function fitted to 2^m - 1 silver steps.
struct Fitted {
    problem: Problem,
    m: u32,
}

impl Instance for Fitted {
    fn description(&self) -> String {
        format!("{}, N = {}", self.problem.description(), steps(self.m))
    }
}

fn fitted() -> Family<Fitted> {
    Family::listed("Huber, fitted to N", 1..=LONGEST, |&m| Fitted {
        problem: huber(1.0 / (2.0 * power(m) - 1.0)),
        m,
    })
}

fn worst(name: &str, four: f64, run: fn(&Problem, usize) -> Trajectory) -> Claim<Fitted> {
    Claim::bound(name, &format!("f(x_N) − f* ≤ L R² / ({four}ρᵐ − 2)")).experiment(
        move |instance: &Fitted| {
            let (p, n) = (&instance.problem, steps(instance.m));
            let scale = p.smoothness() * p.distance_at_start().powi(2);
            let bound = scale / (four * power(instance.m) - 2.0);
            Curve::at(n as f64, p.gap(run(p, n).last()), bound)
        },
    )
}

/// All N together.
struct AllSteps;

impl Instance for AllSteps {
    fn description(&self) -> String {
        "for each N = 2^m − 1 the Huber function fitted to it".into()
    }
}

fn exponent(name: &str, exponent: f64) -> Claim<AllSteps> {
    Claim::exponent(name, &format!("the worst f(x_N) − f* ~ N^{exponent:.4}"))
        .on(Family::single("Huber, fitted to each N", || AllSteps))
        .experiment(move |_| {
            Curve::over(
                1..=LONGEST + 3,
                |m| {
                    let p = huber(1.0 / (2.0 * power(m) - 1.0));
                    p.gap(silver(&p, steps(m)).last())
                },
                |m| power(m).powf(exponent / (1.0 + 2f64.sqrt()).log2()),
            )
            .with_abscissae(&(1..=LONGEST + 3).map(|m| f64::from(1u32 << m)).collect::<Vec<_>>())
        })
}

fn monotone(name: &str) -> Claim<Problem> {
    Claim::bound(name, "f(x_{k+1}) ≤ f(x_k)").assuming([smooth(), convex()]).experiment(|p| {
        let run = silver(p, steps(LONGEST));
        Curve::over(1..=steps(LONGEST), |n| p.gap(run.at(n)), |n| p.gap(run.at(n - 1)).value)
    })
}
