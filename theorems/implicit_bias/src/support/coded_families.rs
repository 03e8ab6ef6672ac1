//! Families of hypotheses with codes.

use std::f64::consts::LN_2;

use theoria_elementary::ln;
use theoria_verification::{Draw, Family};

use super::coded_hypotheses::CodedHypotheses;

/// 4096 hypotheses of 12 bits; one of each length up to 40; both at errors that 64 samples or more hide with the probability
/// 2^−ℓ/100.
pub(crate) fn listed() -> [CodedHypotheses; 3] {
    let one_of_each: Vec<(usize, f64)> = (1..=40).map(|bits| (1, f64::from(bits))).collect();
    [
        CodedHypotheses::at_the_edge(64, &[(4096, 12.0)], 0.01),
        CodedHypotheses::at_the_edge(100, &one_of_each, 0.01),
        CodedHypotheses::at_the_edge(200, &[(8, 4.0), (256, 9.0)], 0.01),
    ]
}

pub(crate) fn edges() -> Family<CodedHypotheses> {
    Family::listed("errors that samples may hide", listed(), Clone::clone)
}

/// Where (1 − p)ⁿ is as good as e^(−np).
pub(crate) fn many_samples() -> Family<CodedHypotheses> {
    let codes = [(4096, 12.0)];
    let hidden = [65_536, 262_144].map(|n| CodedHypotheses::at_the_edge(n, &codes, 0.01));
    let smallest = |at: CodedHypotheses| {
        let error = (12.0 * LN_2 - ln(0.01)) / at.samples as f64;
        at.with_errors(&[error])
    };
    let hidden = hidden.map(smallest);
    Family::listed("many samples", hidden, Clone::clone)
}

pub(crate) fn predictors() -> Family<CodedHypotheses> {
    let listed = [
        CodedHypotheses::constant_predictors(1, &[4.0; 16], 0.05),
        CodedHypotheses::constant_predictors(2, &[1.0, 2.0, 3.0, 3.0], 0.1),
        CodedHypotheses::constant_predictors(3, &[2.0; 4], 0.05),
    ];
    Family::listed("constant predictors", listed, Clone::clone)
}

/// A single hypothesis, of no bits, on two samples: where the root form comes nearest to a quarter.
pub(crate) fn one_on_two_samples() -> Family<CodedHypotheses> {
    let errors = [0.5888, 0.6, 0.65];
    Family::listed("one hypothesis on two samples", errors, |error: &f64| {
        CodedHypotheses::at_the_edge(2, &[(1, 0.0)], 0.25).with_errors(&[*error])
    })
}

/// Lengths of codes that exhaust Kraft's inequality.
fn lengths(count: usize, draw: &mut Draw) -> Vec<f64> {
    let shares: Vec<f64> = (0..count).map(|_| draw.log_uniform(0.01, 1.0)).collect();
    let sum: f64 = shares.iter().sum();
    shares.iter().map(|share| ln(sum / share) / LN_2).collect()
}

/// One to three hypotheses with any dependence between their errors, on up to five samples.
pub(crate) fn joint() -> Family<CodedHypotheses> {
    Family::drawn("joint errors", |draw| {
        let (count, samples) = (draw.size(1..=3), draw.size(1..=5));
        let lengths = lengths(count, draw);
        let shares: Vec<f64> = (0..1 << count).map(|_| draw.including_ends(0.0, 1.0)).collect();
        let sum = shares.iter().sum::<f64>();
        // Wrong on everything, if no pattern has any share.
        let shares = shares.iter().enumerate().map(|(pattern, share)| {
            if sum > 0.0 { share / sum } else { f64::from(u8::from(pattern + 1 == 1 << count)) }
        });
        CodedHypotheses::with_patterns(samples, &lengths, &shares.collect::<Vec<_>>())
    })
    .with_draws(60)
}

pub(crate) fn independent() -> Family<CodedHypotheses> {
    Family::drawn("independent errors", |draw| {
        let samples = draw.size(20..=200);
        let groups = draw.size(1..=6);
        let alike: Vec<(usize, f64)> = lengths(groups, draw)
            .into_iter()
            .map(|bits| {
                let count = draw.size(1..=64);
                (count, bits + ln(count as f64) / LN_2)
            })
            .collect();
        let errors = alike.iter().map(|_| draw.log_uniform(0.02, 0.9)).collect::<Vec<_>>();
        CodedHypotheses::at_the_edge(samples, &alike, 0.1).with_errors(&errors)
    })
}
