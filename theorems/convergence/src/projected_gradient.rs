#![doc = include_str!("projected_gradient.md")]

use theoria_algorithms::{GradientDescent, ProjectedGradient, Trajectory};
use theoria_elementary::powf;
use theoria_instances::ConstrainedProblem;
use theoria_instances::families::{
    constrained_quadratics, functions_on_intervals, half_lines_after_steps, misstated,
    modes_in_a_box, smooth_functions_on_intervals,
};
use theoria_instances::hypotheses::{
    convex, convex_set, minimiser_over_the_set, smooth, starts_inside, step_size, strongly_convex,
};
use theoria_models::{Property, Vector};
use theoria_verification::{Claim, Figure, Reading, Theorem};

use crate::support::functions_on_two_intervals;

const STEPS: usize = 200;
/// Condition numbers of the flat mode, on which steps of size 1/L are slowest.
const FLAT: [f64; 3] = [2.0, 10.0, 25.0];

const RATE: &str = "|x_N − x*| ≤ ρᴺ |x₀ − x*|";

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let attained =
        one_over_n("one_over_n").attained_on(half_lines_after_steps().map(|i| i.problem));
    let constant = attained
        .restated("constant_larger_than_four", "f(x_N) − f* ≤ L R² / (4.08 N)")
        .predicting(|p, n| scale(p) / (4.08 * n));
    let safe = distance("contraction", RATE, 1.0, projected).attained_on(modes_in_a_box(
        "the flat mode in a box",
        FLAT,
        true,
    ));
    let safe_faster = faster(&safe, "contraction_two_percent_faster", 1.0);
    let long = distance("contraction_with_a_long_step", RATE, 1.9, projected)
        .attained_on(modes_in_a_box("the stiff mode in a box", [2.0, 10.0], false));
    let long_faster = faster(&long, "contraction_with_a_long_step_two_percent_faster", 1.9);
    Theorem::new("convergence/projected_gradient", include_str!("projected_gradient.md"))
        .uses(
            "convergence/gradient_descent_strongly_convex",
            "the contraction by gradient steps, which a projection leaves as it is",
        )
        .uses(
            "convergence/projection_onto_l1_ball",
            "what a projection is, and that it does not increase distances",
        )
        .claim(
            attained
                .on_all(constrained_quadratics())
                .on(functions_on_intervals(None).hunted(1000))
                .tight_to(0.999),
        )
        .claim(
            safe.on_all(constrained_quadratics())
                .on(functions_on_intervals(Some(2.0..=100.0)).hunted(1000))
                .tight_to(0.999),
        )
        .claim(
            long.on_all(constrained_quadratics())
                .on(functions_on_intervals(Some(2.0..=100.0)).hunted(1000))
                .tight_to(0.999),
        )
        .claim(fixed_point(
            "minimisers_are_fixed_points",
            "|x* − P(x* − h∇f(x*))| / h = 0 for every h > 0",
            |p| p.minimiser().clone(),
        ))
        .control(constant)
        .control(safe_faster)
        .control(long_faster)
        .control(
            one_over_n("one_over_n_without_convexity")
                .on(smooth_functions_on_intervals().hunted(1000))
                .violating("convex"),
        )
        .control(
            one_over_n("one_over_n_without_a_convex_set")
                .on(functions_on_two_intervals().hunted(1000))
                .violating("convex set"),
        )
        .control(
            one_over_n("one_over_n_with_too_small_a_constant")
                .on(misstated(functions_on_intervals(None), Property::Smoothness, 0.1..=0.9)
                    .hunted(1000))
                .violating("smooth"),
        )
        .control(
            distance("contraction_without_strong_convexity", RATE, 1.0, projected)
                .on(misstated(functions_on_intervals(None), Property::StrongConvexity, 0.01..=0.9)
                    .hunted(1000))
                .violating("strongly convex"),
        )
        .control(
            distance(
                "contraction_without_projection",
                "of gradient descent without projection: |x_N − x*| ≤ ρᴺ |x₀ − x*|",
                1.0,
                |p, h, steps| p.run(GradientDescent::new(h), steps),
            )
            .on_all(constrained_quadratics()),
        )
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

fn one_over_n(name: &str) -> Claim<ConstrainedProblem> {
    Claim::bound(name, "f(x_N) − f* ≤ L R² / (4N)")
        .assuming([smooth(), convex(), step_size(1.0, 1.0)])
        .assuming([convex_set(), minimiser_over_the_set(), starts_inside()])
        .measuring(1..=STEPS, |p: &ConstrainedProblem, steps| {
            let run = projected(p, 1.0 / p.smoothness(), STEPS);
            steps.read(|n| p.gap(run.at(n)))
        })
        .predicting(|p, n| scale(p) / (4.0 * n))
}

/// With h = `multiple` / L.
fn distance(
    name: &str,
    formula: &str,
    multiple: f64,
    run: fn(&ConstrainedProblem, f64, usize) -> Trajectory,
) -> Claim<ConstrainedProblem> {
    Claim::bound(name, formula)
        .assuming([smooth(), strongly_convex(), step_size(multiple, 2.0)])
        .assuming([convex_set(), minimiser_over_the_set()])
        .measuring(1..=STEPS, move |p: &ConstrainedProblem, steps| {
            let run = run(p, multiple / p.smoothness(), STEPS);
            steps.read(|n| p.distance(run.at(n)))
        })
        .predicting(move |p, n| powf(factor(p, multiple), n) * p.distance_at_start())
}

fn faster(
    claim: &Claim<ConstrainedProblem>,
    name: &str,
    multiple: f64,
) -> Claim<ConstrainedProblem> {
    claim
        .restated(name, "|x_N − x*| ≤ ρ^(1.02 N) |x₀ − x*|")
        .predicting(move |p, n| powf(factor(p, multiple), 1.02 * n) * p.distance_at_start())
}

/// ρ = max{|1 - hL|, |1 - h mu|} for h = `multiple` / L.
fn factor(p: &ConstrainedProblem, multiple: f64) -> f64 {
    (1.0 - multiple).abs().max((1.0 - multiple * p.strong_convexity() / p.smoothness()).abs())
}

/// How far a step with any step size moves the point, relative to the step.
fn fixed_point(
    name: &str,
    formula: &str,
    point: fn(&ConstrainedProblem) -> Vector,
) -> Claim<ConstrainedProblem> {
    Claim::identity(name, formula, 1e-8)
        .assuming([smooth(), convex()])
        .assuming([convex_set(), minimiser_over_the_set()])
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

fn projected(p: &ConstrainedProblem, step_size: f64, steps: usize) -> Trajectory {
    p.run(ProjectedGradient::new(step_size), steps)
}

/// L R²
fn scale(p: &ConstrainedProblem) -> f64 {
    p.smoothness() * p.distance_at_start().powi(2)
}
