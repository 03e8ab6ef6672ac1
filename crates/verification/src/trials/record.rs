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
}

impl Plan {
    /// Numbers of blocks after which the trials are judged: an eighth, a quarter, a half, all of them.
    pub(crate) fn looks(&self) -> Vec<usize> {
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

/// What one block of trials measured at one checkpoint, in the units of the judgement.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct PointRecord {
    /// Trials that had diverged.
    pub non_finite: u64,
    /// Sums of powers of the others.
    pub moments: SampleMoments,
    /// Sum of their absolute values.
    #[serde(with = "number")]
    pub size: f64,
    /// Log-wealth of each gambler against the bound.
    #[serde(default, skip_serializing_if = "Vec::is_empty", with = "number::list")]
    pub wealth: Vec<f64>,
    /// The largest absolute values, in decreasing order.
    #[serde(default, skip_serializing_if = "Vec::is_empty", with = "number::list")]
    pub largest: Vec<f64>,
    /// How many values lie in each of equal cells of [0, 1].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cells: Vec<u64>,
}

impl PointRecord {
    /// Number of trials, finite or not.
    pub fn trials(&self) -> u64 {
        self.non_finite + self.moments.n
    }
}

#[cfg(test)]
mod tests {
    use super::Plan;

    quickcheck::quickcheck! {
        fn looks_increase_to_the_whole(blocks: u8) -> bool {
            let plan = Plan { block_trials: 1, blocks: usize::from(blocks).max(2) };
            let looks = plan.looks();
            looks.last() == Some(&plan.blocks) && looks.windows(2).all(|pair| pair[0] < pair[1])
        }
    }
}
