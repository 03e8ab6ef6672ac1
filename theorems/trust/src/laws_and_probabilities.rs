#![doc = include_str!("laws_and_probabilities.md")]

use rand::RngExt;
use theoria_verification::{
    Block, Claim, Content, Draw, Effort, Family, Figure, Instance, Line, Sample, Side, Theorem,
    TrialClaim, Verdict,
};

use crate::support::simulation::{share_of, verdict};

/// What each simulated verdict may spend.
const ALPHA: f64 = 5e-2;
/// Distance of the distribution functions that a simulated law allows.
const ALLOWED: f64 = 0.1;
/// The probability that is claimed.
const CLAIMED: f64 = 0.3;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    Theorem::new("trust/laws_and_probabilities", include_str!("laws_and_probabilities.md"))
        .claim(
            at_most("false_laws_are_not_supported", Verdict::Supported, law)
                .on(truths("beyond the distance", [ALLOWED + 0.001])),
        )
        .claim(
            at_most("true_laws_are_not_refuted", Verdict::Refuted, law)
                .on(truths("as claimed, or just within the distance", [0.0, ALLOWED - 0.001])),
        )
        .claim(
            at_least("far_laws_are_refuted", Verdict::Refuted, law)
                .on(truths("twice the distance", [2.0 * ALLOWED])),
        )
        .claim(
            at_least("true_laws_are_supported", Verdict::Supported, law)
                .on(truths("as claimed", [0.0])),
        )
        .claim(
            at_most("false_probabilities_are_not_supported", Verdict::Supported, probability)
                .on(truths("beyond the margin", [0.051, -0.051])),
        )
        .claim(
            at_most("true_probabilities_are_not_refuted", Verdict::Refuted, probability)
                .on(truths("as claimed", [0.0])),
        )
        .claim(
            at_least("the_same_moments_do_not_suffice", Verdict::Refuted, two_points)
                .on(truths("two points", [0.0])),
        )
        .control(
            at_least("laws_just_beyond_the_distance_are_refuted", Verdict::Refuted, law)
                .on(truths("just beyond the distance", [ALLOWED + 0.01])),
        )
        .control(
            at_most("near_laws_are_left_open", Verdict::Supported, law)
                .on(truths("as claimed", [0.0])),
        )
        .figure(
            Figure::linear(
                "distances",
                "distance of the law from the claimed one",
                "share of checks",
            )
            .caption(
                "A law within the distance 0.1 is never refuted, one beyond it never supported.",
            )
            .showing(distances),
        )
}

/// How far the truth lies from what is claimed.
#[derive(Debug, Clone, Copy)]
struct Truth {
    distance: f64,
}

impl Instance for Truth {
    fn description(&self) -> String {
        format!("a truth at the distance {} from the claim", self.distance)
    }
}

fn truths<const N: usize>(name: &str, distances: [f64; N]) -> Family<Truth> {
    Family::listed(name, distances, |&distance| Truth { distance })
}

/// Uniform on [0, 1], but with this probability moved to 0: a law at just this distance from the uniform one.
fn moved(truth: &Truth, block: &mut Block) -> Sample {
    block.each_value(1.0, |random| {
        let uniform: f64 = random.random();
        let stays = random.random::<f64>() >= truth.distance;
        if stays { uniform } else { 0.0 }
    })
}

fn law(truth: Truth) -> TrialClaim<Truth> {
    Claim::law("simulated", "Z is uniform", ALLOWED)
        .on(Family::single("simulated", move || truth))
        .sampling(moved)
        .distributed_as(|_, _, z| z)
}

/// 1/2 ± 1/√12, each with probability 1/2: mean and variance of the uniform law.
fn two_points(truth: Truth) -> TrialClaim<Truth> {
    law(truth).sampling(|_, block| {
        let deviation = 1.0 / 12f64.sqrt();
        block.each_value(1.0, |random| 0.5 + if random.random() { deviation } else { -deviation })
    })
}

fn probability(truth: Truth) -> TrialClaim<Truth> {
    Claim::probability("simulated", "P(Z = 1) = 0.3 within 0.05", Side::Within(0.05))
        .on(Family::single("simulated", move || truth))
        .sampling(|truth: &Truth, block| {
            let p = CLAIMED + truth.distance;
            block.each_event(1.0, |random| random.random::<f64>() < p)
        })
        .predicting(|_, _| CLAIMED)
}

type Check = fn(Truth) -> TrialClaim<Truth>;

fn at_most(name: &str, counted: Verdict, check: Check) -> TrialClaim<Truth> {
    let formula = format!("P({counted}) ≤ α, α = {ALPHA}");
    Claim::probability(name, &formula, Side::AtMost)
        .sampling(move |truth: &Truth, block| {
            share_of(counted, block, |random| verdict(check(*truth), ALPHA, random))
        })
        .predicting(|_, _| ALPHA)
}

fn at_least(name: &str, counted: Verdict, check: Check) -> TrialClaim<Truth> {
    let formula = format!("P({counted}) ≥ 0.9, α = {ALPHA}");
    Claim::probability(name, &formula, Side::AtLeast)
        .trials(1024)
        .sampling(move |truth: &Truth, block| {
            share_of(counted, block, |random| verdict(check(*truth), ALPHA, random))
        })
        .predicting(|_, _| 0.9)
}

fn distances(draw: &mut Draw, effort: Effort) -> Content {
    let checks = 100 * effort.trials_factor();
    let lines = [Verdict::Supported, Verdict::Refuted, Verdict::Inconclusive]
        .map(|counted| {
            let points = (0..=20).map(|k| {
                let truth = Truth { distance: 0.01 * f64::from(k) };
                let count = (0..checks)
                    .filter(|_| verdict(law(truth), ALPHA, draw.generator()) == counted)
                    .count();
                (truth.distance, count as f64 / checks as f64)
            });
            Line::measured(&counted.to_string(), points.collect::<Vec<_>>())
        })
        .into();
    Content::Lines { lines }
}
