//! What is kept of the blocks of trials: enough to judge them again, and to put shards together.

use serde::{Deserialize, Serialize};

use crate::number;
use crate::statistics::SampleMoments;

/// How many trials there are to be, at most, and in how many blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Trials in a block.
    pub block_trials: usize,
    /// Blocks at most.
    pub blocks: usize,
    /// Whether all of them run, whatever the first ones say.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub all_at_once: bool,
}

impl Plan {
    /// Numbers of blocks after which the trials are judged: an eighth, a quarter, a half, all of them.
    pub(crate) fn looks(&self) -> Vec<usize> {
        if self.all_at_once {
            return vec![self.blocks];
        }
        let mut looks: Vec<usize> =
            [8, 4, 2, 1].map(|part| self.blocks.div_ceil(part).max(2)).into();
        looks.dedup();
        looks
    }
}

/// What one block of trials measured, with its number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BlockRecord {
    /// Number of the block.
    pub block: usize,
    /// One record a checkpoint.
    pub points: Vec<PointRecord>,
}

/// Something that the author of a claim said, or that its kind takes for granted, and that a trial contradicts.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Contradiction {
    /// A trial beyond the range that was said to be proved.
    Beyond(#[serde(with = "number")] f64),
    /// A trial that is neither 0 nor 1, where a probability is claimed.
    NoEvent(#[serde(with = "number")] f64),
    /// The distribution function at a trial is no probability: the trial, and the function there.
    NoProbability(#[serde(with = "number")] f64, #[serde(with = "number")] f64),
    /// The distribution function falls from the first of these places to the second.
    Falls(#[serde(with = "number")] f64, #[serde(with = "number")] f64),
}

/// What one block of trials measured at one checkpoint, in the units of the judgement.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct PointRecord {
    /// Trials that are not finite: they had diverged.
    pub non_finite: u64,
    /// Those of them that are not even a number.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub undefined: u64,
    /// What the trials contradict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contradiction: Option<Contradiction>,
    /// Sums of powers of the finite ones.
    pub moments: SampleMoments,
    /// Sum of their absolute values.
    #[serde(with = "number")]
    pub size: f64,
    /// Log-wealth of each gambler against the claim.
    #[serde(default, skip_serializing_if = "Vec::is_empty", with = "number::list")]
    pub wealth: Vec<f64>,
    /// Log-wealth of each gambler against a mean above the margin.
    #[serde(default, skip_serializing_if = "Vec::is_empty", with = "number::list")]
    pub against_more: Vec<f64>,
    /// Log-wealth of each gambler against a mean below the margin.
    #[serde(default, skip_serializing_if = "Vec::is_empty", with = "number::list")]
    pub against_less: Vec<f64>,
    /// Log-wealth of each gambler against the second moment that was told.
    #[serde(default, skip_serializing_if = "Vec::is_empty", with = "number::list")]
    pub against_square: Vec<f64>,
    /// The largest values, in decreasing order.
    #[serde(default, skip_serializing_if = "Vec::is_empty", with = "number::list")]
    pub largest: Vec<f64>,
    /// The smallest values, in increasing order.
    #[serde(default, skip_serializing_if = "Vec::is_empty", with = "number::list")]
    pub smallest: Vec<f64>,
    /// How many values of the distribution function lie in each of equal cells of [0, 1].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cells: Vec<u64>,
    /// The same for its limits from the left, where they differ.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cells_from_the_left: Vec<u64>,
}

impl PointRecord {
    /// The mean of the trials; infinite if one of them is.
    pub(crate) fn mean(&self) -> f64 {
        if self.non_finite > 0 { f64::INFINITY } else { self.moments.mean() }
    }

    /// Number of trials, finite or not.
    pub fn trials(&self) -> u64 {
        self.non_finite + self.moments.n
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

#[cfg(test)]
mod tests {
    use super::Plan;

    quickcheck::quickcheck! {
        fn looks_increase_to_the_whole(blocks: u8) -> bool {
            let plan = Plan { block_trials: 1, blocks: usize::from(blocks).max(2), all_at_once: false };
            let looks = plan.looks();
            looks.last() == Some(&plan.blocks) && looks.windows(2).all(|pair| pair[0] < pair[1])
        }
    }
}
