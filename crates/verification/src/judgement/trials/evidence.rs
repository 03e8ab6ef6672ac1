//! The trials of one instance, with what they are judged by.

use serde::{Deserialize, Serialize};

use super::TrialJudgement;
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
    pub(crate) fn curve(&self) -> ThinnedCurve {
        self.judgement.curve(self)
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
