#![doc = include_str!("expected_bounds.md")]

use theoria_verification::statistics::{SampleMoments, normal_quantile};
use theoria_verification::{
    Claim, Content, Draw, Effort, Family, Figure, Line, Severity, Side, Theorem, TrialClaim,
    Verdict,
};

use crate::support::simulation::{Law, Scaled, examined, laws, numbers, share_of, verdict};

/// Trials of each simulated check, where it is to find out ...
const TRIALS: usize = 2048;
/// ... and where its wrong verdicts are counted.
const FEW: usize = 1024;
/// What each simulated verdict may spend where wrong verdicts are counted ...
const GENEROUS: f64 = 5e-2;
/// ... and where it is to be as careful as in a run of the suite.
const CAREFUL: f64 = 1e-8;
/// The margin of the simulated claims.
const MARGIN: f64 = 0.1;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    Theorem::new("trust/expected_bounds", include_str!("expected_bounds.md"))
        .claim(
            wrong("true_bounds_are_not_refuted", Verdict::Refuted, 1.0)
                .on(laws("mean at the bound", Law::ALL, 1.0)),
        )
        .claim(
            wrong("means_beyond_the_margin_are_not_supported", Verdict::Supported, 1.5)
                .on(laws("mean at the margin", Law::ALL, 1.0 + MARGIN)),
        )
        .claim(supported("nearby_bounds_of_trials_without_variance_are_not_supported", 1.0 + MARGIN, Side::AtMost, 0.02))
        .claim(supported("far_away_bounds_of_trials_without_variance_are_supported", 0.1, Side::AtLeast, 0.9))
        .claim(
            found_out("doubled_means_are_refuted", 0.9)
                .on(laws("mean twice the bound", Law::ALL, 2.0)),
        )
        .claim(found_out("slightly_larger_means_are_refuted", 0.9).on(laws(
            "mean 1.3 times the bound",
            [Law::Coin, Law::Exponential, Law::Square],
            1.3,
        )))
        .claim(resolution("printed_resolution_is_reached", 1.0))
        .control(student("student_alone_is_safe_for_skewed_trials"))
        .control(
            found_out("means_two_percent_larger_are_refuted", 0.5)
                .on(laws("mean 1.02 times the bound", Law::ALL, 1.02)),
        )
        .control(supported("equal_bounds_of_trials_without_variance_are_supported", 1.0, Side::AtLeast, 0.5))
        .control(resolution("a_fifth_of_the_resolution_is_reached", 0.2))
        .figure(
            Figure::linear("detection", "true mean / claimed bound", "share of checks that refute")
            .caption(
                "A true bound is never refuted in the picture's checks, a false one the sooner the lighter the tail is.",
            )
            .showing(detection),
        )
}

fn bounded(scaled: Scaled, trials: usize) -> TrialClaim<Scaled> {
    Claim::expected_bound("simulated", "E Z ≤ 1")
        .within(MARGIN)
        .trials(trials)
        .on(Family::single("simulated", move || scaled))
        .sampling(|scaled, block| numbers(*scaled, block))
        .predicting(|_, _| 1.0)
}

/// At most `times` the budget.
fn wrong(name: &str, counted: Verdict, times: f64) -> TrialClaim<Scaled> {
    let formula = format!("P({counted}) ≤ {times} α, α = {GENEROUS}");
    Claim::probability(name, &formula, Side::AtMost)
        .sampling(move |scaled: &Scaled, block| {
            share_of(counted, block, |random| verdict(bounded(*scaled, FEW), GENEROUS, random))
        })
        .predicting(move |_, _| times * GENEROUS)
}

fn found_out(name: &str, at_least: f64) -> TrialClaim<Scaled> {
    let formula = format!("P(refuted with α = {CAREFUL} in {TRIALS} trials) ≥ {at_least}");
    Claim::probability(name, &formula, Side::AtLeast)
        .trials(1024)
        .sampling(|scaled: &Scaled, block| {
            share_of(Verdict::Refuted, block, |random| {
                verdict(bounded(*scaled, TRIALS), CAREFUL, random)
            })
        })
        .predicting(move |_, _| at_least)
}

