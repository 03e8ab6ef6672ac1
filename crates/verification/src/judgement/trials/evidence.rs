//! The trials of one instance, with what they are judged by.

use serde::{Deserialize, Serialize};

use super::TrialJudgement;
use super::seen::Seen;
use crate::trials::{BlockRecord, Plan};
use crate::{Finding, ThinnedCurve, Verdict, number};

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
    /// No trial is less than this at each checkpoint, as the author says or the kind of the claim takes for granted.
    #[serde(default, skip_serializing_if = "Vec::is_empty", with = "number::list")]
    pub least: Vec<f64>,
    /// No trial is more than this at each checkpoint, as the author says.
    #[serde(default, skip_serializing_if = "Vec::is_empty", with = "number::list")]
    pub most: Vec<f64>,
    /// The mean square of a trial, none of which is negative, is not more than this at each checkpoint, as the author says.
    #[serde(default, skip_serializing_if = "Vec::is_empty", with = "number::list")]
    pub square: Vec<f64>,
    /// Whether the mean is claimed to reach what is predicted at some checkpoint.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub attained: bool,
    /// Records of the blocks that were run, by their numbers.
    pub blocks: Vec<BlockRecord>,
}

impl TrialEvidence {
    /// The verdict of the first look that decides; looks come after fixed numbers of blocks. Where blocks
    /// are missing (a shard), all that there are make one look.
    pub fn judge(&self) -> Finding {
        if let Some(fault) = self.fault() {
            return Finding::inconclusive(fault);
        }
        let looks = self.plan.looks();
        let alpha = self.alpha / looks.len() as f64;
        let judge = |blocks, whole| Seen { evidence: self, blocks, alpha, whole }.judge();
        for &look in &looks {
            let seen = self.blocks.get(..look);
            let Some(seen) = seen.filter(|seen| seen[look - 1].block == look - 1) else {
                return judge(&self.blocks, false);
            };
            let last = look == self.plan.blocks;
            let finding = judge(seen, last);
            if finding.verdict != Verdict::Inconclusive || last {
                return finding;
            }
        }
        judge(&self.blocks, false)
    }

    /// Between what every trial lies at a checkpoint: as the author says, or the kind of claim takes for granted, or
    /// anywhere.
    pub(super) fn range(&self, j: usize) -> (f64, f64) {
        let least = self.least.get(j).copied();
        let most = self.most.get(j).copied();
        (least.unwrap_or(f64::NEG_INFINITY), most.unwrap_or(f64::INFINITY))
    }

    /// Measured beside predicted, over the blocks that were run.
    pub(crate) fn curve(&self) -> ThinnedCurve {
        self.judgement.curve(self)
    }

    /// Takes over the blocks that only the other has. False, and nothing is taken, if the two are not
    /// shards of one experiment.
    pub(crate) fn absorb(&mut self, other: &TrialEvidence) -> bool {
        let same = self.stream == other.stream
            && self.judgement == other.judgement
            && self.plan == other.plan
            && self.attained == other.attained
            && same_numbers(&self.x, &other.x)
            && same_numbers(&self.predicted, &other.predicted)
            && same_numbers(&self.floor, &other.floor)
            && same_numbers(&self.least, &other.least)
            && same_numbers(&self.most, &other.most)
            && same_numbers(&self.square, &other.square)
            && self.alpha.to_bits() == other.alpha.to_bits();
        if same {
            self.blocks.extend(other.blocks.iter().cloned());
            self.blocks.sort_by_key(|record| record.block);
            self.blocks.dedup_by_key(|record| record.block);
        }
        same
    }
}

/// The same to the bit.
fn same_numbers(one: &[f64], other: &[f64]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(a, b)| a.to_bits() == b.to_bits())
}
