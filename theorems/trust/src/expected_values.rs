#![doc = include_str!("expected_values.md")]

use theoria_verification::{
    Claim, Content, Draw, Effort, Family, Figure, Line, Side, Theorem, TrialClaim, Verdict,
};

use crate::support::simulation::{Law, Scaled, laws, numbers, share_of, verdict};

/// What each simulated verdict may spend.
const ALPHA: f64 = 5e-2;
const MARGIN: f64 = 0.1;
/// Trials of each simulated check.
const TRIALS: usize = 1024;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    Theorem::new("trust/expected_values", include_str!("expected_values.md"))
        .claim(
            at_most("false_values_are_not_supported", Verdict::Supported, value, 1.5)
                .on(laws("mean above the margin", Law::ALL, 1.0 + MARGIN))
                .on(laws("mean below the margin", Law::ALL, 1.0 - MARGIN)),
        )
        .claim(
            at_most("true_values_are_not_refuted", Verdict::Refuted, value, 1.5)
                .on(laws("mean as predicted", Law::ALL, 1.0)),
        )
        .claim(
            at_least("true_values_are_supported", Verdict::Supported, well_measured)
                .on(laws("mean as predicted", [Law::Coin, Law::Exponential], 1.0)),
        )
        .claim(
            at_most("false_exponents_are_not_supported", Verdict::Supported, power, 2.0)
                .trials(1024)
                .on(laws("exponent at the margin", [Law::Exponential], MARGIN)),
        )
        .claim(
            at_least("true_exponents_are_supported", Verdict::Supported, power)
                .on(laws("exponent as predicted", [Law::Exponential], 0.0)),
        )
        .claim(
            at_most("logarithms_are_not_supported", Verdict::Supported, logarithm, 2.0)
                .trials(1024)
                .on(laws("log x / x", [Law::Exponential], 1.0)),
        )
        .control(
            at_least("slightly_false_values_are_refuted", Verdict::Refuted, value)
                .on(laws("mean within the margin", [Law::Exponential], 1.0 + 0.5 * MARGIN)),
        )
        .control(
            at_most("heavy_tails_are_supported_as_well", Verdict::Inconclusive, value, 1.5)
                .on(laws("log-normal, sd 2", [Law::LogNormal(2.0)], 1.0)),
        )
        .figure(
            Figure::linear("equivalence", "true mean / predicted mean", "share of checks")
            .caption(
                "Within the margin of 0.1 an equality is supported, beyond it refuted, and near the edge left open.",
            )
            .showing(equivalence),
        )
}

fn value(scaled: Scaled) -> TrialClaim<Scaled> {
    Claim::expected_value("simulated", "E Z = 1", MARGIN)
        .trials(TRIALS)
        .on(Family::single("simulated", move || scaled))
        .sampling(|scaled, block| numbers(*scaled, block))
        .predicting(|_, _| 1.0)
}

/// With trials enough for its margin.
fn well_measured(scaled: Scaled) -> TrialClaim<Scaled> {
    value(scaled).trials(4 * TRIALS)
}

/// 1 ... 2^7.
fn octaves() -> Vec<f64> {
    (0..8).map(|j| 2f64.powi(j)).collect()
}

/// E Z(x) = x^(mean - 1): the mean of the instance is the deviation of the exponent.
fn power(scaled: Scaled) -> TrialClaim<Scaled> {
    decaying(scaled, move |x| x.powf(scaled.mean - 1.0))
}

/// E Z(x) = (1 + log x)/x, claimed to be 1/x^0.7, about the slope it shows over these octaves.
fn logarithm(scaled: Scaled) -> TrialClaim<Scaled> {
    decaying(scaled, |x| (1.0 + x.ln()) / x).trials(2 * TRIALS).predicting(|_, x| x.powf(-0.7))
}

fn decaying(
    scaled: Scaled,
    mean: impl Fn(f64) -> f64 + Copy + Send + Sync + 'static,
) -> TrialClaim<Scaled> {
    Claim::expected_exponent("simulated", "E Z(x) ~ 1/x")
        .within(MARGIN)
        .trials(TRIALS)
        .on(Family::single("simulated", move || scaled))
        .sampling(move |scaled: &Scaled, block| {
            block.each_over(octaves(), |random, x| mean(x) * scaled.law.draw(random))
        })
        .predicting(|_, x| 1.0 / x)
}

type Check = fn(Scaled) -> TrialClaim<Scaled>;

fn at_most(name: &str, counted: Verdict, check: Check, times: f64) -> TrialClaim<Scaled> {
    let formula = format!("P({counted}) ≤ {times} α, α = {ALPHA}");
    Claim::probability(name, &formula, Side::AtMost)
        .trials(4096)
        .sampling(move |scaled: &Scaled, block| {
            share_of(counted, block, |random| verdict(check(*scaled), ALPHA, random))
        })
        .predicting(move |_, _| times * ALPHA)
}

fn at_least(name: &str, counted: Verdict, check: Check) -> TrialClaim<Scaled> {
    let formula = format!("P({counted}) ≥ 0.9, α = {ALPHA}");
    Claim::probability(name, &formula, Side::AtLeast)
        .trials(512)
        .sampling(move |scaled: &Scaled, block| {
            share_of(counted, block, |random| verdict(check(*scaled), ALPHA, random))
        })
        .predicting(|_, _| 0.9)
}

fn equivalence(draw: &mut Draw, effort: Effort) -> Content {
    let checks = 100 * effort.trials_factor();
    let means: Vec<f64> = (0..=16).map(|k| 0.8 + 0.025 * f64::from(k)).collect();
    let came_out: Vec<Vec<Verdict>> = means
        .iter()
        .map(|&mean| {
            let scaled = Scaled { law: Law::Exponential, mean };
            (0..checks).map(|_| verdict(well_measured(scaled), ALPHA, draw.generator())).collect()
        })
        .collect();
    let lines = [Verdict::Supported, Verdict::Refuted, Verdict::Inconclusive]
        .map(|counted| {
            let shares = came_out.iter().map(|verdicts| {
                let count = verdicts.iter().filter(|v| **v == counted).count();
                count as f64 / checks as f64
            });
            Line::measured(&counted.to_string(), means.iter().copied().zip(shares))
        })
        .into();
    Content::Lines { lines }
}
