#![doc = include_str!("polyak_step.md")]

use theoria_algorithms::PolyakStep;
use theoria_instances::Problem;
use theoria_instances::families::{
    absolute_value, diabetes_least_absolute, l1_norm, least_absolute_deviations, least_squares,
    separable_hinge, smooth_convex,
};
use theoria_instances::hypotheses::{convex, known_minimum, lipschitz, smooth};
use theoria_instances::sequences::running_minimum;
use theoria_verification::{Claim, Curve, Figure, Reading, Readings, Theorem};

const STEPS: usize = 200;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let on_smooth = best("smooth_problems", "min_{k≤N} f(x_k) − f* ≤ 2LR²/(N + 1)")
        .assuming([smooth()])
        .on_all(smooth_convex())
        .predicting(|p, n| 2.0 * p.smoothness() * p.distance_at_start().powi(2) / (n + 1.0));
    let on_lipschitz = best("lipschitz_problems", "min_{k≤N} f(x_k) − f* ≤ GR/√(N + 1)")
        .assuming([lipschitz()])
        .on(least_absolute_deviations())
        .on(separable_hinge())
        .on(l1_norm())
        .on(diabetes_least_absolute())
        .predicting(|p, n| p.lipschitz() * p.distance_at_start() / (n + 1.0).sqrt());
    let a_hundred_times = on_lipschitz
        .restated("a_hundred_times_faster", "min_{k≤N} f(x_k) − f* ≤ 0.01 GR/√(N + 1)")
        .predicting(|p, n| 0.01 * p.lipschitz() * p.distance_at_start() / (n + 1.0).sqrt());
    Theorem::new("convergence/polyak_step", include_str!("polyak_step.md"))
        .claim(
            distance("distance_never_increases", 0.0)
                .on_all(smooth_convex())
                .on(least_absolute_deviations())
                .on(separable_hinge())
                .on(l1_norm()),
        )
        .claim(on_smooth)
        .claim(on_lipschitz)
        .control(
            distance("with_a_minimal_value_too_low", 5.0)
                .on(absolute_value())
                .on(least_squares())
                .violating("known minimum"),
        )
        .control(a_hundred_times)
        .figure(
            Figure::log_log("best", "step N", "min f(x_k) − f*")
                .of("lipschitz_problems")
                .caption("Without knowing G the best value stays below G R/√(N + 1)."),
        )
}

/// With f* taken too low by this share of the gap at the start.
fn distance(name: &str, too_low: f64) -> Claim<Problem> {
    Claim::bound(name, "|x_{k+1} − x*| ≤ |x_k − x*|")
        .assuming([convex(), known_minimum(too_low)])
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
    Claim::bound(name, formula).assuming([convex()]).measuring_each(|p: &Problem| {
        let run = p.run(PolyakStep::new(p.minimum().value), STEPS);
        let least = running_minimum(run.points().iter().map(|x| p.gap(x).value));
        let floor = p.gap(p.minimiser()).floor;
        Readings::over(1..least.len(), |n| Reading::new(least[n], floor))
    })
}
