#![doc = include_str!("gradient_descent_nonconvex.md")]

use theoria_algorithms::GradientDescent;
use theoria_instances::Problem;
use theoria_instances::families::{
    AfterSteps, after_any_steps, cancer_nonconvex_logistic, misstated, networks, parabolas,
    quadratic_plus_sine, smooth_functions, smooth_in_the_plane, trigonometric_sums,
    zigzag_after_steps,
};
use theoria_instances::hypotheses::{bounded_below, smooth, step_size};
use theoria_instances::sequences::running_minimum;
use theoria_models::{Property, Vector};
use theoria_verification::{Claim, Curve, Family, Figure, Reading, Theorem};

const STEPS: usize = 100;

const DESCENT: &str = "f(x_k) − f(x_{k+1}) ≥ h (1 − hL/2) |∇f(x_k)|²";
const AFTER_N_STEPS: &str = "min_{k≤N} |∇f(x_k)|² ≤ 4L (f(x₀) − f(x_N)) / (3N)";

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let sharp = sharp_with_the_minimal_value();
    let smaller = sharp
        .restated(
            "constant_smaller_by_two_percent",
            "min_{k≤N} |∇f(x_k)|² ≤ 3.92L (f(x₀) − f*) / (3N + 2)",
        )
        .predicting(|i, n| {
            3.92 * i.problem.smoothness() * i.problem.gap_at_start() / (3.0 * n + 2.0)
        });
    let textbook =
        small_gradient("textbook_constant", "min_{k≤N} |∇f(x_k)|² ≤ 2L (f(x₀) − f*) / (N + 1)")
            .predicting_from(smoothness_and_gap, |(l, gap), n| 2.0 * l * gap / (n + 1.0));
    Theorem::new(
        "convergence/gradient_descent_nonconvex",
        include_str!("gradient_descent_nonconvex.md"),
    )
    .claim(
        descent("every_step_decreases", DESCENT, 1.0, 1.0)
            .on(trigonometric_sums())
            .on(quadratic_plus_sine())
            .on(cancer_nonconvex_logistic())
            .on(networks())
            .on(smooth_functions().hunted(1000))
            .attained_on(parabolas())
            .tight_to(0.999),
    )
    .claim(
        descent("long_steps_decrease", DESCENT, 1.7, 1.0)
            .on(trigonometric_sums())
            .on(cancer_nonconvex_logistic())
            .on(smooth_functions().hunted(1000))
            .attained_on(parabolas())
            .tight_to(0.999),
    )
    .claim(
        small_gradient("small_gradient", "min_{k≤N} |∇f(x_k)|² ≤ 4L (f(x₀) − f*) / (3N + 2)")
            .predicting_from(smoothness_and_gap, |(l, gap), n| 4.0 * l * gap / (3.0 * n + 2.0))
            .attained_on(zigzag_after_steps().map(|i| i.problem))
            .on(smooth_functions().hunted(1000))
            .on(smooth_in_the_plane().hunted(1000))
            .tight_to(0.999),
    )
    .claim(
        sharp_after_n_steps("sharp_after_n_steps", AFTER_N_STEPS, 4.0)
            .on(any_after_steps())
            .tight_to(0.999),
    )
    .claim(sharp.on(any_after_steps()).tight_to(0.999))
    // 4/(3N + 2) of it is attained: 5/7 for N = 4, where it has halved.
    .claim(
        textbook
            .on(zigzag_after_steps().map(|i| i.problem))
            .on(smooth_functions().hunted(1000))
            .tight_to(0.7),
    )
    .control(
        descent(
            "decrease_larger_by_two_percent",
            "f(x_k) − f(x_{k+1}) ≥ 1.02 h (1 − hL/2) |∇f(x_k)|²",
            1.7,
            1.02,
        )
        .on(parabolas()),
    )
    .control(
        decrease("every_step_just_beyond_two_over_l_decreases", 2.02)
            .on(parabolas())
            .violating("step size"),
    )
    .control(smaller)
    .control(
        descent("decrease_with_too_small_a_constant", DESCENT, 1.0, 1.0)
            .on(misstated(smooth_functions(), Property::Smoothness, 0.1..=0.9).hunted(1000))
            .violating("smooth"),
    )
    .control(sharp_after_n_steps(
        "constant_after_n_steps_smaller_by_two_percent",
        "min_{k≤N} |∇f(x_k)|² ≤ 3.92L (f(x₀) − f(x_N)) / (3N)",
        3.92,
    ))
    .figure(
        Figure::log_log("small_gradient", "step N", "min |∇f(x_k)|²")
            .of("small_gradient")
            .caption("The smallest squared gradient so far stays below 4L(f(x₀) − f*)/(3N + 2)."),
    )
    .figure(
        Figure::log_log("sharp", "number of steps N", "min |∇f(x_k)|²")
            .of("sharp_with_the_minimal_value")
            .of("constant_smaller_by_two_percent")
            .as_ratio()
            .caption(
                "On the function fitted to N the bound is attained; a constant that is two percent \
                 smaller fails.",
            ),
    )
}

