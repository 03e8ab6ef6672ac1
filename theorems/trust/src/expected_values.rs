#![doc = include_str!("expected_values.md")]

use theoria_elementary::{ln, powf};
use theoria_verification::{
    Claim, Content, Draw, Effort, Family, Figure, Line, Side, Theorem, TrialClaim, Verdict,
};

use crate::support::law::{Law, Scaled, laws};
use crate::support::simulation::{how_often, on_trials_of, verdict};

/// What each simulated verdict may spend.
const ALPHA: f64 = 5e-2;
const MARGIN: f64 = 0.1;
/// Trials of each simulated check.
const TRIALS: usize = 1024;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    Theorem::new("trust/expected_values", include_str!("expected_values.md"))
        .uses("trust/expected_bounds", "both sides of an equality are bets on bounds")
        .uses("trust/unseen_trials", "what a nominal support is where no range is told")
        .claim(
            at_most("false_values_are_not_supported", Verdict::Supported, told, 1.0)
                .on(laws("mean above the margin", Law::bounded(), 1.0 + MARGIN))
                .on(laws("mean below the margin", Law::bounded(), 1.0 - MARGIN)),
        )
        .claim(
            at_most("false_values_are_not_supported_nominally", Verdict::Supported, value, 2.0)
                .on(laws("mean above the margin", light(), 1.0 + MARGIN))
                .on(laws("mean below the margin", light(), 1.0 - MARGIN)),
        )
        .claim(
            at_most("true_values_are_not_refuted", Verdict::Refuted, told, 1.0)
                .on(laws("mean as predicted", Law::bounded(), 1.0)),
        )
        .claim(
            at_least("true_values_are_supported", Verdict::Supported, well_measured)
                .on(laws("mean as predicted", [Law::coin(), Law::Exponential], 1.0)),
        )
        .claim(
            at_least("false_values_are_refuted", Verdict::Refuted, told)
                .on(laws("mean three tenths too small", [Law::coin()], 0.7))
                .on(laws("mean four tenths too large", [Law::coin()], 1.4)),
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
            at_least_as("slightly_false_values_are_refuted", "P(refuted | mean within the margin) ≥ 0.9", Verdict::Refuted, told)
                .on(laws("mean within the margin", [Law::coin()], 1.0 + 0.5 * MARGIN)),
        )
        .control(
            at_least_as("values_above_the_mean_are_refuted_without_a_range", "P(refuted, told nothing of a trial) ≥ 0.9", Verdict::Refuted, value)
                .on(laws("mean half of what is claimed", [Law::Exponential, Law::coin()], 0.5)),
        )
        .control(
            at_least_as("heavy_tails_are_supported_as_well", "P(supported | log-normal trials) ≥ 0.9", Verdict::Supported, well_measured)
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

fn light() -> [Law; 3] {
    [Law::coin(), Law::Exponential, Law::Square]
}

fn value(scaled: &Scaled) -> TrialClaim<Scaled> {
    let claim = Claim::expected_value("simulated", "E Z = 1", MARGIN).trials(TRIALS);
    on_trials_of(claim.predicting(|_, _| 1.0), scaled)
}

/// With the largest trial told.
fn told(scaled: &Scaled) -> TrialClaim<Scaled> {
    let most = scaled.law.most() * scaled.mean;
    value(scaled).bounded_by(move |_, _| most)
}

/// With trials enough for its margin.
fn well_measured(scaled: &Scaled) -> TrialClaim<Scaled> {
    value(scaled).trials(4 * TRIALS)
}

/// 1 ... 2^7.
fn octaves() -> Vec<f64> {
    (0..8).map(|j| 2f64.powi(j)).collect()
}

/// E Z(x) = x^(mean - 1): the mean of the instance is the deviation of the exponent.
fn power(scaled: &Scaled) -> TrialClaim<Scaled> {
    let exponent = scaled.mean - 1.0;
    decaying(scaled, move |x| powf(x, exponent)).trials(16 * TRIALS)
}

/// E Z(x) = (1 + log x)/x, claimed to be 1/x^0.7, about the slope it shows over these octaves.
fn logarithm(scaled: &Scaled) -> TrialClaim<Scaled> {
    decaying(scaled, |x| (1.0 + ln(x)) / x).trials(2 * TRIALS).predicting(|_, x| powf(x, -0.7))
}

fn decaying(
    scaled: &Scaled,
    mean: impl Fn(f64) -> f64 + Copy + Send + Sync + 'static,
) -> TrialClaim<Scaled> {
    let scaled = scaled.clone();
    Claim::expected_exponent("simulated", "E Z(x) ~ 1/x")
        .within(MARGIN)
        .trials(TRIALS)
        .on(Family::single("simulated", move || scaled.clone()))
        .sampling(move |scaled: &Scaled, block| {
            block.each_over(octaves(), |random, x| mean(x) * scaled.law.draw(random))
        })
        .predicting(|_, x| 1.0 / x)
}

type Check = fn(&Scaled) -> TrialClaim<Scaled>;

fn at_most(name: &str, counted: Verdict, check: Check, times: f64) -> TrialClaim<Scaled> {
    let formula = format!("P({counted}) ≤ {times} α, α = {ALPHA}");
    how_often(name, &formula, Side::AtMost, counted, ALPHA, check)
        .predicting(move |_, _| times * ALPHA)
}

fn at_least(name: &str, counted: Verdict, check: Check) -> TrialClaim<Scaled> {
    let formula = format!("P({counted}) ≥ 0.9, α = {ALPHA}");
    at_least_as(name, &formula, counted, check)
}

fn at_least_as(name: &str, formula: &str, counted: Verdict, check: Check) -> TrialClaim<Scaled> {
    how_often(name, formula, Side::AtLeast, counted, ALPHA, check)
        .trials(512)
        .predicting(|_, _| 0.9)
}

fn equivalence(draw: &mut Draw, effort: Effort) -> Content {
    let checks = 100 * effort.trials_factor();
    let means: Vec<f64> = (0..=16).map(|k| 0.8 + 0.025 * f64::from(k)).collect();
    let came_out: Vec<Vec<Verdict>> = means
        .iter()
        .map(|&mean| {
            let scaled = Scaled { law: Law::coin(), mean };
            (0..checks)
                .map(|_| verdict(told(&scaled).trials(4 * TRIALS), ALPHA, draw.generator()))
                .collect()
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
