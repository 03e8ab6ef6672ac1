#![doc = include_str!("nesterov_strongly_convex.md")]

use theoria_algorithms::{GradientDescent, Nesterov, Trajectory};
use theoria_elementary::powf;
use theoria_instances::Problem;
use theoria_instances::families::{
    cycling_quadratic, flat_modes, misstated, smooth_convex_functions, smooth_strongly_convex,
    strongly_convex_envelopes, strongly_convex_functions, two_modes,
};
use theoria_instances::hypotheses::{minimiser, quadratic, smooth, strongly_convex};
use theoria_models::Property;
use theoria_verification::{Claim, Figure, Theorem};

const STEPS: usize = 200;
/// Condition numbers of the flat mode, on which both methods are slowest.
const FLAT: [f64; 3] = [25.0, 100.0, 400.0];

const BOUND: &str = "f(x_N) − f* ≤ (1 − 1/√κ)ᴺ (f(x₀) − f* + μR²/2)";

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let root_of_kappa =
        contraction("contraction_with_the_root_of_kappa", BOUND, accelerated).on(flat_modes(FLAT));
    let smaller = root_of_kappa
        .restated("bound_smaller_by_a_third", "f(x_N) − f* ≤ 0.6 (1 − 1/√κ)ᴺ (f(x₀) − f* + μR²/2)")
        .predicting_from(factor_and_start, |(factor, at_start), n| {
            0.6 * powf(*factor, n) * at_start
        });
    let four_fifths = contraction("any_contraction", BOUND, accelerated)
        .on(strongly_convex_functions(2.0..=100.0).hunted(1000))
        .restated("four_fifths_of_the_bound", "f(x_N) − f* ≤ 0.8 (1 − 1/√κ)ᴺ (f(x₀) − f* + μR²/2)")
        .predicting_from(factor_and_start, |(factor, at_start), n| {
            0.8 * powf(*factor, n) * at_start
        });
    let flat = on_the_flat_mode();
    let faster = flat
        .restated(
            "flat_mode_two_percent_faster",
            "f(x_N) − f* = (1 + N/√κ)² (1 − 1/√κ)^(2.04 N) (f(x₀) − f*)",
        )
        .predicting(|p, n| on_a_double_root(p, n, 1.0, 2.04));
    let without = flat
        .restated(
            "flat_mode_with_a_smaller_polynomial",
            "f(x_N) − f* = (1 + 0.98 N/√κ)² (1 − 1/√κ)²ᴺ (f(x₀) − f*)",
        )
        .predicting(|p, n| on_a_double_root(p, n, 0.98, 2.0));
    Theorem::new(
        "convergence/nesterov_strongly_convex",
        include_str!("nesterov_strongly_convex.md"),
    )
    .uses("convergence/nesterov_convex", "the step with momentum, here with a constant one")
    .uses(
        "convergence/gradient_descent_strongly_convex",
        "the factor of each mode of a quadratic, which momentum improves",
    )
    .claim(
        root_of_kappa
            .on_all(smooth_strongly_convex())
            .on(two_modes())
            .on(cycling_quadratic())
            .on(strongly_convex_functions(2.0..=100.0).hunted(1000))
            .on(strongly_convex_envelopes(2.0..=100.0).hunted(500))
            .tight_to(0.8),
    )
    .claim(flat)
    .control(smaller)
    .control(four_fifths)
    .control(
        contraction(
            "gradient_descent_does_it_too",
            "of gradient descent: f(x_N) − f* ≤ (1 − 1/√κ)ᴺ (f(x₀) − f* + μR²/2)",
            plain,
        )
        .on(flat_modes(FLAT)),
    )
    .control(faster)
    .control(without)
    .control(
        contraction("contraction_with_too_small_a_constant", BOUND, accelerated)
            .on(misstated(
                strongly_convex_functions(10.0..=100.0),
                Property::Smoothness,
                0.11..=0.9,
            )
            .hunted(1000))
            .violating("smooth"),
    )
    .control(
        contraction("contraction_without_strong_convexity", BOUND, accelerated)
            .on(misstated(smooth_convex_functions(), Property::StrongConvexity, 0.01..=0.9)
                .hunted(1000))
            .violating("strongly convex"),
    )
    .figure(
        Figure::semilog("gap", "step N", "f(x_N) − f*")
            .of("contraction_with_the_root_of_kappa")
            .of("gradient_descent_does_it_too")
            .caption("Accelerated runs stay below (1 − 1/√κ)ᴺ; gradient descent does not."),
    )
}

fn contraction(name: &str, formula: &str, run: fn(&Problem) -> Trajectory) -> Claim<Problem> {
    Claim::bound(name, formula)
        .assuming([smooth(), strongly_convex(), minimiser()])
        // From the start on, against which rounding is small also where μ = L.
        .measuring(0..=STEPS, move |p: &Problem, steps| {
            let run = run(p);
            steps.read(|n| p.gap(run.at(n)))
        })
        .predicting_from(factor_and_start, |(factor, at_start), n| powf(*factor, n) * at_start)
}

/// x_N = (1 + N/√κ)(1 − 1/√κ)ᴺ x_0 solves the recursion, whose root is double.
fn on_the_flat_mode() -> Claim<Problem> {
    let formula = "f(x_N) − f* = (1 + N/√κ)² (1 − 1/√κ)²ᴺ (f(x₀) − f*)";
    Claim::identity("gap_on_the_flat_mode", formula, 1e-9)
        .assuming([smooth(), strongly_convex(), quadratic()])
        .on(flat_modes(FLAT))
        .measuring(1..=20usize, |p, steps| {
            let run = accelerated(p);
            steps.read(|n| p.gap(run.at(n)))
        })
        .predicting(|p, n| on_a_double_root(p, n, 1.0, 2.0))
}

fn on_a_double_root(p: &Problem, n: f64, slope: f64, power: f64) -> f64 {
    let root = p.condition_number().sqrt();
    (1.0 + slope * n / root).powi(2) * powf(1.0 - 1.0 / root, power * n) * p.gap_at_start()
}

fn accelerated(p: &Problem) -> Trajectory {
    p.run(Nesterov::strongly_convex(p.smoothness(), p.strong_convexity()), STEPS)
}

fn plain(p: &Problem) -> Trajectory {
    p.run(GradientDescent::new(1.0 / p.smoothness()), STEPS)
}

/// 1 - 1/√κ and f(x_0) - f* + μR²/2.
fn factor_and_start(p: &Problem) -> (f64, f64) {
    let distance = p.strong_convexity() * p.distance_at_start().powi(2) / 2.0;
    (1.0 - 1.0 / p.condition_number().sqrt(), p.gap_at_start() + distance)
}
