//! Judgements on trials: one kind of claim a file.
//!
//! Each kind says what it records of a block of trials, in which units, and what the records of many
//! blocks amount to. Judging is a pure function of the records, so that evidence can be judged again when
//! shards are put together.

mod evidence;
mod expected_bound;
mod expected_exponent;
mod expected_value;
mod fault;
mod law;
mod mean;
mod probability;

use serde::{Deserialize, Serialize};

use self::mean::{Question, Shown};
use crate::judgement::Direction;
use crate::statistics::SampleMoments;
use crate::trials::{BlockRecord, Contradiction, PointRecord, Sample};
use crate::{Finding, Level, Severity, ThinnedCurve, Verdict, number};

pub use evidence::TrialEvidence;

/// A kind of claim about trials.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TrialJudgement {
    /// E Z ≤ B (or ≥) at every checkpoint, for Z ≥ 0 or in a range that is said. It is refuted by betting against
    /// it, with proof; it is supported where E Z is shown to be below (1 + margin) B (or above (1 - margin) B): with
    /// proof where the range of a trial allows it, and nominally else.
    ExpectedBound {
        /// Which side.
        direction: Direction,
        /// How far, relative to B, the limit may lie beyond it.
        #[serde(with = "number")]
        margin: f64,
    },
    /// E Z = v at every checkpoint: E Z is shown to lie within the margin, relative to v (absolute where v is 0);
    /// with proof as far as the range of a trial is said, and nominally else.
    ExpectedValue {
        /// The margin.
        #[serde(with = "number")]
        margin: f64,
    },
    /// E Z ~ x^ρ with the exponent of the prediction.
    ExpectedExponent {
        /// The margin of the exponent.
        #[serde(with = "number")]
        margin: f64,
    },
    /// Z has the predicted law: the largest distance of the distribution functions is at most this.
    Law {
        /// The distance.
        #[serde(with = "number")]
        distance: f64,
    },
    /// P(Z = 1) is at most, at least, or within the margin of p, for Z in {0, 1}.
    Probability {
        /// How it is compared.
        side: Side,
    },
}

/// How a probability is compared with the predicted one.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Not larger.
    AtMost,
    /// Not smaller.
    AtLeast,
    /// Equal, up to this absolute margin.
    Within(#[serde(with = "number")] f64),
}

