//! What is claimed of signals, gradients and weights.

use rand::RngExt;
use statrs::distribution::{ChiSquared, ContinuousCDF, Normal};
use theoria_verification::{Block, Claim, Family, Hypothesis, Sample, TrialClaim};

use super::networks::{Networks, Weights};
use super::reference::critical_factor;
use crate::play::Student;

/// How far a mean may be off: a wrong factor, in a single layer, is off by more.
const MARGIN: f64 = 0.3;
/// Squares beyond it count as this, so that a trial has a range whatever weights a solution answers. For weights that are right it takes
/// at most E Z²/10 off a mean, which is below 0.25 on all that is tried.
const MOST: f64 = 10.0;

fn normal() -> Hypothesis<Networks> {
    Hypothesis::by_construction("independent normal numbers", "the grader draws them")
}

/// E |xˡ|²/n_l = |x⁰|²/n_0.
pub(super) fn signals(name: &str, student: &Student) -> TrialClaim<Networks> {
    let student = student.clone();
    Claim::expected_value(
        name,
        "E |xˡ|²/n_l = |x⁰|²/n_0 = 1 in every layer l (squares above 10 count as 10)",
        MARGIN,
    )
    .assuming([normal()])
    .trials(1 << 11)
    .sampling(move |networks: &Networks, block| {
        by_layer(networks, &student, block, 1..=networks.depth(), Weights::signals)
    })
    .ranging(|_, _| (0.0, MOST))
    .predicting(|_, _| 1.0)
}

/// E |∇(v·x^L)|² = |v|².
pub(super) fn gradients(name: &str, student: &Student) -> TrialClaim<Networks> {
    let student = student.clone();
    Claim::expected_value(
        name,
        "E |∇(v·x^L)|² = |v|² = 1 by the signal of every layer l (squares above 10 count as 10)",
        MARGIN,
    )
    .assuming([normal()])
    .trials(1 << 11)
    .sampling(move |networks: &Networks, block| {
        by_layer(networks, &student, block, (0..networks.depth()).rev(), Weights::gradients)
    })
    .ranging(|_, _| (0.0, MOST))
    .predicting(|_, _| 1.0)
}

/// A trial is a network, of which each of these layers is measured.
fn by_layer<'n>(
    networks: &'n Networks,
    student: &Student,
    block: &mut Block,
    layers: impl Iterator<Item = usize>,
    measured: impl Fn(&Weights<'n>) -> Vec<f64>,
) -> Sample {
    let places: Vec<f64> = layers.map(|layer| layer as f64).collect();
    block.each(&places, |random| {
        let weights = networks.drawn_by(student, random);
        weights.map_or_else(
            || vec![f64::NAN; places.len()],
            |weights| {
                // What is no number stays none, which `min` would not see.
                let limited = |square: f64| square.clamp(0.0, MOST);
                measured(&weights).into_iter().map(limited).collect()
            },
        )
    })
}

/// Single weights, the sum of all weights of a network, and the sum of the squares of those of the first layer, which tells whether their
/// size is as random as it should be; in units of their deviations.
pub(super) fn law(student: &Student) -> TrialClaim<Networks> {
    let student = student.clone();
    let formula = "of entries W/(c/n)^½: one, and the sum of all k over √k, is standard normal, and the sum of the squares of the k in the first \
                   layer has the law χ² (a distance of the laws)";
    Claim::law("law", formula, 0.05)
        .assuming([normal()])
        .on(Family::listed("small networks", [0.0, 0.5], |&slope| Networks {
            widths: vec![3, 4, 2, 3],
            slope,
        }))
        .trials(1 << 15)
        .sampling(move |networks: &Networks, block| {
            let sizes = networks.sizes();
            let (first, all) = (sizes[0], sizes.iter().sum::<usize>());
            block.each(&[1.0, first as f64, all as f64], |random| {
                let weights = networks.drawn_by(&student, random);
                weights.map_or_else(
                    || vec![f64::NAN; 3],
                    |weights| {
                        let entries = standardised(networks, &weights);
                        let one = entries[random.random_range(0..all)];
                        let squares = entries[..first].iter().map(|entry| entry * entry).sum();
                        vec![one, squares, entries.iter().sum::<f64>() / (all as f64).sqrt()]
                    },
                )
            })
        })
        .distributed_as(|networks, count, z| match count == networks.sizes()[0] as f64 {
            true => ChiSquared::new(count).map_or(f64::NAN, |law| law.cdf(z)),
            false => Normal::standard().cdf(z),
        })
}

/// All weights over their deviations.
fn standardised(networks: &Networks, weights: &Weights<'_>) -> Vec<f64> {
    let layers = (1..).zip(weights.layers());
    let over_deviations = |(layer, entries): (usize, &Vec<f64>)| {
        let last = layer == networks.depth();
        let factor = if last { 1.0 } else { critical_factor(networks.slope) };
        let deviation = (factor / networks.widths[layer - 1] as f64).sqrt();
        entries.iter().map(|entry| entry / deviation).collect::<Vec<f64>>()
    };
    layers.flat_map(over_deviations).collect()
}
