//! The trials of one instance, with what they are judged by.

use serde::{Deserialize, Serialize};

use super::TrialJudgement;
use super::seen::Seen;
use crate::trials::{BlockRecord, Look, Plan};
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
    /// are missing, all that there are make one look.
    pub fn judge(&self) -> Finding {
        if let Some(fault) = self.fault() {
            return Finding::inconclusive(fault);
        }
        for look in self.plan.looks(self.alpha) {
            let finding = self.seen_at(look).judge();
            let is_last = self.blocks_of(look).is_none() || look.blocks == self.plan.all_blocks();
            if finding.verdict != Verdict::Inconclusive || is_last {
                return finding;
            }
        }
        Finding::inconclusive("nobody looked at its trials")
    }

    /// What this look says, whatever earlier ones said.
    pub(crate) fn judge_at(&self, look: Look) -> Finding {
        self.fault().map_or_else(|| self.seen_at(look).judge(), Finding::inconclusive)
    }

    /// Where blocks are missing, all that there are make the look, and they are not all that there are to be.
    fn seen_at(&self, look: Look) -> Seen<'_> {
        let (blocks, whole) =
            self.blocks_of(look).map_or((&*self.blocks, false), |blocks| (blocks, look.whole));
        Seen { evidence: self, blocks, alpha: look.alpha, whole }
    }

    /// The blocks of a look, if none of them is missing.
    fn blocks_of(&self, look: Look) -> Option<&[BlockRecord]> {
        let blocks = self.blocks.get(..look.blocks)?;
        (blocks[look.blocks - 1].block == look.blocks - 1).then_some(blocks)
    }

    /// What all looks together may spend: as much again for deepening as was planned.
    pub(super) fn spent(&self) -> f64 {
        if self.plan.deepened == 0 { self.alpha } else { 2.0 * self.alpha }
    }

    /// Whether more trials may say more: those that there are decide nothing, and contradict nothing that was said
    /// of them.
    pub fn is_open(&self) -> bool {
        let is_sound = |block: &BlockRecord| {
            block.points.iter().all(|point| point.contradiction.is_none() && point.undefined == 0)
        };
        self.judge().verdict == Verdict::Inconclusive
            && self.blocks.len() == self.plan.all_blocks()
            && self.blocks.iter().all(is_sound)
            && self.plan.deepened < Plan::MOST_DEEPENED
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
}