/// The descent lemma with step size `multiple` / L; `times` is 1 in the theorem.
fn descent(name: &str, formula: &str, multiple: f64, times: f64) -> Claim<Problem> {
    Claim::lower_bound(name, formula)
        .assuming([smooth(), bounded_below(), step_size(multiple, 2.0)])
        .experiment(move |p: &Problem| {
            let h = multiple / p.smoothness();
            let run = p.run(GradientDescent::new(h), STEPS);
            let share = times * h * (1.0 - multiple / 2.0);
            // Up to where the slope is rounding.
            let settled = |x: &Vector| {
                let slope = p.gradient_squared(x);
                slope.value <= 1e3 * slope.floor
            };
            let last = run.points().iter().position(settled).unwrap_or(run.points().len() - 1);
            Curve::over(
                1..=last.max(1),
                |n| {
                    let seen = p.decrease(run.at(n - 1), run.at(n));
                    Reading::new(
                        seen.value,
                        seen.floor + rounding_of_a_step(p, &run.points()[n - 1]),
                    )
                },
                |n| share * p.gradient_squared(run.at(n - 1)).value,
            )
        })
}

/// What rounding of the next point does to its value: near a minimiser a step may be too short to move the point at all.
fn rounding_of_a_step(p: &Problem, x: &Vector) -> f64 {
    let (slope, moved) = (p.objective().gradient_at(x).norm(), f64::EPSILON * x.norm());
    slope * moved + p.smoothness() * moved.powi(2) / 2.0
}

/// Only that the value does not increase. (The descent lemma itself holds for every h: past 2/L it
/// bounds the increase.)
fn decrease(name: &str, multiple: f64) -> Claim<Problem> {
    Claim::bound(name, "f(x_{k+1}) ≤ f(x_k)")
        .assuming([smooth(), bounded_below(), step_size(multiple, 2.0)])
        .experiment(move |p: &Problem| {
            let run = p.run(GradientDescent::new(multiple / p.smoothness()), STEPS);
            Curve::over(
                0..run.points().len() - 1,
                |k| p.value(run.at(k + 1)),
                |k| p.value(run.at(k)).value,
            )
        })
}

/// With h = 1/L; what is predicted is said where it is claimed.
fn small_gradient(name: &str, formula: &str) -> Claim<Problem> {
    Claim::bound(name, formula)
        .assuming([smooth(), bounded_below(), step_size(1.0, 2.0)])
        .on(trigonometric_sums())
        .on(quadratic_plus_sine())
        .on(cancer_nonconvex_logistic())
        .on(networks())
        .measuring(1..=STEPS, |p, steps| {
            let (least, _) = least_gradients(p, STEPS);
            steps.read(|n| least.get(n).copied().unwrap_or(f64::INFINITY))
        })
}

/// The smallest gradient after exactly N steps, on instances fitted to N; `constant` is 4 in the theorem.
fn sharp_after_n_steps(name: &str, formula: &str, constant: f64) -> Claim<AfterSteps> {
    Claim::bound(name, formula)
        .assuming([smooth(), bounded_below(), step_size(1.0, 2.0)])
        .attained_on(zigzag_after_steps())
        .experiment(move |i| {
            let (p, n) = (&i.problem, i.steps as f64);
            let (least, last) = least_gradients(p, i.steps);
            let decrease = p.value(p.start()).value - p.value(&last).value;
            Curve::at(n, least[i.steps], constant * p.smoothness() * decrease / (3.0 * n))
        })
}

fn sharp_with_the_minimal_value() -> Claim<AfterSteps> {
    let formula = "min_{k≤N} |∇f(x_k)|² ≤ 4L (f(x₀) − f*) / (3N + 2)";
    Claim::bound("sharp_with_the_minimal_value", formula)
        .assuming([smooth(), bounded_below(), step_size(1.0, 2.0)])
        .attained_on(zigzag_after_steps())
        .measuring_each(|i| i.read(|p, n| least_gradients(p, n).0[n].into()))
        .predicting(|i, n| {
            4.0 * i.problem.smoothness() * i.problem.gap_at_start() / (3.0 * n + 2.0)
        })
}

/// Functions of one variable after so few steps that the search finds their zigzags.
fn any_after_steps() -> Family<AfterSteps> {
    after_any_steps(smooth_functions(), 20).hunted(1000)
}

fn smoothness_and_gap(p: &Problem) -> (f64, f64) {
    (p.smoothness(), p.gap_at_most())
}

/// min |∇f(x_k)|² so far, and the last point.
fn least_gradients(p: &Problem, steps: usize) -> (Vec<f64>, Vector) {
    let run = p.run(GradientDescent::new(1.0 / p.smoothness()), steps);
    let squares = run.points().iter().map(|x| p.gradient_squared(x).value);
    (running_minimum(squares), run.last().clone())
}
