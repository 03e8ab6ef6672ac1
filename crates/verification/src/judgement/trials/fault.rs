//! Records of trials that cannot be.

use super::{Side, TrialEvidence, TrialJudgement, law};
use crate::trials::{Plan, PointRecord};

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
        if self.plan.blocks != self.judgement.blocks()
            || self.plan.block_trials == 0
            || self.plan.deepened > Plan::MOST_DEEPENED
        {
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
        let told = [
            ("least trials", &self.least),
            ("largest trials", &self.most),
            ("second moments", &self.square),
        ];
        let told =
            told.map(|(what, ends)| (what, if ends.is_empty() { points } else { ends.len() }));
        for (what, length) in lengths.into_iter().chain(told) {
            if length != points {
                return Some(format!("{points} checkpoints, but {length} {what}"));
            }
        }
        let numbers = self.blocks.iter().map(|record| record.block);
        if self.blocks.is_empty()
            || !numbers.is_sorted_by(|a, b| a < b)
            || self.blocks.last().is_some_and(|record| record.block >= self.plan.all_blocks())
        {
            return Some("its blocks are none, or not numbered in order within the plan".into());
        }
        self.blocks.iter().find_map(|record| {
            let found = record.points.len();
            let fault = if found == points {
                let mut points = record.points.iter().enumerate();
                points.find_map(|(j, point)| self.fault_of(j, point))
            } else {
                Some(format!("{points} checkpoints, but {found} records"))
            };
            fault.map(|fault| format!("block {}: {fault}", record.block))
        })
    }

    fn fault_of(&self, j: usize, point: &PointRecord) -> Option<String> {
        let trials = point.non_finite.checked_add(point.moments.n);
        if trials.is_none_or(|trials| trials > MOST_TRIALS) || point.undefined > point.non_finite {
            return Some("more trials than there can be".into());
        }
        let bets = self.judgement.question(self, j).map_or([0; 4], |question| question.bets());
        let wealth =
            [&point.wealth, &point.against_more, &point.against_less, &point.against_square];
        let found = wealth.map(Vec::len);
        if found != bets {
            return Some(format!("{found:?} bets, not {bets:?}"));
        }
        let cells = usize::from(matches!(self.judgement, TrialJudgement::Law { .. })) * law::CELLS;
        let left = &point.cells_from_the_left;
        let hold_all = |counts: &[u64]| {
            let counted = counts.iter().try_fold(0u64, |sum, cell| sum.checked_add(*cell));
            counts.len() == cells && (cells == 0 || counted == Some(point.moments.n))
        };
        if !hold_all(&point.cells) || !(left.is_empty() || hold_all(left)) {
            return Some(format!("its cells do not hold its {} trials", point.moments.n));
        }
        let kept = self.judgement.largest_kept();
        if point.largest.len().max(point.smallest.len()) > kept
            || !point.largest.is_sorted_by(|a, b| a >= b)
            || !point.smallest.is_sorted_by(|a, b| a <= b)
        {
            return Some("its farthest trials are too many, or not in order".into());
        }
        None
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
}
