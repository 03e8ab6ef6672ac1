#![doc = include_str!("polyak_step.md")]

use theoria_algorithms::PolyakStep;
use theoria_instances::Problem;
use theoria_instances::families::{
    AfterSteps, after_any_steps, diabetes_least_absolute, l1_norm, least_absolute_deviations,
    least_squares, lipschitz_convex_functions, lipschitz_convex_in_the_plane, misstated, parabolas,
    resisting_maximum_after_steps, separable_hinge, smooth_convex, smooth_convex_envelopes,
    smooth_convex_functions, smooth_convex_in_the_plane, smooth_functions,
};
use theoria_instances::hypotheses::{convex, known_minimum, lipschitz, minimiser, smooth};
use theoria_instances::sequences::running_minimum;
use theoria_models::Property;
use theoria_models::numerics::minimum;
use theoria_verification::{Claim, Curve, Figure, Reading, Readings, Theorem};

const STEPS: usize = 200;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let on_smooth = best("smooth_problems", "min_{k≤N} f(x_k) − f* ≤ LR²/(3N + 2)")
        .assuming([smooth()])
        .on(parabolas())
        .predicting(smooth_bound);
    let smaller_on_smooth = on_smooth
        .restated(
            "smooth_constant_below_what_one_step_leaves",
            "min_{k≤N} f(x_k) − f* ≤ 0.62 LR²/(3N + 2)",
        )
        .predicting(|p, n| 0.62 * smooth_bound(p, n));
    let on_lipschitz = best("lipschitz_problems", "min_{k≤N} f(x_k) − f* ≤ GR/√(N + 1)")
        .assuming([lipschitz()])
        .attained_on(resisting_maximum_after_steps().map(|i| i.problem))
        .predicting(lipschitz_bound);
    let smaller_on_lipschitz = on_lipschitz
        .restated(
            "lipschitz_constant_smaller_by_two_percent",
            "min_{k≤N} f(x_k) − f* ≤ 0.98 GR/√(N + 1)",
        )
        .predicting(|p, n| 0.98 * lipschitz_bound(p, n));
    Theorem::new("convergence/polyak_step", include_str!("polyak_step.md"))
        .uses(
            "convergence/gradient_descent_nonconvex",
            "the descent lemma bounds the gap after a step of any length",
        )
        .uses(
            "convergence/subgradient_method",
            "the squared distance falls by what the subgradient says, less the square of the step",
        )
        .claim(
            distance("distance_never_increases", 0.0)
                .on_all(smooth_convex())
                .on(least_absolute_deviations())
                .on(separable_hinge())
                .on(l1_norm())
                .on(smooth_convex_functions().hunted(300))
                .on(lipschitz_convex_functions().hunted(300))
                .tight_to(0.99),
        )
        .claim(
            best_after(
                "smooth_problems_after_n_steps",
                "min_{k≤N} f(x_k) − f* ≤ LR²/(3N + 2), each N",
            )
            .assuming([smooth()])
            .on(after_any_steps(smooth_convex_functions(), 50).hunted(2000))
            .predicting(|i, n| smooth_bound(&i.problem, n))
            .tight_to(0.6),
        )
        .claim(
            best_after(
                "lipschitz_problems_after_n_steps",
                "min_{k≤N} f(x_k) − f* ≤ GR/√(N + 1), each N",
            )
            .assuming([lipschitz()])
            .on(after_any_steps(lipschitz_convex_functions(), 50).hunted(2000))
            .predicting(|i, n| lipschitz_bound(&i.problem, n))
            .tight_to(0.3),
        )
        // After many steps nothing comes near.
        .claim(
            on_smooth
                .on_all(smooth_convex())
                .on(smooth_convex_functions().hunted(1000))
                .on(smooth_convex_in_the_plane().hunted(1000))
                .on(smooth_convex_envelopes().hunted(500))
                .tight_to(0.15),
        )
        .claim(
            on_lipschitz
                .on(least_absolute_deviations())
                .on(separable_hinge())
                .on(l1_norm())
                .on(diabetes_least_absolute())
                .on(lipschitz_convex_functions().hunted(1000))
                .on(lipschitz_convex_in_the_plane().hunted(1000))
                .tight_to(0.999),
        )
        .control(
            distance("with_a_minimal_value_too_low", 0.05)
                .on(parabolas())
                .on(least_squares())
                .violating("known minimum"),
        )
        .control(smaller_on_smooth)
        .control(
            distance("distance_without_convexity", 0.0)
                .on(smooth_functions().hunted(1000))
                .violating("convex"),
        )
        .control(
            best("smooth_problems_without_convexity", "min_{k≤N} f(x_k) − f* ≤ LR²/(3N + 2)")
                .assuming([smooth()])
                .predicting(smooth_bound)
                .on(smooth_functions().hunted(1000))
                .violating("convex"),
        )
        .control(
            best(
                "smooth_problems_with_too_small_a_constant",
                "min_{k≤N} f(x_k) − f* ≤ LR²/(3N + 2)",
            )
            .assuming([smooth()])
            .predicting(smooth_bound)
            .on(misstated(smooth_convex_functions(), Property::Smoothness, 0.01..=0.5).hunted(1000))
            .violating("smooth"),
        )
        .control(
            best(
                "lipschitz_problems_with_too_small_a_constant",
                "min_{k≤N} f(x_k) − f* ≤ GR/√(N + 1)",
            )
            .assuming([lipschitz()])
            .predicting(lipschitz_bound)
            .on(misstated(lipschitz_convex_functions(), Property::Lipschitz, 0.1..=0.9)
                .hunted(1000))
            .violating("Lipschitz"),
        )
        .control(told_too_much().on(smooth_convex_functions().hunted(1000)))
        .control(smaller_on_lipschitz)
        .figure(
            Figure::log_log("best", "step N", "min f(x_k) − f*")
                .of("lipschitz_problems")
                .caption("Without knowing G the best value stays below G R/√(N + 1)."),
        )
}

