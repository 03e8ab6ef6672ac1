#![doc = include_str!("gradient_descent_convex.md")]

use theoria_algorithms::{GradientDescent, Trajectory};
use theoria_instances::Problem;
use theoria_instances::families::{
    AfterSteps, huber, huber_after_steps, parabolas_after_steps, rippled_parabola, smooth_convex,
};
use theoria_instances::hypotheses::{convex, smooth, step_size};
use theoria_instances::sequences::dyadic;
use theoria_models::Vector;
use theoria_verification::{Case, Claim, Curve, Family, Figure, Reading, Theorem};

use crate::support::for_each_n;

const STEPS: usize = 300;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let by_huber = attained("attained_by_huber", 1.0);
    let four_point_two = by_huber
        .restated("constant_larger_than_four", "f(x_N) − f* ≤ L R² / (4.2 N h L + 2)")
        .predicting(|i, n| scale(&i.problem) / (4.2 * n + 2.0));
    let worst_case = worst_case_exponent();
    let faster = worst_case
        .restated("worst_case_is_faster", "the worst f(x_N) − f* decays like N^-1.2")
        .predicting(|_, n| n.powf(-1.2));
    Theorem::new(
        "convergence/gradient_descent_convex",
        include_str!("gradient_descent_convex.md"),
    )
    .claim(rate("one_over_n", 1.0).on_all(smooth_convex()))
    .claim(rate("one_over_n_with_short_steps", 0.6).on_all(smooth_convex()))
    .claim(by_huber)
    .claim(attained("attained_by_huber_with_short_steps", 0.6))
    .claim(long_steps("long_steps_by_huber", 1.5).attained_on(fitted(1.5)))
    .claim(long_steps("longest_steps_by_a_parabola", 1.99).attained_on(parabolas_after_steps()))
    .claim(never_increases("distance_never_increases", |p, x| p.distance(x)))
    .claim(never_increases("gradient_never_increases", |p, x| p.gradient_squared(x)))
    .claim(worst_case)
    .control(four_point_two)
    .control(faster)
    .control(
        rate("one_over_n_without_convexity", 1.0).on(rippled_parabola()).violating("convex"),
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

/// With h = `multiple` / L.
fn rate(name: &str, multiple: f64) -> Claim<Problem> {
    Claim::bound(name, "f(x_N) − f* ≤ L R² / (4 N h L + 2)")
        .assuming([smooth(), convex(), step_size(multiple, 1.0)])
        .measuring(1..=STEPS, move |p: &Problem, steps| {
            let run = descend(p, multiple, STEPS);
            steps.read(|n| p.gap(run.at(n)))
        })
        .predicting(move |p, n| scale(p) / (4.0 * n * multiple + 2.0))
}

fn attained(name: &str, multiple: f64) -> Claim<AfterSteps> {
    Claim::bound(name, "f(x_N) − f* ≤ L R² / (4 N h L + 2)")
        .attained_on(fitted(multiple))
        .measuring_each(move |i: &AfterSteps| i.read(|p, n| p.gap(descend(p, multiple, n).last())))
        .predicting(move |i, n| scale(&i.problem) / (4.0 * n * multiple + 2.0))
}

fn long_steps(name: &str, multiple: f64) -> Claim<AfterSteps> {
    let formula = "f(x_N) − f* ≤ max{ L R² / (4 N h L + 2), (L R²/2) (1 − hL)^(2N) }";
    Claim::bound(name, formula)
        .measuring_each(move |i: &AfterSteps| i.read(|p, n| p.gap(descend(p, multiple, n).last())))
        .predicting(move |i, n| {
            let scale = scale(&i.problem);
            let parabola = scale / 2.0 * (1.0 - multiple).powi(2 * n as i32);
            (scale / (4.0 * n * multiple + 2.0)).max(parabola)
        })
}

fn never_increases(name: &str, of: fn(&Problem, &Vector) -> Reading) -> Claim<Problem> {
    Claim::bound(name, "the value after step k + 1 ≤ the value after step k")
        .assuming([smooth(), convex(), step_size(1.0, 1.0)])
        .on_all(smooth_convex())
        .experiment(move |p| {
            let run = descend(p, 1.0, STEPS);
            let values: Vec<_> = run.points().iter().map(|x| of(p, x)).collect();
            Curve::over(1..values.len(), |k| values[k], |k| values[k - 1].value)
        })
}

/// The gap after N steps on the Huber function fitted to N, for many N.
fn worst_case_exponent() -> Claim<Case<()>> {
    let description = "for each N the Huber function with L = 3 fitted to it, from R = 1";
    Claim::exponent("worst_case_is_one_over_n", "the worst f(x_N) − f* decays like N^-1")
        .on(for_each_n("Huber, fitted to each N", description))
        .measuring(dyadic(1024), |_, steps| {
            steps.read(|n| {
                let p = huber(1.0 / (2.0 * n as f64 + 1.0));
                p.gap(descend(&p, 1.0, n).last())
            })
        })
        .predicting(|_, n| n.powf(-1.0))
}

/// Huber functions on which the bound with h = `multiple` / L is attained at step N.
fn fitted(multiple: f64) -> Family<AfterSteps> {
    huber_after_steps(move |steps| 1.0 / (2.0 * steps as f64 * multiple + 1.0))
}

fn descend(p: &Problem, multiple: f64, steps: usize) -> Trajectory {
    p.run(GradientDescent::new(multiple / p.smoothness()), steps)
}

/// L R²
fn scale(p: &Problem) -> f64 {
    p.smoothness() * p.distance_at_start().powi(2)
}
