#![doc = include_str!("fista.md")]

use theoria_algorithms::{Fista, Momentum, ProximalGradient, Trajectory};
use theoria_instances::CompositeProblem;
use theoria_instances::families::{
    diabetes_lasso, kink_under_a_slope, kinked_functions, kinked_smooth_functions,
    kinks_after_steps, misstated, modes_without_weight, sparse_quadratics,
};
use theoria_instances::hypotheses::{convex, minimiser_of_the_sum, smooth, step_size};
use theoria_models::Property;
use theoria_verification::{Claim, Curve, Family, Figure, Theorem};

use crate::support::{known_worst_cases, reach};

const STEPS: usize = 300;
/// Where the bounds are held against the run.
const LOOKS: [usize; 11] = [1, 2, 4, 7, 10, 20, 50, 80, 120, 200, STEPS];

/// Worst cases of the sequence t_k by semidefinite programming, in units of L R².
const FOUND: [(usize, f64); 3] = [(1, 0.25), (4, 0.0516733), (8, 0.0181966)];

/// In units of L R².
#[derive(Clone, Copy)]
struct Bound {
    formula: &'static str,
    of: fn(Momentum, f64) -> f64,
}

const TEXTBOOK: Bound =
    Bound { formula: "F(x_N) − F* ≤ 2 L R² / (N + 1)²", of: |_, n| textbook(n) };
const SIMPLIFIED: Bound =
    Bound { formula: "F(x_N) − F* ≤ 2 L R² / (N² + 5N + 2)", of: |_, n| simple(n) };
const SHARP: Bound = Bound { formula: "F(x_N) − F* ≤ L R² / (4 S_N)", of: sharp };

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let sharp =
        rate("sharper_constant", Momentum::Sequence, SHARP).attained_on(kinks(Momentum::Sequence));
    let smaller = sharp
        .restated("sharper_constant_two_percent_better", "F(x_N) − F* ≤ 0.98 L R² / (4 S_N)")
        .predicting(|p, n| 0.98 * self::sharp(Momentum::Sequence, n) * scale(p));
    let simplified = rate("simplified_momentum", Momentum::Simplified, SIMPLIFIED)
        .attained_on(kinks(Momentum::Simplified));
    let smaller_simplified = simplified
        .restated(
            "simplified_momentum_two_percent_better",
            "F(x_N) − F* ≤ 1.96 L R² / (N² + 5N + 2)",
        )
        .predicting(|p, n| 0.98 * simple(n) * scale(p));
    let known = known_worst_cases(
        "F(x_N) − F* on the kink fitted to N = the worst case",
        FOUND,
        |steps| {
            let p = kink_under_a_slope(1.0 / (2.0 * reach(Momentum::Sequence, steps)));
            p.gap(fista(&p, Momentum::Sequence, steps).last()).scaled(1.0 / scale(&p))
        },
    );
    let smaller_known = known
        .restated(
            "worst_cases_two_percent_smaller",
            "F(x_N) − F* on the kink fitted to N = 0.98 of the worst case",
        )
        .predicting(|case, _| 0.98 * case.value.1);
    Theorem::new("convergence/fista", include_str!("fista.md"))
        .uses("convergence/proximal_gradient", "the proximal step")
        .uses("convergence/nesterov_convex", "the momentum and its sequence")
        .claim(
            everywhere(rate("one_over_n_squared", Momentum::Sequence, TEXTBOOK))
                .on(kinks(Momentum::Sequence))
                .on(kinked_functions(None).hunted(1000))
                .tight_to(0.9),
        )
        .claim(everywhere(sharp).on(kinked_functions(None).hunted(1000)).tight_to(0.999))
        .claim(everywhere(simplified).on(kinked_functions(None).hunted(1000)).tight_to(0.999))
        .claim(known)
        .control(plain())
        .control(smaller)
        .control(
            rate("simplified_momentum_without_convexity", Momentum::Simplified, SIMPLIFIED)
                .on(kinked_smooth_functions().hunted(1000))
                .violating("convex"),
        )
        .control(
            rate("simplified_momentum_with_too_small_a_constant", Momentum::Simplified, SIMPLIFIED)
                .on(misstated(kinked_functions(None), Property::Smoothness, 0.1..=0.9).hunted(1000))
                .violating("smooth"),
        )
        .control(smaller_simplified)
        .control(smaller_known)
        .control(monotone().on(modes_without_weight(
            "the flat mode, r = 0",
            [4.0, 25.0, 400.0],
            true,
        )))
        .figure(
            Figure::log_log("gap", "step N", "F(x_N) − F*")
                .of("one_over_n_squared")
                .caption("The gap stays below 2LR²/(N + 1)²."),
        )
}