/// With f* taken too low by this share of the gap at the start.
fn distance(name: &str, too_low: f64) -> Claim<Problem> {
    Claim::bound(name, "|x_{k+1} − x*| ≤ |x_k − x*|")
        .assuming([convex(), minimiser(), known_minimum(too_low)])
        .experiment(move |p: &Problem| {
            let told = p.minimum().value - too_low * p.gap_at_start();
            let run = p.run(PolyakStep::new(told), STEPS);
            let last = run.points().len();
            // Near the minimum the step divides rounding by rounding.
            let settled = (1..last)
                .find(|&n| p.gap(run.at(n - 1)).value < 1e3 * p.gap(run.at(n - 1)).floor)
                .unwrap_or(last);
            Curve::over(1..settled, |n| p.distance(run.at(n)), |n| p.distance(run.at(n - 1)).value)
        })
}

/// The best value so far.
fn best(name: &str, formula: &str) -> Claim<Problem> {
    Claim::bound(name, formula)
        .assuming([convex(), minimiser(), known_minimum(0.0)])
        .measuring_each(|p: &Problem| {
            let run = p.run(PolyakStep::new(p.minimum().value), STEPS);
            let least = running_minimum(run.points().iter().map(|x| p.gap(x).value));
            let floor = p.gap(p.minimiser()).floor;
            Readings::over(1..least.len(), |n| Reading::new(least[n], floor))
        })
}

/// After a number of steps that belongs to the instance.
fn best_after(name: &str, formula: &str) -> Claim<AfterSteps> {
    Claim::bound(name, formula)
        .assuming([convex(), minimiser(), known_minimum(0.0)])
        .measuring_each(|i: &AfterSteps| {
            i.read(|p, n| {
                let run = p.run(PolyakStep::new(p.minimum().value), n);
                let gaps = run.points().iter().map(|x| p.gap(x).value);
                Reading::new(gaps.fold(f64::INFINITY, minimum), p.gap(p.minimiser()).floor)
            })
        })
}

/// With f* taken too high by a hundredth of the gap at the start, the method stops where it was told that the minimum is.
fn told_too_much() -> Claim<Problem> {
    let formula = "with f* too high by 1% of f(x₀) − f*: f(x_N) − f* ≤ LR²/(3N + 2)";
    Claim::bound("with_a_minimal_value_too_high", formula)
        .assuming([smooth(), convex(), minimiser(), known_minimum(-0.01)])
        .violating("known minimum")
        .measuring(1..=STEPS, |p: &Problem, steps| {
            let told = p.minimum().value + 0.01 * p.gap_at_start();
            let run = p.run(PolyakStep::new(told), STEPS);
            steps.read(|n| p.gap(run.at(n)))
        })
        .predicting(smooth_bound)
}

/// LR²/(3N + 2)
fn smooth_bound(p: &Problem, n: f64) -> f64 {
    p.smoothness() * p.distance_at_start().powi(2) / (3.0 * n + 2.0)
}

/// GR/√(N + 1)
fn lipschitz_bound(p: &Problem, n: f64) -> f64 {
    p.lipschitz() * p.distance_at_start() / (n + 1.0).sqrt()
}
