#![doc = include_str!("projected_gradient.md")]

use theoria_algorithms::{GradientDescent, ProjectedGradient, Trajectory};
use theoria_instances::ConstrainedProblem;
use theoria_instances::families::{AfterSteps, constrained_quadratics, half_lines_after_steps};
use theoria_models::Vector;
use theoria_verification::{Claim, Figure, Reading, Theorem};

const STEPS: usize = 200;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let attained = attained_on_a_half_line();
    let constant = attained
        .restated("constant_larger_than_four", "f(x_N) − f* ≤ L R² / (4.4 N)")
        .predicting(|i, n| scale(&i.problem) / (4.4 * n));
    Theorem::new("convergence/projected_gradient", include_str!("projected_gradient.md"))
        .claim(one_over_n())
        .claim(attained)
        .claim(distance("contraction", "|x_N − x*| ≤ (1 − μ/L)ᴺ |x₀ − x*|", projected))
        .claim(fixed_point(
            "minimisers_are_fixed_points",
            "|x* − P(x* − h∇f(x*))| / h = 0 for every h > 0",
            |p| p.minimiser().clone(),
        ))
        .control(constant)
        .control(distance(
            "contraction_without_projection",
            "of gradient descent without projection: |x_N − x*| ≤ (1 − μ/L)ᴺ |x₀ − x*|",
            |p, steps| p.run(GradientDescent::new(1.0 / p.smoothness()), steps),
        ))
        .control(fixed_point(
            "the_start_is_a_fixed_point",
            "|x₀ − P(x₀ − h∇f(x₀))| / h = 0 for every h > 0",
            |p| p.start().clone(),
        ))
        .figure(
            Figure::log_log("gap", "step N", "f(x_N) − f*").of("one_over_n").caption(
                "Over balls, boxes, simplices and l1 balls the gap stays below L R²/(4N).",
            ),
        )
}

fn one_over_n() -> Claim<ConstrainedProblem> {
    Claim::bound("one_over_n", "f(x_N) − f* ≤ L R² / (4N)")
        .on_all(constrained_quadratics())
        .measuring(1..=STEPS, |p, steps| {
            let run = projected(p, STEPS);
            steps.read(|n| p.gap(run.at(n)))
        })
        .predicting(|p, n| scale(p) / (4.0 * n))
}

fn attained_on_a_half_line() -> Claim<AfterSteps<ConstrainedProblem>> {
    Claim::bound("attained_on_a_half_line", "f(x_N) − f* ≤ L R² / (4 N)")
        .attained_on(half_lines_after_steps())
        .measuring_each(|i| i.read(|p, n| p.gap(projected(p, n).last())))
        .predicting(|i, n| scale(&i.problem) / (4.0 * n))
}

fn distance(
    name: &str,
    formula: &str,
    run: fn(&ConstrainedProblem, usize) -> Trajectory,
) -> Claim<ConstrainedProblem> {
    Claim::bound(name, formula)
        .on_all(constrained_quadratics())
        .measuring(1..=STEPS, move |p, steps| {
            let run = run(p, STEPS);
            steps.read(|n| p.distance(run.at(n)))
        })
        .predicting(|p, n| {
            (1.0 - p.strong_convexity() / p.smoothness()).powi(n as i32) * p.distance_at_start()
        })
}

/// How far a step with any step size moves the point, relative to the step.
fn fixed_point(
    name: &str,
    formula: &str,
    point: fn(&ConstrainedProblem) -> Vector,
) -> Claim<ConstrainedProblem> {
    Claim::identity(name, formula, 1e-8)
        .on_all(constrained_quadratics())
        .measuring((-3..=3).map(|j| 10f64.powi(j)), move |p, step_sizes| {
            let x = point(p);
            let gradient = p.objective().smooth().gradient_at(&x);
            step_sizes.read(|h| {
                let mut moved = &x - &gradient * h;
                p.objective().set().project(&mut moved);
                let rounding = 1e-13 * (1.0 + h * gradient.norm());
                Reading::new((moved - &x).norm() / h, rounding / h)
            })
        })
        .predicting(|_, _| 0.0)
}

fn projected(p: &ConstrainedProblem, steps: usize) -> Trajectory {
    p.run(ProjectedGradient::new(1.0 / p.smoothness()), steps)
}

/// L R²
fn scale(p: &ConstrainedProblem) -> f64 {
    p.smoothness() * p.distance_at_start().powi(2)
}
