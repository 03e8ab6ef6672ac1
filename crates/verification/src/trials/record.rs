//! What is kept of the trials: enough to judge them again, and to put shards together.

use serde::{Deserialize, Serialize};

use crate::evidence::{Series, number};
use crate::judgement::TrialJudgement;
use crate::statistics::Moments;
use crate::{Finding, Verdict};

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
    /// Trials that had left the numbers.
    pub non_finite: u64,
    /// Sums of powers of the others.
    pub moments: Moments,
    /// Sum of their absolute values.
    #[serde(with = "number")]
    pub size: f64,
    /// Log-wealth of each gambler against the bound.
    #[serde(default, skip_serializing_if = "Vec::is_empty", with = "number::list")]
    pub wealth: Vec<f64>,
    /// The largest absolute values, in decreasing order.
    #[serde(default, skip_serializing_if = "Vec::is_empty", with = "number::list")]
    pub largest: Vec<f64>,
    /// Counts of the values in equal cells of [0, 1].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub counts: Vec<u64>,
}

impl PointRecord {
    /// Number of trials, finite or not.
    pub fn trials(&self) -> u64 {
        self.non_finite + self.moments.n
    }
}

/// The trials of one instance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrialEvidence {
    /// Key of the random stream whose block numbers the records bear, in hexadecimal.
    pub stream: String,
    /// How they are judged.
    pub judgement: TrialJudgement,
    /// Share of the error budget that this instance may spend.
    #[serde(with = "number")]
    pub alpha: f64,
    /// How many trials there were to be.
    pub plan: Plan,
    /// Checkpoints.
    #[serde(with = "number::list")]
    pub x: Vec<f64>,
    /// Predicted at each checkpoint.
    #[serde(with = "number::list")]
    pub predicted: Vec<f64>,
    /// Rounding floor of what is measured at each checkpoint.
    #[serde(with = "number::list")]
    pub floor: Vec<f64>,
    /// A proved bound of every trial at each checkpoint, where there is one.
    #[serde(default, skip_serializing_if = "Vec::is_empty", with = "number::list")]
    pub most: Vec<f64>,
    /// Records of the blocks that were run, by their numbers.
    pub blocks: Vec<BlockRecord>,
}

impl TrialEvidence {
    /// The verdict of the first look that decides; looks come after fixed numbers of blocks. Where blocks
    /// are missing (a shard), all that there are make one look.
    pub fn judge(&self) -> Finding {
        let looks = self.plan.looks();
        let alpha = self.alpha / looks.len() as f64;
        for &look in &looks {
            let whole = self.blocks.get(..look);
            let Some(seen) = whole.filter(|seen| seen[look - 1].block == look - 1) else {
                return self.judgement.judge(self, &self.blocks, alpha);
            };
            let finding = self.judgement.judge(self, seen, alpha);
            if finding.verdict != Verdict::Inconclusive || look == self.plan.blocks {
                return finding;
            }
        }
        self.judgement.judge(self, &self.blocks, alpha)
    }

    /// Measured beside predicted, over the blocks that were run.
    pub(crate) fn series(&self) -> Series {
        self.judgement.series(self)
    }

    /// Takes over the blocks that only the other has. False, and nothing is taken, if the two are not
    /// shards of one experiment.
    pub(crate) fn absorb(&mut self, other: &TrialEvidence) -> bool {
        let same = self.stream == other.stream
            && self.judgement == other.judgement
            && self.plan == other.plan
            && self.x == other.x
            && self.alpha.to_bits() == other.alpha.to_bits();
        if same {
            self.blocks.extend(other.blocks.iter().cloned());
            self.blocks.sort_by_key(|record| record.block);
            self.blocks.dedup_by_key(|record| record.block);
        }
        same
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
