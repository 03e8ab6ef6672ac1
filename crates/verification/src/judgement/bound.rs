//! Inequalities that hold at every point.

use serde::{Deserialize, Serialize};

use crate::curve::Point;
use crate::{Curve, Finding, Judgement, Severity, Verdict, Violation};

/// Which side of the prediction the measurement must lie on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Measured ≤ predicted.
    AtMost,
    /// Measured ≥ predicted.
    AtLeast,
}

/// Measured ≤ predicted (or ≥) at every point, up to the relative slack 1e-9 and the rounding
/// floor of the measurement. Points that lie below the floor can be violated, but say nothing of the
/// tightness.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bound {
    direction: Direction,
}

/// Relative slack of comparisons: rounding in the prediction itself.
const SLACK: f64 = 1e-9;

impl Bound {
    /// A bound in this direction.
    pub fn new(direction: Direction) -> Self {
        Bound { direction }
    }

    fn violated(&self, p: &Point) -> bool {
        let slack = SLACK * p.predicted.abs() + p.measured.floor;
        // Negated, so that NaN violates.
        !match self.direction {
            Direction::AtMost => p.measured.value <= p.predicted + slack,
            Direction::AtLeast => p.measured.value >= p.predicted - slack,
        }
    }

    /// How much of the allowance is used: 1 on the bound. None where rounding hides it.
    fn ratio(&self, p: &Point) -> Option<f64> {
        let (part, whole) = match self.direction {
            Direction::AtMost => (p.measured.value, p.predicted),
            Direction::AtLeast => (p.predicted, p.measured.value),
        };
        let resolved = whole > 0.0 && whole.is_finite() && whole >= 100.0 * p.measured.floor;
        resolved.then(|| part / whole)
    }
}

impl Judgement for Bound {
    fn kind(&self) -> &'static str {
        match self.direction {
            Direction::AtMost => "bound",
            Direction::AtLeast => "lower bound",
        }
    }

    fn can_be_attained(&self) -> bool {
        true
    }

    fn judge(&self, curve: &Curve, attained: Option<f64>) -> Finding {
        let checked = || {
            curve.points().iter().filter(|p| {
                !matches!(
                    (self.direction, p.predicted),
                    (Direction::AtMost, f64::INFINITY) | (Direction::AtLeast, f64::NEG_INFINITY)
                )
            })
        };
        let first_violation = checked().find(|p| self.violated(p)).map(|p| Violation {
            at: p.x,
            measured: p.measured.value,
            predicted: p.predicted,
        });
        let tightest =
            checked().filter_map(|p| Some((p, self.ratio(p)?))).max_by(|a, b| a.1.total_cmp(&b.1));
        let Some(shown) = tightest.map(|(p, _)| p).or_else(|| checked().next()) else {
            return Finding::inconclusive("nothing was checked: the bound is infinite everywhere");
        };
        let tightness = tightest.map(|(_, ratio)| ratio);
        let mut finding = Finding {
            verdict: Verdict::Supported,
            at: shown.x,
            measured: shown.measured.value,
            predicted: shown.predicted,
            severity: tightness
                .map_or(Severity::None, |value| Severity::Tightness { value, rate: None }),
            closeness: tightness.unwrap_or(0.0),
            first_violation,
            errors: crate::ErrorRates::NONE,
            level: crate::Level::Exact,
            rests_on: None,
            note: None,
        };
        if let Some(first) = first_violation {
            finding.verdict = Verdict::Refuted;
            if tightness.is_none_or(|ratio| ratio <= 1.0) {
                (finding.at, finding.measured, finding.predicted) =
                    (first.at, first.measured, first.predicted);
                finding.closeness = f64::INFINITY;
            }
        } else if let Some(needed) = attained
            && tightness.is_none_or(|ratio| ratio < needed)
        {
            finding.verdict = Verdict::Inconclusive;
            finding.note = Some(format!(
                "claimed to be attained here, but the tightness is {:.4} and not {needed}",
                tightness.unwrap_or(0.0)
            ));
        }
        finding
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Reading;
    use proptest::prelude::*;

    fn judge(direction: Direction, measured: &[f64], predicted: &[f64]) -> Finding {
        let curve = Curve::over(0..measured.len(), |n| measured[n], |n| predicted[n]);
        Bound::new(direction).judge(&curve, None)
    }

    #[test]
    fn a_diverged_run_refutes_an_upper_bound() {
        for value in [f64::INFINITY, f64::NAN] {
            let finding = judge(Direction::AtMost, &[1.0, value], &[1.0, 1.0]);
            assert_eq!(finding.verdict, Verdict::Refuted);
            assert_eq!(finding.first_violation.unwrap().at, 1.0);
        }
    }

    #[test]
    fn below_the_rounding_floor_nothing_is_violated_and_no_tightness_is_seen() {
        let curve = Curve::at(3.0, Reading::new(2e-16, 1e-15), 1e-16);
        let finding = Bound::new(Direction::AtMost).judge(&curve, None);
        assert_eq!(finding.verdict, Verdict::Supported);
        assert_eq!(finding.severity, Severity::None);
    }

    #[test]
    fn a_bound_that_is_not_attained_as_claimed_is_not_supported() {
        let curve = Curve::at(1.0, 0.8, 1.0);
        let bound = Bound::new(Direction::AtMost);
        assert_eq!(bound.judge(&curve, None).verdict, Verdict::Supported);
        assert_eq!(bound.judge(&curve, Some(0.99)).verdict, Verdict::Inconclusive);
    }

    proptest! {
        #[test]
        fn verdict_and_tightness_agree(pairs in prop::collection::vec((0.1..10.0f64, 0.1..10.0f64), 1..20)) {
            let (measured, predicted): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
            let finding = judge(Direction::AtMost, &measured, &predicted);
            let worst = measured.iter().zip(&predicted).map(|(m, p)| m / p).fold(0.0, f64::max);
            prop_assert_eq!(finding.severity, Severity::Tightness { value: worst, rate: None });
            prop_assert_eq!(finding.verdict == Verdict::Refuted, worst > 1.0 + 2e-9);
            // A lower bound is the same with the sides exchanged.
            let mirrored = judge(Direction::AtLeast, &predicted, &measured);
            prop_assert_eq!(mirrored.verdict, finding.verdict);
        }
    }
}
