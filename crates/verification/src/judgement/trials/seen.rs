//! What one look at the trials sees, and what it says of it.

use super::mean::{self, Question, Shown};
use super::{
    SLACK, TrialEvidence, TrialJudgement, expected_bound, expected_exponent, expected_value, law,
    probability,
};
use crate::judgement::Direction;
use crate::trials::{BlockRecord, Contradiction, PointRecord};
use crate::{ErrorRates, Finding, Level, Severity, Verdict, Violation};
use theoria_elementary::ln;

/// The records that one look sees.
#[derive(Clone, Copy)]
pub(super) struct Seen<'a> {
    pub(super) evidence: &'a TrialEvidence,
    pub(super) blocks: &'a [BlockRecord],
    /// What this look may spend. Bets may be looked at as often as one likes: they may spend all that the instance may.
    pub(super) alpha: f64,
    /// Whether these are all the trials that there are to be.
    pub(super) whole: bool,
}

impl Seen<'_> {
    /// What these blocks say. Where the trials contradict what their author said of them, or a prediction is no number,
    /// that and nothing else.
    pub(super) fn judge(&self) -> Finding {
        if let Some(trouble) = self.trouble_with_prediction().or_else(|| self.trouble_with_trials())
        {
            return trouble;
        }
        match self.evidence.judgement {
            TrialJudgement::ExpectedBound { direction, margin } => {
                expected_bound::judge(self, direction, margin)
            }
            TrialJudgement::ExpectedValue { margin } => expected_value::judge(self, margin),
            TrialJudgement::ExpectedExponent { margin } => expected_exponent::judge(self, margin),
            TrialJudgement::Law { distance } => law::judge(self, distance),
            TrialJudgement::Probability { side } => probability::judge(self, side),
        }
    }

    /// A number of the author's that is none.
    fn trouble_with_prediction(&self) -> Option<Finding> {
        let evidence = self.evidence;
        let is_value = matches!(evidence.judgement, TrialJudgement::ExpectedValue { .. });
        let is_probability = matches!(evidence.judgement, TrialJudgement::Probability { .. });
        let is_power = matches!(evidence.judgement, TrialJudgement::ExpectedExponent { .. });
        let why = evidence.x.iter().enumerate().find_map(|(j, x)| {
            let predicted = evidence.predicted[j];
            let (least, most) = evidence.range(j);
            let beyond_all = match evidence.judgement {
                TrialJudgement::ExpectedBound { direction: Direction::AtMost, .. } => {
                    f64::NEG_INFINITY
                }
                TrialJudgement::ExpectedBound { direction: Direction::AtLeast, .. } => {
                    f64::INFINITY
                }
                _ => f64::NAN,
            };
            let fault = if predicted.is_nan() {
                "is not a number"
            } else if predicted == beyond_all {
                "is infinite on the side that no expectation reaches"
            } else if is_probability && !(-SLACK..=1.0 + SLACK).contains(&predicted) {
                "is no probability"
            } else if is_value && predicted.is_infinite() {
                "is infinite"
            } else if is_power && !(predicted > 0.0 && predicted.is_finite()) {
                "is not positive and finite, as a power is"
            } else if least.is_nan() || most.is_nan() || least > most {
                return Some(format!(
                    "the range of a trial at {x} is said to be [{least}, {most}]"
                ));
            } else {
                return None;
            };
            Some(format!("the prediction at {x}, {predicted}, {fault}"))
        });
        why.map(Finding::inconclusive)
    }

    /// A trial that is not what its author said.
    fn trouble_with_trials(&self) -> Option<Finding> {
        (0..self.points()).find_map(|j| {
            let point = self.point(j);
            if let Some(contradiction) = point.contradiction {
                return Some(Finding::inconclusive(self.contradicted(j, contradiction)));
            }
            if point.undefined > 0 {
                return Some(self.stands_on_no_side(j, point.undefined, "not a number"));
            }
            let question = self.question(j);
            let against_square = mean::largest_wealth(self, |points| vec![&points[j].against_square]);
            if question.square.is_some() && against_square >= ln(1.0 / self.evidence.alpha) {
                return Some(Finding::inconclusive(format!(
                    "the squares of the trials at {} are on average more than {}, the second moment that was said to \
                     be proved",
                    self.evidence.x[j], self.evidence.square[j]
                )));
            }
            let none = point.moments.n == 0 && point.non_finite == 0;
            none.then(|| Finding::inconclusive("no trial was run"))
        })
    }

    fn contradicted(&self, j: usize, contradiction: Contradiction) -> String {
        let x = self.evidence.x[j];
        match contradiction {
            Contradiction::Beyond(trial) => {
                let (least, most) = self.evidence.range(j);
                if trial > most {
                    format!(
                        "a trial of {trial} at {x} exceeds the bound {most} that was said to be proved"
                    )
                } else if self.evidence.judgement.presumed_range() == Some((least, most)) {
                    format!(
                        "a trial of {trial} at {x} is negative: a claim that bounds an expectation takes trials that \
                         are not, unless it says their range (`ranging`)"
                    )
                } else {
                    format!(
                        "a trial of {trial} at {x} is below {least}, the least that was said to be proved"
                    )
                }
            }
            Contradiction::NoEvent(trial) => {
                format!(
                    "a trial of {trial} at {x} is neither 0 nor 1, as the trials of a probability are"
                )
            }
            Contradiction::NoProbability(at, height) => {
                format!(
                    "the predicted distribution function is {height} at {at}, which is no probability"
                )
            }
            Contradiction::Falls(from, to) => {
                format!("the predicted distribution function falls between {from} and {to}")
            }
        }
    }

    /// What is asked of the mean at a checkpoint; of a claim that asks for none, nothing.
    pub(super) fn question(&self, j: usize) -> Question {
        let judgement = self.evidence.judgement;
        judgement.question(self.evidence, j).unwrap_or(Question {
            shift: 0.0,
            scale: 1.0,
            range: (f64::NEG_INFINITY, f64::INFINITY),
            square: None,
            at_most: None,
            at_least: None,
            below: None,
            above: None,
        })
    }

    /// Completes a finding that supports: all that had to be shown, and what it rests on.
    pub(super) fn supported(&self, finding: &mut Finding, all: &[Shown], said: &str, margin: f64) {
        let weakest = all.iter().max_by_key(|shown| shown.level);
        let overturned = all
            .iter()
            .filter_map(|shown| shown.overturned)
            .min_by(|a, b| a.size.abs().total_cmp(&b.size.abs()));
        if let Some(weakest) = weakest {
            finding.level = weakest.level;
            finding.rests_on = Some(weakest.rests_on.into());
        }
        finding.note = Some(match overturned {
            Some(overturned) => format!("{said} (margin {margin}); {overturned}"),
            None => format!(
                "{said} (margin {margin}); trials of probability {:.1e} that are not as was told of all, or no numbers, \
                 may have stayed unseen",
                mean::unseen(self, &self.point(0))
            ),
        });
    }

    /// Number of checkpoints.
    pub(super) fn points(&self) -> usize {
        self.evidence.x.len()
    }

    /// Number of trials.
    pub(super) fn trials(&self) -> u64 {
        self.blocks.iter().map(|block| block.points.first().map_or(0, PointRecord::trials)).sum()
    }

    /// Moments and counts of all blocks at a checkpoint, added in the order of the blocks. (Wealth and
    /// largest values are left out; those who need them add them their own way.)
    pub(super) fn point(&self, j: usize) -> PointRecord {
        let mut sum = PointRecord::default();
        for block in self.blocks {
            let point = &block.points[j];
            sum.non_finite += point.non_finite;
            sum.undefined += point.undefined;
            sum.contradiction = sum.contradiction.or(point.contradiction);
            sum.moments = sum.moments.plus(point.moments);
            sum.size += point.size;
            add_cells(&mut sum.cells, &point.cells);
            let left = &point.cells_from_the_left;
            add_cells(
                &mut sum.cells_from_the_left,
                if left.is_empty() { &point.cells } else { left },
            );
        }
        sum
    }

    /// The largest values at a checkpoint in decreasing order, or, where the sign is negative, the smallest ones with
    /// their signs turned. Each block recorded its own; above the largest of their least recorded values none is
    /// missing.
    pub(super) fn ends(&self, j: usize, sign: f64) -> Vec<f64> {
        let kept = self.evidence.judgement.largest_kept();
        let of = |block: &'_ BlockRecord| -> Vec<f64> {
            let point = &block.points[j];
            let ends = if sign > 0.0 { &point.largest } else { &point.smallest };
            ends.iter().map(|w| sign * w).collect()
        };
        let ends: Vec<Vec<f64>> = self.blocks.iter().map(of).collect();
        let complete_above = ends
            .iter()
            .filter(|ends| ends.len() >= kept)
            .filter_map(|ends| ends.last())
            .copied()
            .fold(f64::NEG_INFINITY, f64::max);
        let mut all: Vec<f64> = ends.concat();
        all.retain(|value| *value >= complete_above);
        all.sort_by(|a, b| b.total_cmp(a));
        all
    }

    /// A finding at a checkpoint, to be completed.
    pub(super) fn finding(
        &self,
        j: usize,
        verdict: Verdict,
        measured: f64,
        predicted: f64,
    ) -> Finding {
        Finding {
            verdict,
            at: self.evidence.x.get(j).copied().unwrap_or(f64::NAN),
            measured,
            predicted,
            severity: Severity::None,
            closeness: 0.0,
            first_violation: None,
            errors: ErrorRates::both(self.evidence.spent()),
            level: Level::Nominal,
            rests_on: None,
            note: None,
        }
    }

    /// Left open because of trials that speak for neither side.
    pub(super) fn stands_on_no_side(&self, j: usize, count: u64, what: &str) -> Finding {
        let mut finding =
            self.finding(j, Verdict::Inconclusive, f64::NAN, self.evidence.predicted[j]);
        finding.closeness = f64::INFINITY;
        finding.note = Some(format!(
            "{count} of {} trials at {} are {what}: a run that leaves the numbers stands on no side",
            self.trials(),
            self.evidence.x[j]
        ));
        finding
    }

    /// Refuted because trials are infinite, and with them their mean.
    pub(super) fn diverged(&self, j: usize, count: u64) -> Finding {
        let predicted = self.evidence.predicted[j];
        let mut finding = self.finding(j, Verdict::Refuted, f64::INFINITY, predicted);
        finding.closeness = f64::INFINITY;
        finding.level = Level::Proved;
        finding.rests_on = Some("a mean that exists has no infinite trials".into());
        finding.first_violation =
            Some(Violation { at: self.evidence.x[j], measured: f64::INFINITY, predicted });
        finding.note = Some(format!("{count} of {} trials diverged", self.trials()));
        finding
    }
}

/// Adds the counts of another block.
fn add_cells(sum: &mut Vec<u64>, more: &[u64]) {
    sum.resize(sum.len().max(more.len()), 0);
    for (all, some) in sum.iter_mut().zip(more) {
        *all = all.saturating_add(*some);
    }
}
