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
        let looks = self.plan.looks(self.alpha);
        let judge = |blocks, Look { alpha, whole, .. }| {
            Seen { evidence: self, blocks, alpha, whole }.judge()
        };
        for &look in &looks {
            let seen = self.blocks.get(..look.blocks);
            let Some(seen) = seen.filter(|seen| seen[look.blocks - 1].block == look.blocks - 1)
            else {
                return judge(&self.blocks, Look { whole: false, ..look });
            };
            let finding = judge(seen, look);
            if finding.verdict != Verdict::Inconclusive || look.blocks == self.plan.all_blocks() {
                return finding;
            }
        }
        Finding::inconclusive("nobody looked at its trials")
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
