//! Equalities.

use crate::{Curve, Finding, Judgement, Severity, Verdict, Violation};

/// Measured = predicted at every point, within a relative tolerance (absolute where the prediction
/// is 0). It is refuted where even the rounding floor cannot explain the deviation, and supported
/// only by points at which the floor is below the tolerance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Identity {
    tolerance: f64,
}

impl Identity {
    /// An identity within this tolerance, positive.
    pub fn new(tolerance: f64) -> Self {
        Identity { tolerance }
    }
}

impl Judgement for Identity {
    fn kind(&self) -> &'static str {
        "identity"
    }

    fn judge(&self, curve: &Curve, _attained: Option<f64>) -> Finding {
        let mut worst: Option<(f64, Violation)> = None;
        let mut first_violation = None;
        let mut all_within = true;
        for p in curve.points() {
            let scale = if p.predicted == 0.0 { 1.0 } else { p.predicted.abs() };
            let margin = self.tolerance * scale;
            if p.measured.floor > margin {
                continue;
            }
            let deviation = if p.measured.value == p.predicted {
                0.0
            } else {
                (p.measured.value - p.predicted).abs()
            };
            let here = Violation { at: p.x, measured: p.measured.value, predicted: p.predicted };
            let refutes = deviation.is_nan() || deviation - p.measured.floor > margin;
            if refutes && first_violation.is_none() {
                first_violation = Some(here);
            }
            all_within &= deviation + p.measured.floor <= margin;
            let relative = if deviation.is_nan() { f64::INFINITY } else { deviation / margin };
            if worst.is_none_or(|(most, _)| relative > most) {
                worst = Some((relative, here));
            }
        }
        let Some((closeness, shown)) = worst else {
            return Finding::inconclusive(
                "nothing was checked: the rounding floor exceeds the tolerance at every point",
            );
        };
        Finding {
            verdict: match first_violation {
                Some(_) => Verdict::Refuted,
                None if all_within => Verdict::Supported,
                None => Verdict::Inconclusive,
            },
            at: shown.at,
            measured: shown.measured,
            predicted: shown.predicted,
            severity: Severity::Resolution(self.tolerance),
            closeness,
            first_violation,
            errors: crate::ErrorRates::NONE,
            level: crate::Level::Exact,
            rests_on: None,
            note: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Reading;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn deviations_within_the_tolerance_are_supported_and_beyond_it_refuted(
            value in 0.1..10.0f64, excess in -3.0..3.0f64,
        ) {
            prop_assume!((excess.abs() - 1.0).abs() > 1e-3);
            let curve = Curve::at(1.0, value * (1.0 + 1e-6 * excess), value);
            let finding = Identity::new(1e-6).judge(&curve, None);
            let expected = if excess.abs() < 1.0 { Verdict::Supported } else { Verdict::Refuted };
            prop_assert_eq!(finding.verdict, expected);
        }
    }

    #[test]
    fn what_rounding_hides_is_inconclusive() {
        let curve = Curve::at(1.0, Reading::new(1.0, 1e-3), 1.0);
        assert_eq!(Identity::new(1e-6).judge(&curve, None).verdict, Verdict::Inconclusive);
    }

    #[test]
    fn equal_infinities_agree_and_nan_does_not() {
        let curve = Curve::at(1.0, f64::NAN, 1.0);
        assert_eq!(Identity::new(1e-6).judge(&curve, None).verdict, Verdict::Refuted);
    }
}
