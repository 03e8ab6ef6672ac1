//! The bits that name a box: its level, then a place on a grid of so many for each weight.

use std::f64::consts::LN_2;

use theoria_elementary::{exp, ln};
use theoria_instances::sequences::powers_of_two;
use theoria_verification::{Check, Claim, Constant, Family, Hypothesis, Instance};

/// log₂ m(m + 1)
pub(crate) fn bits_of_level(levels: usize) -> f64 {
    let m = levels as f64;
    ln(m * (m + 1.0)) / LN_2
}

/// ℓ = log₂ m(m + 1) + d log₂ m
pub(crate) fn code_length(levels: usize, weights: usize) -> f64 {
    bits_of_level(levels) + weights as f64 * ln(levels as f64) / LN_2
}

/// The boxes of so many weights.
pub(crate) struct Boxes {
    weights: usize,
}

impl Instance for Boxes {
    fn description(&self) -> String {
        format!("{} weights", self.weights)
    }

    fn constants(&self) -> Vec<Constant> {
        vec![Constant::exact("d", self.weights as f64)]
    }
}

/// Σ 2^−ℓ over all boxes of at most M levels, of which the level is told in these bits.
pub(crate) fn lengths(name: &str, formula: &str, of_level: fn(usize) -> f64) -> Claim<Boxes> {
    let some = Hypothesis::new("at least one weight", |at: &Boxes, _| {
        Check::at_least(at.weights as f64, 1.0, "d")
    });
    Claim::identity(name, formula, 1e-9)
        .assuming([some])
        .on(Family::listed("weights", [1usize, 2, 16], |&weights| Boxes { weights }))
        .measuring(powers_of_two(0..=10), move |at: &Boxes, largest| {
            let share = |m: usize| {
                let bits = code_length(m, at.weights) - bits_of_level(m) + of_level(m);
                exp(at.weights as f64 * ln(m as f64) - bits * LN_2)
            };
            largest.read(|most| (1..=most as usize).map(share).sum::<f64>())
        })
        .predicting(|_, most| 1.0 - 1.0 / (most + 1.0))
}
