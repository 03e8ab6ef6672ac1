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
mod probability;

use serde::{Deserialize, Serialize};

use crate::judgement::Direction;
use crate::statistics::SampleMoments;
use crate::trials::{BlockRecord, PointRecord, Sample};
use crate::{Finding, Severity, ThinnedCurve, Verdict, number};

pub use evidence::TrialEvidence;

/// A kind of claim about trials.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TrialJudgement {
    /// E Z ≤ B (or ≥) at every checkpoint, for Z ≥ 0. Upper bounds are refuted by an e-process, which needs
    /// no assumption on the tail; supported where an upper confidence limit of E Z lies below (1 + margin) B.
    ExpectedBound {
        /// Which side.
        direction: Direction,
        /// How far, relative to B, the limit may lie beyond it.
        #[serde(with = "number")]
        margin: f64,
    },
    /// E Z = v at every checkpoint: the confidence interval lies within the margin, relative to v (absolute
    /// where v is 0).
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

    /// What is kept of a block.
    pub(crate) fn record(&self, evidence: &TrialEvidence, sample: &Sample) -> Vec<PointRecord> {
        sample
            .rows()
            .iter()
            .enumerate()
            .map(|(j, values)| {
                let kept = self.largest_kept();
                let (predicted, floor) = (evidence.predicted[j], evidence.floor[j]);
                match self {
                    TrialJudgement::ExpectedBound { .. } => {
                        expected_bound::record(values, predicted + floor, kept)
                    }
                    TrialJudgement::ExpectedValue { .. } => {
                        expected_value::record(values, predicted, kept)
                    }
                    TrialJudgement::ExpectedExponent { .. } => {
                        expected_exponent::record(values, predicted, kept)
                    }
                    TrialJudgement::Law { .. } => law::record(values),
                    TrialJudgement::Probability { .. } => finite_part(values),
                }
            })
            .collect()
    }

    /// What these blocks say, with this probability of a wrong verdict each way.
    pub(crate) fn judge(
        &self,
        evidence: &TrialEvidence,
        blocks: &[BlockRecord],
        alpha: f64,
    ) -> Finding {
        let seen = Seen { evidence, blocks, alpha };
        match *self {
            TrialJudgement::ExpectedBound { direction, margin } => {
                expected_bound::judge(&seen, direction, margin)
            }
            TrialJudgement::ExpectedValue { margin } => expected_value::judge(&seen, margin),
            TrialJudgement::ExpectedExponent { margin } => expected_exponent::judge(&seen, margin),
            TrialJudgement::Law { distance } => law::judge(&seen, distance),
            TrialJudgement::Probability { side } => probability::judge(&seen, side),
        }
    }

    /// Measured beside predicted, for the figure: means with an interval of 95%, or distribution functions.
    pub(crate) fn curve(&self, evidence: &TrialEvidence) -> ThinnedCurve {
        let seen = Seen { evidence, blocks: &evidence.blocks, alpha: evidence.alpha };
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
            TrialJudgement::ExpectedBound { .. } => (0.0, predicted + floor),
            TrialJudgement::ExpectedValue { .. } => (predicted, expected_value::scale(predicted)),
            TrialJudgement::ExpectedExponent { .. } => (0.0, predicted),
            TrialJudgement::Law { .. } | TrialJudgement::Probability { .. } => (0.0, 1.0),
        }
    }
}

/// The records that one look sees.
struct Seen<'a> {
    evidence: &'a TrialEvidence,
    blocks: &'a [BlockRecord],
    alpha: f64,
}

impl Seen<'_> {
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
            sum.moments = sum.moments.plus(point.moments);
            sum.size += point.size;
            if sum.cells.is_empty() {
                sum.cells.clone_from(&point.cells);
            } else {
                for (all, some) in sum.cells.iter_mut().zip(&point.cells) {
                    *all += some;
                }
            }
        }
        sum
    }

    /// The largest values at a checkpoint, in decreasing order. Each block recorded its own largest; above
    /// the largest of their least recorded values none is missing.
    fn largest(&self, j: usize) -> Vec<f64> {
        let kept = self.evidence.judgement.largest_kept();
        let complete_above = self
            .blocks
            .iter()
            .filter(|block| block.points[j].largest.len() == kept)
            .filter_map(|block| block.points[j].largest.last())
            .copied()
            .fold(0.0, f64::max);
        let mut all: Vec<f64> = self
            .blocks
            .iter()
            .flat_map(|block| &block.points[j].largest)
            .copied()
            .filter(|value| *value >= complete_above)
            .collect();
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
            level: crate::Level::Nominal,
            rests_on: None,
            note: None,
        }
    }

    /// Refuted because trials diverged.
    fn diverged(&self, j: usize, count: u64) -> Finding {
        let predicted = self.evidence.predicted[j];
        let mut finding = self.finding(j, Verdict::Refuted, f64::INFINITY, predicted);
        finding.closeness = f64::INFINITY;
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

/// The largest absolute values, in decreasing order.
fn largest_of(values: &[f64], most: usize) -> Vec<f64> {
    let mut sizes: Vec<f64> = values.iter().map(|w| w.abs()).filter(|w| w.is_finite()).collect();
    let kept = sizes.len().min(most);
    if sizes.len() > kept && kept > 0 {
        sizes.select_nth_unstable_by(kept - 1, |a, b| b.total_cmp(a));
        sizes.truncate(kept);
    }
    sizes.sort_by(|a, b| b.total_cmp(a));
    sizes
}