impl TrialJudgement {
    /// Its name, for people.
    pub fn kind(&self) -> &'static str {
        match self {
            TrialJudgement::ExpectedBound { direction: Direction::AtMost, .. } => "expected bound",
            TrialJudgement::ExpectedBound { direction: Direction::AtLeast, .. } => {
                "expected lower bound"
            }
            TrialJudgement::ExpectedValue { .. } => "expected value",
            TrialJudgement::ExpectedExponent { .. } => "expected exponent",
            TrialJudgement::Law { .. } => "law",
            TrialJudgement::Probability { .. } => "probability",
        }
    }

    /// In how many blocks the trials run. The bootstrap of an exponent draws blocks, so it wants many.
    pub(crate) fn blocks(&self) -> usize {
        match self {
            TrialJudgement::ExpectedExponent { .. } => 64,
            _ => 16,
        }
    }

    /// How many of the largest values a block keeps: some hundreds in all.
    fn largest_kept(&self) -> usize {
        256 / self.blocks()
    }

    /// The margin of a mean; none, 0, of a law or a probability.
    fn margin(&self) -> f64 {
        match *self {
            TrialJudgement::ExpectedBound { margin, .. }
            | TrialJudgement::ExpectedValue { margin }
            | TrialJudgement::ExpectedExponent { margin } => margin,
            TrialJudgement::Law { .. } | TrialJudgement::Probability { .. } => 0.0,
        }
    }

    /// Between what every trial lies, as far as the kind of the claim takes it for granted.
    pub(crate) fn presumed_range(&self) -> Option<(f64, f64)> {
        match self {
            TrialJudgement::ExpectedBound { .. } => Some((0.0, f64::INFINITY)),
            _ => None,
        }
    }

    /// What is asked of the mean at a checkpoint, where the claim is about a mean.
    fn question(&self, evidence: &TrialEvidence, j: usize) -> Option<Question> {
        let prediction = (evidence.predicted[j], evidence.floor[j]);
        let question = match *self {
            TrialJudgement::ExpectedBound { direction, margin } => {
                let question =
                    expected_bound::question(direction, margin, prediction, evidence.range(j));
                if evidence.attained { question.reached_as_well(margin) } else { question }
            }
            TrialJudgement::ExpectedValue { margin } => {
                expected_value::question(margin, prediction, evidence.range(j))
            }
            _ => return None,
        };
        let square = evidence.square.get(j).map(|square| square / question.scale.powi(2));
        Some(Question { square, ..question })
    }

    /// What is kept of a block; of a law, where `distribution` is the predicted function at a checkpoint and a value.
    pub(crate) fn record(
        &self,
        evidence: &TrialEvidence,
        sample: &Sample,
        distribution: Option<&dyn Fn(f64, f64) -> f64>,
    ) -> Vec<PointRecord> {
        let kept = self.largest_kept();
        let record = |(j, values): (usize, &Vec<f64>)| {
            if let Some(question) = self.question(evidence, j) {
                return question.record(values, evidence.floor[j], kept);
            }
            match (self, distribution) {
                (TrialJudgement::Law { .. }, Some(distribution)) => {
                    law::record(values, &|z| distribution(evidence.x[j], z))
                }
                (TrialJudgement::ExpectedExponent { .. }, _) => {
                    expected_exponent::record(values, evidence.predicted[j], kept)
                }
                _ => probability::record(values),
            }
        };
        sample.rows().iter().enumerate().map(record).collect()
    }

    /// Measured beside predicted, for the figure: means with an interval of 95%, or distribution functions.
    pub(crate) fn curve(&self, evidence: &TrialEvidence) -> ThinnedCurve {
        let seen = Seen { evidence, blocks: &evidence.blocks, alpha: evidence.alpha, whole: false };
        if let TrialJudgement::Law { .. } = self {
            return law::curve(&seen);
        }
        let mut curve = ThinnedCurve {
            x: evidence.x.clone(),
            measured: Vec::new(),
            uncertainty: Vec::new(),
            predicted: evidence.predicted.clone(),
        };
        for (j, &predicted) in evidence.predicted.iter().enumerate() {
            let (shift, scale) = self.units(predicted, evidence.floor[j]);
            let point = seen.point(j);
            let error = (point.moments.variance() / point.moments.n.max(1) as f64).sqrt();
            curve.measured.push(if point.non_finite > 0 {
                f64::INFINITY
            } else {
                shift + scale * point.moments.mean()
            });
            curve.uncertainty.push(1.96 * error * scale);
        }
        curve
    }

    /// A recorded w means z = shift + scale w.
    fn units(&self, predicted: f64, floor: f64) -> (f64, f64) {
        match self {
            TrialJudgement::ExpectedBound { direction, .. } => {
                (0.0, expected_bound::scale(*direction, predicted, floor))
            }
            TrialJudgement::ExpectedValue { .. } => (predicted, expected_value::scale(predicted)),
            TrialJudgement::ExpectedExponent { .. } => (0.0, predicted),
            TrialJudgement::Law { .. } | TrialJudgement::Probability { .. } => (0.0, 1.0),
        }
    }
}

/// The records that one look sees.
#[derive(Clone, Copy)]
struct Seen<'a> {
    evidence: &'a TrialEvidence,
    blocks: &'a [BlockRecord],
    /// What this look may spend. Bets may be looked at as often as one likes: they may spend all that the instance may.
    alpha: f64,
    /// Whether these are all the trials that there are to be.
    whole: bool,
}

