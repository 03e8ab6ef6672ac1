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
    /// How often trials were added, each time as many as there were.
    #[serde(default, skip_serializing_if = "is_never")]
    pub deepened: u32,
}

/// A look at the trials: after how many blocks, at what price, and whether no more were planned then.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Look {
    pub(crate) blocks: usize,
    /// What it may spend.
    pub(crate) alpha: f64,
    pub(crate) whole: bool,
}

impl Plan {
    /// Nobody deepens evidence more often: a million times the trials.
    pub const MOST_DEEPENED: u32 = 20;

    /// All blocks, with those of each deepening.
    pub fn all_blocks(&self) -> usize {
        self.blocks.saturating_mul(1 << self.deepened.min(Self::MOST_DEEPENED))
    }

    /// The looks at trials that may spend so much: after an eighth, a quarter, a half and all of them, each of which spends
    /// an equal share of it; then after each deepening, of which the first spends a half of the same again, the
    /// second a quarter, and so on, so that all deepenings together spend no more than that.
    pub(crate) fn looks(&self, alpha: f64) -> Vec<Look> {
        let mut planned: Vec<usize> = if self.all_at_once {
            vec![self.blocks]
        } else {
            [8, 4, 2, 1].map(|part| self.blocks.div_ceil(part).max(2)).into()
        };
        planned.dedup();
        let share = alpha / planned.len() as f64;
        let planned = planned.into_iter().map(|blocks| {
            let whole = blocks == self.blocks;
            Look { blocks, alpha: share, whole }
        });
        let deepened = (1..=self.deepened.min(Self::MOST_DEEPENED)).map(|times| {
            let blocks = Plan { deepened: times, ..*self }.all_blocks();
            Look { blocks, alpha: alpha / f64::from(1_u32 << times), whole: true }
        });
        planned.chain(deepened).collect()
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
fn is_never(count: &u32) -> bool {
    *count == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

#[cfg(test)]
mod tests {
    use super::Plan;

    fn plan(blocks: u8, deepened: u32) -> Plan {
        Plan { block_trials: 1, blocks: usize::from(blocks).max(2), all_at_once: false, deepened }
    }

    quickcheck::quickcheck! {
        fn looks_increase_to_the_whole(blocks: u8, deepened: u8) -> bool {
            let plan = plan(blocks, u32::from(deepened % 12));
            let looks = plan.looks(1.0);
            looks.last().map(|look| look.blocks) == Some(plan.all_blocks())
                && looks.windows(2).all(|pair| pair[0].blocks < pair[1].blocks)
        }

        fn looks_spend_the_whole_and_deepening_less_than_that_again(blocks: u8, deepened: u8) -> bool {
            let deepened = u32::from(deepened % 12);
            let spent = |deepened| -> f64 {
                plan(blocks, deepened).looks(1.0).iter().map(|look| look.alpha).sum()
            };
            let more = 1.0 - 0.5f64.powi(deepened.try_into().unwrap());
            (spent(0) - 1.0).abs() < 1e-12 && (spent(deepened) - 1.0 - more).abs() < 1e-12
        }
    }
}
