#![doc = include_str!("gradient_descent_nonconvex.md")]

use theoria_algorithms::GradientDescent;
use theoria_instances::Problem;
use theoria_instances::families::{
    AfterSteps, cancer_nonconvex_logistic, networks, parabolas, quadratic_plus_sine, quadratics,
    trigonometric_sums, zigzag_after_steps,
};
use theoria_instances::hypotheses::{bounded_below, smooth, step_size};
use theoria_instances::sequences::running_minimum;
use theoria_models::Vector;
use theoria_verification::{Claim, Curve, Figure, Theorem};

const STEPS: usize = 100;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    Theorem::new(
        "convergence/gradient_descent_nonconvex",
        include_str!("gradient_descent_nonconvex.md"),
    )
    .claim(
        descent("every_step_decreases", 1.0)
            .on(trigonometric_sums())
            .on(quadratic_plus_sine())
            .on(cancer_nonconvex_logistic())
            .on(networks())
            .attained_on(parabolas()),
    )
    .claim(
        descent("long_steps_decrease", 1.7)
            .on(trigonometric_sums())
            .on(cancer_nonconvex_logistic())
            .attained_on(parabolas()),
    )
    .claim(small_gradient("small_gradient", |p, n| {
        4.0 * p.smoothness() * p.gap_at_most() / (3.0 * n + 2.0)
    }))
    .claim(
        tight("sharp_after_n_steps", |p, n, last| {
            4.0 * p.smoothness() * (p.value(p.start()).value - p.value(last).value) / (3.0 * n)
        })
        .attained_on(zigzag_after_steps()),
    )
    .claim(
        tight("sharp_with_the_minimal_value", |p, n, _| {
            4.0 * p.smoothness() * p.gap_at_start() / (3.0 * n + 2.0)
        })
        .attained_on(zigzag_after_steps()),
    )
    .claim(small_gradient("textbook_constant", |p, n| {
        2.0 * p.smoothness() * p.gap_at_most() / (n + 1.0)
    }))
    .control(
        decrease("every_step_beyond_two_over_l_decreases", 2.2)
            .on(quadratics())
            .on(parabolas())
            .violating("step size"),
    )
    .control(
        tight("constant_smaller_by_a_tenth", |p, n, last| {
            3.6 * p.smoothness() * (p.value(p.start()).value - p.value(last).value) / (3.0 * n)
        })
        .on(zigzag_after_steps()),
    )
    .figure(
        Figure::log_log("small_gradient", "step N", "min |∇f(x_k)|²")
            .of("small_gradient")
            .caption("The smallest squared gradient so far stays below 4L(f(x₀) − f*)/(3N + 2)."),
    )
    .figure(
        Figure::log_log("sharp", "number of steps N", "min |∇f(x_k)|²")
            .of("sharp_with_the_minimal_value")
            .of("constant_smaller_by_a_tenth")
            .as_ratio()
            .caption("On the function fitted to N the bound is attained; a constant a tenth smaller fails."),
    )
}

/// The descent lemma with step size `multiple` / L.
fn descent(name: &str, multiple: f64) -> Claim<Problem> {
    Claim::lower_bound(name, "f(x_k) − f(x_{k+1}) ≥ h (1 − hL/2) |∇f(x_k)|²")
        .assuming([smooth(), bounded_below(), step_size(multiple, 2.0)])
        .experiment(move |p: &Problem| {
            let h = multiple / p.smoothness();
            let run = p.run(GradientDescent::new(h), STEPS);
            let share = h * (1.0 - multiple / 2.0);
            Curve::over(
                0..run.points().len() - 1,
                |k| p.decrease(run.at(k), run.at(k + 1)),
                |k| share * p.gradient_squared(run.at(k)).value,
            )
        })
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

fn small_gradient(name: &str, bound: fn(&Problem, f64) -> f64) -> Claim<Problem> {
    Claim::bound(name, "min_{k≤N} |∇f(x_k)|² ≤ constant · L (f(x₀) − f*) / N")
        .assuming([smooth(), bounded_below(), step_size(1.0, 2.0)])
        .on(trigonometric_sums())
        .on(quadratic_plus_sine())
        .on(cancer_nonconvex_logistic())
        .on(networks())
        .experiment(move |p| {
            let run = p.run(GradientDescent::new(1.0 / p.smoothness()), STEPS);
            let squares = run.points().iter().map(|x| p.gradient_squared(x).value);
            let least = running_minimum(squares);
            Curve::over(1..least.len(), |n| least[n], |n| bound(p, n as f64))
        })
}

/// The smallest gradient after exactly N steps, on instances fitted to N.
fn tight(name: &str, bound: fn(&Problem, f64, &Vector) -> f64) -> Claim<AfterSteps> {
    Claim::bound(name, "min_{k≤N} |∇f(x_k)|² ≤ constant · L (f(x₀) − f(x_N)) / N").experiment(
        move |instance: &AfterSteps| {
            let (p, steps) = (&instance.problem, instance.steps);
            let run = p.run(GradientDescent::new(1.0 / p.smoothness()), steps);
            let squares = run.points().iter().map(|x| p.gradient_squared(x).value);
            let least = running_minimum(squares);
            let bound = bound(p, steps as f64, run.last());
            Curve::at(steps as f64, least[steps], bound)
        },
    )
}
