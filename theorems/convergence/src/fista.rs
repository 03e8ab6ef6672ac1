#![doc = include_str!("fista.md")]

use theoria_algorithms::{Fista, Momentum, ProximalGradient, Trajectory};
use theoria_instances::CompositeProblem;
use theoria_instances::families::{
    AfterSteps, diabetes_lasso, kinks_after_steps, sparse_quadratics,
};
use theoria_verification::{Claim, Curve, Family, Figure, Theorem};

use crate::support::reach;

const STEPS: usize = 300;
/// Where the bounds are held against the run.
const LOOKS: [usize; 13] = [1, 2, 3, 5, 8, 12, 20, 30, 50, 80, 120, 200, STEPS];

/// In units of L R².
#[derive(Clone, Copy)]
struct Bound {
    formula: &'static str,
    of: fn(Momentum, f64) -> f64,
}

const TEXTBOOK: Bound =
    Bound { formula: "F(x_N) − F* ≤ 2 L R² / (N + 1)²", of: |_, n| textbook(n) };
const SHARP: Bound = Bound { formula: "F(x_N) − F* ≤ L R² / (4 S_N)", of: sharp };

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let attained = attained("attained_on_a_kink", Momentum::Sequence);
    let faster = attained
        .restated("exponent_two_point_two", "F(x_N) − F* ≤ 2 L R² / (N + 1)^2.2")
        .predicting(|i, n| 2.0 / (n + 1.0).powf(2.2) * scale(&i.problem));
    Theorem::new("convergence/fista", include_str!("fista.md"))
        .claim(everywhere(rate("one_over_n_squared", Momentum::Sequence, TEXTBOOK)))
        .claim(everywhere(rate("sharper_constant", Momentum::Sequence, SHARP)))
        .claim(everywhere(rate("simplified_momentum", Momentum::Simplified, SHARP)))
        .claim(attained)
        .claim(self::attained("simplified_momentum_attained", Momentum::Simplified))
        .control(plain())
        .control(faster)
        .control(everywhere(monotone()))
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
        .measuring(LOOKS, move |p: &CompositeProblem, steps| {
            let run = fista(p, momentum, STEPS);
            steps.read(|n| p.gap(run.at(n)))
        })
        .predicting(move |p, n| (bound.of)(momentum, n) * scale(p))
}

fn attained(name: &str, momentum: Momentum) -> Claim<AfterSteps<CompositeProblem>> {
    Claim::bound(name, SHARP.formula)
        .attained_on(kinks(momentum))
        .measuring_each(move |i: &AfterSteps<CompositeProblem>| {
            i.read(|p, n| p.gap(fista(p, momentum, n).last()))
        })
        .predicting(move |i, n| scale(&i.problem) / (4.0 * reach(momentum, n as usize)))
}

/// Proximal gradient descent on the instances that are fitted to it.
fn plain() -> Claim<AfterSteps<CompositeProblem>> {
    let formula = "F(x_N) − F* ≤ 2 L R² / (N + 1)² without momentum";
    Claim::bound("without_momentum_as_fast", formula)
        .on(kinks_after_steps(|n| n as f64))
        .measuring_each(|i| {
            i.read(|p, n| p.gap(p.run(ProximalGradient::new(1.0 / p.smoothness()), n).last()))
        })
        .predicting(|i, n| textbook(n) * scale(&i.problem))
}

fn monotone() -> Claim<CompositeProblem> {
    Claim::bound("value_never_increases", "F(x_{k+1}) ≤ F(x_k)").experiment(
        |p: &CompositeProblem| {
            let run = fista(p, Momentum::Sequence, STEPS);
            Curve::over(1..=STEPS, |n| p.gap(run.at(n)), |n| p.gap(run.at(n - 1)).value)
        },
    )
}

/// w|x| from the slope that N steps walk half down.
fn kinks(momentum: Momentum) -> Family<AfterSteps<CompositeProblem>> {
    kinks_after_steps(move |n| reach(momentum, n))
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

/// 1/(4 S_N)
fn sharp(momentum: Momentum, n: f64) -> f64 {
    1.0 / (4.0 * reach(momentum, n as usize))
}
