//! Records of trials that cannot be.

use super::{Side, TrialEvidence, TrialJudgement, law};
use crate::statistics::LAMBDAS;
use crate::trials::PointRecord;

/// No block has so many trials, so that their numbers add without overflow.
const MOST_TRIALS: u64 = 1 << 40;

impl TrialEvidence {
    /// What is wrong with these records, if anything: numbers of things that do not agree, shares beyond their range.
    /// Records without a fault can be judged.
    pub(crate) fn fault(&self) -> Option<String> {
        let points = self.x.len();
        if !(self.alpha > 0.0 && self.alpha < 1.0) {
            return Some(format!("an error probability of {} is none", self.alpha));
        }
        if !self.judgement.is_sound() {
            return Some("the margin of its judgement is none".into());
        }
        if self.plan.blocks != self.judgement.blocks() || self.plan.block_trials == 0 {
            let plan = self.plan;
            return Some(format!(
                "{} blocks of {} trials are no plan",
                plan.blocks, plan.block_trials
            ));
        }
        if points == 0 || self.x.iter().any(|x| !x.is_finite()) {
            return Some("it has no checkpoint, or one that is no number".into());
        }
        if self.floor.iter().any(|floor| !(*floor >= 0.0 && floor.is_finite())) {
            return Some("a rounding floor is negative or no number".into());
        }
        let lengths =
            [("predictions", self.predicted.len()), ("rounding floors", self.floor.len())];
        let of_most =
            ("bounds of trials", if self.most.is_empty() { points } else { self.most.len() });
        for (what, length) in lengths.into_iter().chain([of_most]) {
            if length != points {
                return Some(format!("{points} checkpoints, but {length} {what}"));
            }
        }
        let numbers = self.blocks.iter().map(|record| record.block);
        if self.blocks.is_empty()
            || !numbers.clone().is_sorted_by(|a, b| a < b)
            || numbers.last().is_some_and(|last| last >= self.plan.blocks)
        {
            return Some("its blocks are none, or not numbered in order within the plan".into());
        }
        self.blocks.iter().find_map(|record| {
            let found = record.points.len();
            let fault = if found == points {
                record.points.iter().find_map(|point| self.judgement.fault_of(point))
            } else {
                Some(format!("{points} checkpoints, but {found} records"))
            };
            fault.map(|fault| format!("block {}: {fault}", record.block))
        })
    }
}

impl TrialJudgement {
    fn is_sound(&self) -> bool {
        let margin = match *self {
            TrialJudgement::ExpectedBound { margin, .. }
            | TrialJudgement::ExpectedValue { margin }
            | TrialJudgement::ExpectedExponent { margin } => margin,
            TrialJudgement::Law { distance } => distance,
            TrialJudgement::Probability { side: Side::Within(margin) } => margin,
            TrialJudgement::Probability { side: Side::AtMost | Side::AtLeast } => 0.0,
        };
        margin >= 0.0 && margin.is_finite()
    }

    fn fault_of(&self, point: &PointRecord) -> Option<String> {
        let trials = point.non_finite.checked_add(point.moments.n);
        let Some(trials) = trials.filter(|trials| *trials <= MOST_TRIALS) else {
            return Some("more trials than there can be".into());
        };
        let bets =
            usize::from(matches!(self, TrialJudgement::ExpectedBound { .. })) * LAMBDAS.len();
        if point.wealth.len() != bets {
            return Some(format!("{} bets, not {bets}", point.wealth.len()));
        }
        let cells = usize::from(matches!(self, TrialJudgement::Law { .. })) * law::CELLS;
        let counted = point.cells.iter().try_fold(0u64, |sum, cell| sum.checked_add(*cell));
        if point.cells.len() != cells || (cells > 0 && counted != Some(trials)) {
            return Some(format!("its cells do not hold its {trials} trials"));
        }
        let sizes = &point.largest;
        let decreasing = sizes.is_sorted_by(|a, b| a >= b);
        if sizes.len() > self.largest_kept() || !decreasing || sizes.iter().any(|size| *size < 0.0)
        {
            return Some("its largest trials are too many, or not in decreasing order".into());
        }
        None
    }
}