impl Seen<'_> {
    /// What these blocks say. Where the trials contradict what their author said of them, or a prediction is no number,
    /// that and nothing else.
    fn judge(&self) -> Finding {
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
        let is_power = matches!(evidence.judgement, TrialJudgement::ExpectedExponent { .. });
        let why = evidence.x.iter().enumerate().find_map(|(j, x)| {
            let predicted = evidence.predicted[j];
            let (least, most) = evidence.range(j);
            let fault = if predicted.is_nan() {
                "is not a number"
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
            if question.square.is_some() && against_square >= (1.0 / self.evidence.alpha).ln() {
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
    fn question(&self, j: usize) -> Question {
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
    fn supported(&self, finding: &mut Finding, all: &[Shown], said: &str, margin: f64) {
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
            None => format!("{said} (margin {margin})"),
        });
    }

    /// Number of checkpoints.
    fn points(&self) -> usize {
        self.evidence.x.len()
    }

    /// Number of trials.
    fn trials(&self) -> u64 {
        self.blocks.iter().map(|block| block.points.first().map_or(0, PointRecord::trials)).sum()
    }

    /// Moments and counts of all blocks at a checkpoint, added in the order of the blocks. (Wealth and
    /// largest values are left out; those who need them add them their own way.)
    fn point(&self, j: usize) -> PointRecord {
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
    fn ends(&self, j: usize, sign: f64) -> Vec<f64> {
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
    fn finding(&self, j: usize, verdict: Verdict, measured: f64, predicted: f64) -> Finding {
        Finding {
            verdict,
            at: self.evidence.x.get(j).copied().unwrap_or(f64::NAN),
            measured,
            predicted,
            severity: Severity::None,
            closeness: 0.0,
            first_violation: None,
            errors: crate::ErrorRates::both(self.evidence.alpha),
            level: Level::Nominal,
            rests_on: None,
            note: None,
        }
    }

    /// Left open because of trials that speak for neither side.
    fn stands_on_no_side(&self, j: usize, count: u64, what: &str) -> Finding {
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
    fn diverged(&self, j: usize, count: u64) -> Finding {
        let predicted = self.evidence.predicted[j];
        let mut finding = self.finding(j, Verdict::Refuted, f64::INFINITY, predicted);
        finding.closeness = f64::INFINITY;
        finding.level = Level::Proved;
        finding.rests_on = Some("a mean that exists has no infinite trials".into());
        finding.first_violation =
            Some(crate::Violation { at: self.evidence.x[j], measured: f64::INFINITY, predicted });
        finding.note = Some(format!("{count} of {} trials diverged", self.trials()));
        finding
    }
}

/// Counts those that are not finite and takes the moments of the others.
fn finite_part(values: &[f64]) -> PointRecord {
    let finite: Vec<f64> = values.iter().copied().filter(|w| w.is_finite()).collect();
    PointRecord {
        non_finite: (values.len() - finite.len()) as u64,
        moments: SampleMoments::of(&finite),
        size: finite.iter().map(|w| w.abs()).sum(),
        ..PointRecord::default()
    }
}

/// Adds the counts of another block.
fn add_cells(sum: &mut Vec<u64>, more: &[u64]) {
    sum.resize(sum.len().max(more.len()), 0);
    for (all, some) in sum.iter_mut().zip(more) {
        *all = all.saturating_add(*some);
    }
}

/// The largest finite values, in decreasing order.
fn largest_of(values: &[f64], most: usize) -> Vec<f64> {
    let mut finite: Vec<f64> = values.iter().copied().filter(|w| w.is_finite()).collect();
    let kept = finite.len().min(most);
    if finite.len() > kept && kept > 0 {
        finite.select_nth_unstable_by(kept - 1, |a, b| b.total_cmp(a));
        finite.truncate(kept);
    }
    finite.sort_by(|a, b| b.total_cmp(a));
    finite
}