/// The share of checks that support a bound, of trials without a variance whose mean is `mean` times the bound. They
/// are as many as an experiment takes unless told otherwise.
fn supported(name: &str, mean: f64, side: Side, share: f64) -> TrialClaim<Scaled> {
    const MANY: usize = 4096;
    let relation = if side == Side::AtLeast { '≥' } else { '≤' };
    let formula = format!("P(supported with α = {CAREFUL} in {MANY} trials) {relation} {share}");
    Claim::probability(name, &formula, side)
        .trials(2048)
        .on(laws("no variance", [Law::Pareto(1.6), Law::Pareto(1.9)], mean))
        .sampling(|scaled: &Scaled, block| {
            share_of(Verdict::Supported, block, |random| {
                verdict(bounded(*scaled, MANY), CAREFUL, random)
            })
        })
        .predicting(move |_, _| share)
}

/// The resolution is read off a check of a true bound, and then a bound false by `share` of it is checked.
fn resolution(name: &str, share: f64) -> TrialClaim<Scaled> {
    let light = [Law::Coin, Law::Exponential, Law::Square];
    Claim::probability(
        name,
        "P(refuted | mean = (1 + r) B) ≥ 0.97 for the printed r",
        Side::AtLeast,
    )
    .trials(2048)
    .on(laws("mean at the bound", light, 1.0))
    .sampling(move |scaled: &Scaled, block| {
        share_of(Verdict::Refuted, block, |random| {
            let whole = examined(bounded(*scaled, TRIALS).all_at_once(), CAREFUL, random);
            let Some(Severity::Expected { resolution, .. }) = whole.finding.map(|f| f.severity)
            else {
                return Verdict::Inconclusive;
            };
            let worse = Scaled { mean: 1.0 + share * resolution, ..*scaled };
            verdict(bounded(worse, TRIALS), CAREFUL, random)
        })
    })
    .predicting(|_, _| 0.97)
}

/// How often a nominal limit of 1e-3 by Student's method, without any correction, lies below the mean.
fn student(name: &str) -> TrialClaim<Scaled> {
    const NOMINAL: f64 = 1e-3;
    Claim::probability(name, "P(upper limit < mean) ≤ 0.001", Side::AtMost)
        .trials(8192)
        .on(laws("skewed", [Law::LogNormal(1.0), Law::LogNormal(2.0)], 1.0))
        .sampling(|scaled: &Scaled, block| {
            let quantile = normal_quantile(NOMINAL);
            share_of(Verdict::Refuted, block, |random| {
                let values: Vec<f64> = (0..256).map(|_| scaled.law.draw(random)).collect();
                let m = SampleMoments::of(&values);
                let limit = m.mean() + quantile * (m.variance() / m.n as f64).sqrt();
                if limit < 1.0 { Verdict::Refuted } else { Verdict::Inconclusive }
            })
        })
        .predicting(|_, _| NOMINAL)
}

fn detection(draw: &mut Draw, effort: Effort) -> Content {
    let checks = 60 * effort.trials_factor();
    let multiples: Vec<f64> = (0..=10).map(|k| 1.0 + 0.1 * f64::from(k)).collect();
    let lines = Law::ALL
        .into_iter()
        .map(|law| {
            let points = multiples.iter().map(|&mean| {
                let refuted = (0..checks)
                    .filter(|_| {
                        let claim = bounded(Scaled { law, mean }, TRIALS);
                        verdict(claim, CAREFUL, draw.generator()) == Verdict::Refuted
                    })
                    .count();
                (mean, refuted as f64 / checks as f64)
            });
            Line::measured(&law.name(), points.collect::<Vec<_>>())
        })
        .collect();
    Content::Lines { lines }
}