fn everywhere(claim: Claim<CompositeProblem>) -> Claim<CompositeProblem> {
    claim.on(sparse_quadratics()).on(diabetes_lasso())
}

fn rate(name: &str, momentum: Momentum, bound: Bound) -> Claim<CompositeProblem> {
    Claim::bound(name, bound.formula)
        .assuming([smooth(), convex(), step_size(1.0, 1.0)])
        .assuming([minimiser_of_the_sum()])
        .measuring(LOOKS, move |p: &CompositeProblem, steps| {
            let run = fista(p, momentum, STEPS);
            steps.read(|n| p.gap(run.at(n)))
        })
        .predicting(move |p, n| (bound.of)(momentum, n) * scale(p))
}

/// Proximal gradient descent on the instances that are fitted to it, where it is slower.
fn plain() -> Claim<CompositeProblem> {
    let formula = "without momentum: F(x_N) − F* ≤ 2 L R² / (N + 1)²";
    Claim::bound("without_momentum_as_fast", formula)
        .assuming([smooth(), convex(), step_size(1.0, 1.0)])
        .assuming([minimiser_of_the_sum()])
        .on(Family::listed("w|x|, fitted to N", [10, 20, 50], |&n| {
            kink_under_a_slope(1.0 / (2.0 * f64::from(n)))
        }))
        .measuring(LOOKS, |p, steps| {
            let run = p.run(ProximalGradient::new(1.0 / p.smoothness()), STEPS);
            steps.read(|n| p.gap(run.at(n)))
        })
        .predicting(|p, n| textbook(n) * scale(p))
}

fn monotone() -> Claim<CompositeProblem> {
    Claim::bound("value_never_increases", "F(x_{k+1}) ≤ F(x_k)")
        .assuming([smooth(), convex(), step_size(1.0, 1.0)])
        .assuming([minimiser_of_the_sum()])
        .experiment(|p: &CompositeProblem| {
            let run = fista(p, Momentum::Sequence, STEPS);
            Curve::over(1..=STEPS, |n| p.gap(run.at(n)), |n| p.gap(run.at(n - 1)).value)
        })
}

/// w|x| from the slope that N steps walk half down.
fn kinks(momentum: Momentum) -> Family<CompositeProblem> {
    kinks_after_steps(move |n| reach(momentum, n)).map(|i| i.problem)
}

fn fista(p: &CompositeProblem, momentum: Momentum, steps: usize) -> Trajectory {
    p.run(Fista::new(1.0 / p.smoothness(), momentum), steps)
}

/// L R²
fn scale(p: &CompositeProblem) -> f64 {
    p.smoothness() * p.distance_at_start().powi(2)
}

/// 2/(N + 1)²
fn textbook(n: f64) -> f64 {
    2.0 / (n + 1.0).powi(2)
}

/// 2/(N² + 5N + 2), which is 1/(4 S_N) of the simplified momentum.
fn simple(n: f64) -> f64 {
    2.0 / (n * n + 5.0 * n + 2.0)
}

/// 1/(4 S_N)
fn sharp(momentum: Momentum, n: f64) -> f64 {
    1.0 / (4.0 * reach(momentum, n as usize))
}
