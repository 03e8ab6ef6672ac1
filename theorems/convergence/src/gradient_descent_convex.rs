#![doc = include_str!("gradient_descent_convex.md")]

use theoria_algorithms::GradientDescent;
use theoria_instances::Problem;
use theoria_instances::families::{
    AfterSteps, huber, huber_after_steps, parabolas_after_steps, rippled_parabola, smooth_convex,
};
use theoria_instances::hypotheses::{convex, smooth, step_size};
use theoria_instances::sequences::dyadic;
use theoria_verification::{Claim, Curve, Family, Figure, Instance, Theorem};

const STEPS: usize = 300;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    Theorem::new(
        "convergence/gradient_descent_convex",
        include_str!("gradient_descent_convex.md"),
    )
    .claim(rate("one_over_n", 1.0).on_all(smooth_convex()))
    .claim(rate("one_over_n_with_short_steps", 0.6).on_all(smooth_convex()))
    .claim(attained("attained_by_huber", 1.0, 4.0).attained_on(fitted(1.0)))
    .claim(attained("attained_by_huber_with_short_steps", 0.6, 4.0).attained_on(fitted(0.6)))
    .claim(long_steps("long_steps_by_huber", 1.5).attained_on(fitted(1.5)))
    .claim(long_steps("longest_steps_by_a_parabola", 1.99).attained_on(parabolas_after_steps()))
    .claim(
        never_increases("distance_never_increases", |p, x| p.distance(x)).on_all(smooth_convex()),
    )
    .claim(
        never_increases("gradient_never_increases", |p, x| p.gradient_squared(x))
            .on_all(smooth_convex()),
    )
    .claim(worst_case_exponent("worst_case_is_one_over_n", -1.0))
    .control(attained("constant_larger_than_four", 1.0, 4.2).on(fitted(1.0)))
    .control(worst_case_exponent("worst_case_is_faster", -1.2))
    .control(
        rate("one_over_n_without_convexity", 1.0)
            .on(rippled_parabola())
            .violating("convex"),
    )
    .figure(
        Figure::log_log("gap", "step N", "f(x_N) − f*")
            .of("one_over_n")
            .caption("Convex problems of every kind stay below L R²/(4N + 2), most of them far."),
    )
    .figure(
        Figure::log_log("worst_case", "number of steps N", "f(x_N) − f*")
            .of("worst_case_is_one_over_n")
            .of("worst_case_is_faster")
            .caption(
                "The Huber function fitted to each N decays like 1/N exactly, and not like N^−1.2.",
            ),
    )
}

/// Huber functions on which the bound with h = `multiple` / L is attained at step N.
fn fitted(multiple: f64) -> Family<AfterSteps> {
    huber_after_steps(move |steps| 1.0 / (2.0 * steps as f64 * multiple + 1.0))
}

fn bound(p: &Problem, n: f64, multiple: f64, four: f64) -> f64 {
    p.smoothness() * p.distance_at_start().powi(2) / (four * n * multiple + 2.0)
}

fn rate(name: &str, multiple: f64) -> Claim<Problem> {
    Claim::bound(name, "f(x_N) − f* ≤ L R² / (4 N h L + 2)")
        .assuming([smooth(), convex(), step_size(multiple, 1.0)])
        .experiment(move |p: &Problem| {
            let run = p.run(GradientDescent::new(multiple / p.smoothness()), STEPS);
            Curve::over(1..=STEPS, |n| p.gap(run.at(n)), |n| bound(p, n as f64, multiple, 4.0))
        })
}

fn attained(name: &str, multiple: f64, four: f64) -> Claim<AfterSteps> {
    Claim::bound(name, &format!("f(x_N) − f* ≤ L R² / ({four} N h L + 2)")).experiment(
        move |instance: &AfterSteps| {
            let (p, steps) = (&instance.problem, instance.steps);
            let run = p.run(GradientDescent::new(multiple / p.smoothness()), steps);
            Curve::at(steps as f64, p.gap(run.last()), bound(p, steps as f64, multiple, four))
        },
    )
}

fn long_steps(name: &str, multiple: f64) -> Claim<AfterSteps> {
    let formula = "f(x_N) − f* ≤ max{ L R² / (4 N h L + 2), (L R²/2) (1 − hL)^(2N) }";
    Claim::bound(name, formula).experiment(move |instance: &AfterSteps| {
        let (p, steps) = (&instance.problem, instance.steps);
        let run = p.run(GradientDescent::new(multiple / p.smoothness()), steps);
        let parabola = p.smoothness() * p.distance_at_start().powi(2) / 2.0
            * (1.0 - multiple).powi(2 * steps as i32);
        let bound = bound(p, steps as f64, multiple, 4.0).max(parabola);
        Curve::at(steps as f64, p.gap(run.last()), bound)
    })
}

fn never_increases(
    name: &str,
    of: fn(&Problem, &theoria_models::Vector) -> theoria_verification::Reading,
) -> Claim<Problem> {
    Claim::bound(name, "the value after step k + 1 ≤ the value after step k")
        .assuming([smooth(), convex(), step_size(1.0, 1.0)])
        .experiment(move |p: &Problem| {
            let run = p.run(GradientDescent::new(1.0 / p.smoothness()), STEPS);
            let values: Vec<_> = run.points().iter().map(|x| of(p, x)).collect();
            Curve::over(1..values.len(), |k| values[k], |k| values[k - 1].value)
        })
}

/// The gap after N steps on the Huber function fitted to N, for many N.
fn worst_case_exponent(name: &str, exponent: f64) -> Claim<AllSteps> {
    Claim::exponent(name, &format!("the worst f(x_N) − f* decays like N^{exponent}"))
        .on(Family::single("Huber, fitted to each N", || AllSteps))
        .experiment(move |_| {
            Curve::over(
                dyadic(1024),
                |n| {
                    let p = huber(1.0 / (2.0 * n as f64 + 1.0));
                    let run = p.run(GradientDescent::new(1.0 / p.smoothness()), n);
                    p.gap(run.last())
                },
                |n| (n as f64).powf(exponent),
            )
        })
}

/// The worst cases for all N together.
struct AllSteps;

impl Instance for AllSteps {
    fn description(&self) -> String {
        "for each N the Huber function with L = 3 fitted to it, from R = 1".into()
    }
}
