//! Powers of the abscissa, in the long run.

use crate::curve::Point;
use crate::judgement::slopes::SlopeInterval;
use crate::{Curve, Finding, Judgement, Severity, Verdict};

/// Measured ~ predicted as powers of the abscissa: both slopes are taken between points whose
/// abscissae double, over the last octaves above the rounding floor. Only the exponent of the
/// predicted curve matters, not its constant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Exponent {
    margin: f64,
    octaves: usize,
}

impl Default for Exponent {
    /// Within 0.05, over the last 5 octaves.
    fn default() -> Self {
        Exponent { margin: 0.05, octaves: 5 }
    }
}

impl Exponent {
    /// With this margin of the exponent, positive.
    #[must_use]
    pub fn within(self, margin: f64) -> Self {
        Exponent { margin, ..self }
    }

    /// Over this many octaves, at least 3.
    #[must_use]
    pub fn over_octaves(self, octaves: usize) -> Self {
        Exponent { octaves: octaves.max(3), ..self }
    }

    /// The last points, each at about half of the next one's abscissa.
    fn dyadic<'a>(&self, curve: &'a Curve) -> Vec<&'a Point> {
        let mut picked: Vec<&Point> = Vec::new();
        let usable = |p: &&Point| {
            p.measured.is_resolved() && p.measured.value > 0.0 && p.predicted > 0.0 && p.x > 0.0
        };
        // A curve that has fallen below its floor has ended there.
        let end = curve.points().iter().take_while(|p| usable(p) || p.x <= 0.0).count();
        for p in curve.points()[..end].iter().rev().filter(usable) {
            match picked.last() {
                Some(last) if p.x > 0.5001 * last.x => {}
                _ => picked.push(p),
            }
            if picked.len() > self.octaves {
                break;
            }
        }
        picked.reverse();
        picked
    }
}

impl Judgement for Exponent {
    fn kind(&self) -> &'static str {
        "exponent"
    }

    fn judge(&self, curve: &Curve, _attained: Option<f64>) -> Finding {
        if let Some(p) = curve.points().iter().find(|p| !p.measured.value.is_finite()) {
            return diverged(p);
        }
        let points = self.dyadic(curve);
        if points.len() <= self.octaves {
            return Finding::inconclusive(format!(
                "an exponent needs {} octaves above the rounding floor; there are {}",
                self.octaves,
                points.len().saturating_sub(1)
            ));
        }
        let slopes = |value: fn(&Point) -> f64| -> Vec<f64> {
            points
                .windows(2)
                .map(|pair| (value(pair[1]) / value(pair[0])).ln() / (pair[1].x / pair[0].x).ln())
                .collect()
        };
        let predicted = slopes(|p| p.predicted);
        let predicted = predicted.iter().sum::<f64>() / predicted.len() as f64;
        let Some(interval) = SlopeInterval::of(&slopes(|p| p.measured.value)) else {
            return Finding::inconclusive("the measured values have no slopes");
        };
        Finding {
            verdict: interval.verdict(predicted, self.margin),
            at: points[points.len() - 1].x,
            measured: interval.mean,
            predicted,
            severity: Severity::Resolution(interval.resolution(self.margin)),
            closeness: (interval.low - predicted).abs().max((interval.high - predicted).abs())
                / self.margin,
            first_violation: None,
            errors: crate::ErrorRates::NONE,
            level: crate::Level::Measured,
            rests_on: None,
            note: Some(format!(
                "local exponents over {} octaves and their extrapolation lie in [{:.4}, {:.4}]",
                self.octaves, interval.low, interval.high
            )),
        }
    }
}

/// A curve that leaves the numbers follows no rate of decay.
pub(super) fn diverged(p: &Point) -> Finding {
    Finding {
        verdict: Verdict::Refuted,
        at: p.x,
        measured: p.measured.value,
        predicted: p.predicted,
        severity: Severity::None,
        closeness: f64::INFINITY,
        first_violation: Some(crate::Violation {
            at: p.x,
            measured: p.measured.value,
            predicted: p.predicted,
        }),
        errors: crate::ErrorRates::NONE,
        level: crate::Level::Measured,
        rests_on: None,
        note: Some("the run diverged".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Reading;
    use proptest::prelude::*;

    fn judge(measured: impl FnMut(u32) -> f64, predicted: f64) -> Verdict {
        let mut measured = measured;
        let curve = Curve::over(
            1..=4096u32,
            |n| Reading::new(measured(n), 1e-16),
            |n| f64::from(n).powf(predicted),
        );
        Exponent::default().judge(&curve, None).verdict
    }

    proptest! {
        #[test]
        fn a_power_supports_its_exponent_and_refutes_others(
            exponent in -3.0..-0.2f64, constant in 0.1..100.0f64, off in 0.12..1.0f64,
        ) {
            let power = |n: u32| constant * f64::from(n).powf(exponent);
            prop_assert_eq!(judge(power, exponent), Verdict::Supported);
            prop_assert_eq!(judge(power, exponent - off), Verdict::Refuted);
            prop_assert_eq!(judge(power, exponent + off), Verdict::Refuted);
        }
    }

    #[test]
    fn lower_order_terms_die_out() {
        assert_eq!(
            judge(|n| 1.0 / f64::from(n) + 3.0 / f64::from(n * n), -1.0),
            Verdict::Supported
        );
    }

    #[test]
    fn too_few_octaves_say_nothing() {
        let curve = Curve::over(1..=8u32, |n| 1.0 / f64::from(n), |n| 1.0 / f64::from(n));
        assert_eq!(Exponent::default().judge(&curve, None).verdict, Verdict::Inconclusive);
    }

    #[test]
    fn nothing_is_fitted_below_the_floor() {
        let saturated = |n: u32| Reading::new((1.0 / f64::from(n).powi(4)).max(1e-10), 1e-11);
        let curve = Curve::over(1..=1 << 16, saturated, |n| f64::from(n).powi(-4));
        assert_eq!(Exponent::default().judge(&curve, None).verdict, Verdict::Supported);
    }
}
