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
mod seen;
mod unlike;

use serde::{Deserialize, Serialize};

use self::mean::Question;
use self::seen::Seen;
use crate::judgement::Direction;
use crate::statistics::SampleMoments;
use crate::trials::{PointRecord, Sample};
use crate::{ThinnedCurve, number};

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

/// What rounding may do to a number that is 0 or 1 in the units of what is claimed.
const SLACK: f64 = 1e-9;

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

    /// What support means, with the margin: false by less may be supported.
    pub(crate) fn shown(&self) -> String {
        match *self {
            TrialJudgement::ExpectedBound { direction: Direction::AtMost, margin } => {
                format!("E Z ≤ {} × predicted", 1.0 + margin)
            }
            TrialJudgement::ExpectedBound { direction: Direction::AtLeast, margin } => {
                format!("E Z ≥ {} × predicted", 1.0 - margin)
            }
            TrialJudgement::ExpectedValue { margin } => {
                format!("|E Z − predicted| ≤ {margin} × |predicted| ({margin} where that is 0)")
            }
            TrialJudgement::ExpectedExponent { margin } => {
                format!("the exponent is the predicted one within {margin}")
            }
            TrialJudgement::Law { distance } => {
                format!("the distribution functions differ by {distance} at most")
            }
            TrialJudgement::Probability { side: Side::AtMost } => "P ≤ predicted".into(),
            TrialJudgement::Probability { side: Side::AtLeast } => "P ≥ predicted".into(),
            TrialJudgement::Probability { side: Side::Within(margin) } => {
                format!("|P − predicted| ≤ {margin}")
            }
        }
    }

    /// In how many blocks the trials run. The bootstrap of an exponent draws blocks, so it wants many.
    pub(crate) fn blocks(&self) -> usize {
        match self {
            TrialJudgement::ExpectedExponent { .. } => 64,
            _ => 16,
        }
    }

    /// How many of the largest values a block keeps: some hundreds in all. Nothing is known below the least that a block kept; of
    /// few, one block with large values by chance would hide the tail of all.
    fn largest_kept(&self) -> usize {
        (256 / self.blocks()).max(8)
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

/// Those that are finite: nearly all, as a rule.
fn finite_of(values: &[f64]) -> Vec<f64> {
    let mut finite = Vec::with_capacity(values.len());
    finite.extend(values.iter().filter(|w| w.is_finite()));
    finite
}

/// Counts those that are not finite and takes the moments of the others.
fn finite_part(values: &[f64]) -> PointRecord {
    let finite = finite_of(values);
    PointRecord {
        non_finite: (values.len() - finite.len()) as u64,
        moments: SampleMoments::of(&finite),
        size: finite.iter().map(|w| w.abs()).sum(),
        ..PointRecord::default()
    }
}

/// The largest finite values, in decreasing order.
fn largest_of(values: &[f64], most: usize) -> Vec<f64> {
    let mut finite = finite_of(values);
    let kept = finite.len().min(most);
    if finite.len() > kept && kept > 0 {
        finite.select_nth_unstable_by(kept - 1, |a, b| b.total_cmp(a));
        finite.truncate(kept);
    }
    finite.sort_by(|a, b| b.total_cmp(a));
    finite
}
