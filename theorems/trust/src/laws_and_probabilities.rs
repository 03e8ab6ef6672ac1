#![doc = include_str!("laws_and_probabilities.md")]

use rand::RngExt;
use theoria_verification::statistics::{LawTest, StatisticalTest};
use theoria_verification::{
    Block, Claim, Content, Draw, Effort, ErrorRates, Family, Figure, Instance, Line, Sample, Side,
    Theorem, TrialClaim, Verdict,
};

use crate::support::simulation::{how_often, verdict};

/// What each simulated verdict may spend.
const ALPHA: f64 = 5e-2;
/// Trials of each simulated law.
const TRIALS: usize = 1024;
/// Distance of the distribution functions that a simulated law allows.
const ALLOWED: f64 = 0.1;
/// The probability that is claimed.
const CLAIMED: f64 = 0.3;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    Theorem::new("trust/laws_and_probabilities", include_str!("laws_and_probabilities.md"))
        .stands_alone(
            "the inequality of Dvoretzky, Kiefer and Wolfowitz, and the interval of Clopper and \
             Pearson",
        )
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
        .claim(
            at_most("true_laws_with_atoms_are_not_refuted", Verdict::Refuted, heads)
                .on(truths("fair coins", [0.0])),
        )
        .claim(
            at_least("true_laws_with_atoms_are_supported", Verdict::Supported, heads)
                .on(truths("fair coins", [0.0])),
        )
        .claim(
            at_most("false_laws_with_atoms_are_not_supported", Verdict::Supported, heads)
                .on(truths("coins that are off by 0.05", [0.05])),
        )
        .claim(
            at_least("as_many_trials_as_are_needed_suffice", Verdict::Refuted, just_enough)
                .on(truths("0.05 beyond the distance", [ALLOWED + 0.05])),
        )
        .control(
            at_least_as(
                "laws_five_percent_beyond_the_distance_are_refuted",
                "P(refuted | distance 1.05 times the allowed one) ≥ 0.9",
                Verdict::Refuted,
                law,
            )
            .on(truths("five percent beyond the distance", [1.05 * ALLOWED])),
        )
        .control(
            at_least_as(
                "probabilities_off_by_two_percent_are_refuted",
                "P(refuted | 0.02 beyond the margin) ≥ 0.9",
                Verdict::Refuted,
                probability,
            )
            .on(truths("0.02 beyond the margin", [0.07])),
        )
        .control(
            at_most_as(
                "near_laws_are_left_open",
                "P(supported | the law is as claimed) ≤ α, α = 0.05",
                Verdict::Supported,
                law,
            )
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

fn law(&truth: &Truth) -> TrialClaim<Truth> {
    Claim::law("simulated", "Z is uniform", ALLOWED)
        .trials(TRIALS)
        .on(Family::single("simulated", move || truth))
        .sampling(moved)
        .distributed_as(|_, _, z| z)
}

/// 1/2 ± 1/√12, each with probability 1/2: mean and variance of the uniform law.
fn two_points(&truth: &Truth) -> TrialClaim<Truth> {
    law(&truth).sampling(|_, block| {
        let deviation = 1.0 / 12f64.sqrt();
        block.each_value(1.0, |random| 0.5 + if random.random() { deviation } else { -deviation })
    })
}

fn probability(&truth: &Truth) -> TrialClaim<Truth> {
    Claim::probability("simulated", "P(Z = 1) = 0.3 within 0.05", Side::Within(0.05))
        .on(Family::single("simulated", move || truth))
        .sampling(|truth: &Truth, block| {
            let p = CLAIMED + truth.distance;
            block.each_event(1.0, |random| random.random::<f64>() < p)
        })
        .predicting(|_, _| CLAIMED)
}

/// Heads of ten coins, as a law with atoms; the coins are off by the distance.
fn heads(&truth: &Truth) -> TrialClaim<Truth> {
    Claim::law("simulated", "heads of ten fair coins", ALLOWED)
        .trials(TRIALS)
        .on(Family::single("simulated", move || truth))
        .sampling(|truth: &Truth, block| {
            let p = 0.5 + truth.distance;
            block.each_value(1.0, |random| {
                f64::from((0..10).map(|_| u32::from(random.random::<f64>() < p)).sum::<u32>())
            })
        })
        .distributed_as(|_, _, heads| {
            // Of 1024 sequences of ten coins.
            const UP_TO: [f64; 11] =
                [1.0, 11.0, 56.0, 176.0, 386.0, 638.0, 848.0, 968.0, 1013.0, 1023.0, 1024.0];
            if heads < 0.0 { 0.0 } else { UP_TO[(heads as usize).min(10)] / 1024.0 }
        })
}

/// With as many trials as it takes to see 0.05 more than is allowed in nine of ten checks; they are split over the looks.
fn just_enough(&truth: &Truth) -> TrialClaim<Truth> {
    let rates = ErrorRates { wrong_refutation: ALPHA / 4.0, wrong_support: 0.1 };
    let needed = LawTest { distance: ALLOWED }.trials_needed(0.05, rates);
    law(&truth).trials(needed as usize)
}

type Check = fn(&Truth) -> TrialClaim<Truth>;

fn at_most(name: &str, counted: Verdict, check: Check) -> TrialClaim<Truth> {
    at_most_as(name, &format!("P({counted}) ≤ α, α = {ALPHA}"), counted, check)
}

fn at_most_as(name: &str, formula: &str, counted: Verdict, check: Check) -> TrialClaim<Truth> {
    how_often(name, formula, Side::AtMost, counted, ALPHA, check).predicting(|_, _| ALPHA)
}

fn at_least(name: &str, counted: Verdict, check: Check) -> TrialClaim<Truth> {
    at_least_as(name, &format!("P({counted}) ≥ 0.9, α = {ALPHA}"), counted, check)
}

fn at_least_as(name: &str, formula: &str, counted: Verdict, check: Check) -> TrialClaim<Truth> {
    how_often(name, formula, Side::AtLeast, counted, ALPHA, check)
        .trials(1024)
        .predicting(|_, _| 0.9)
}

fn distances(draw: &mut Draw, effort: Effort) -> Content {
    let checks = 60 * effort.trials_factor();
    let distances: Vec<f64> = (0..=20).map(|k| 0.01 * f64::from(k)).collect();
    let came_out: Vec<Vec<Verdict>> = distances
        .iter()
        .map(|&distance| {
            let truth = Truth { distance };
            (0..checks).map(|_| verdict(law(&truth), ALPHA, draw.generator())).collect()
        })
        .collect();
    let lines = [Verdict::Supported, Verdict::Refuted, Verdict::Inconclusive]
        .map(|counted| {
            let shares = came_out.iter().map(|verdicts| {
                let count = verdicts.iter().filter(|verdict| **verdict == counted).count();
                count as f64 / checks as f64
            });
            Line::measured(&counted.to_string(), distances.iter().copied().zip(shares))
        })
        .into();
    Content::Lines { lines }
}
