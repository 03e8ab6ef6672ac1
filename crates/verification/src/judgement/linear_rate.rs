//! Geometric decay: the factor per step, in the long run.

use crate::curve::Point;
use crate::judgement::exponent::diverged;
use crate::judgement::slopes::SlopeInterval;
use crate::{Curve, Finding, Judgement, Severity};

/// Measured ~ predicted as geometric sequences: the logarithmic slopes per unit of the abscissa are
/// taken between the maxima of successive blocks (so that oscillation does not matter) over the
/// second half of the points above the rounding floor, and compared relative to the predicted one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LinearRate {
    margin: f64,
    blocks: usize,
}

impl Default for LinearRate {
    /// Within 5% of the predicted logarithmic slope, between 6 blocks.
    fn default() -> Self {
        LinearRate { margin: 0.05, blocks: 6 }
    }
}

impl LinearRate {
    /// With this margin, relative to the predicted slope, positive.
    #[must_use]
    pub fn within(self, margin: f64) -> Self {
        LinearRate { margin, ..self }
    }
}

impl Judgement for LinearRate {
    fn kind(&self) -> &'static str {
        "linear rate"
    }

    fn judge(&self, curve: &Curve, _attained: Option<f64>) -> Finding {
        if let Some(p) = curve.points().iter().find(|p| !p.measured.value.is_finite()) {
            return diverged(p);
        }
        let end = curve
            .points()
            .iter()
            .take_while(|p| p.measured.is_resolved() && p.measured.value > 0.0 && p.predicted > 0.0)
            .count();
        let usable = &curve.points()[end / 2..end];
        let length = usable.len() / self.blocks;
        if length == 0 {
            return Finding::inconclusive(format!(
                "a rate needs {} steps above the rounding floor; there are {end}",
                2 * self.blocks
            ));
        }
        let maxima: Vec<&Point> = usable
            .chunks_exact(length)
            .filter_map(|block| {
                block.iter().max_by(|a, b| a.measured.value.total_cmp(&b.measured.value))
            })
            .collect();
        let slopes = |value: fn(&Point) -> f64| -> Vec<f64> {
            maxima
                .windows(2)
                .map(|pair| (value(pair[1]) / value(pair[0])).ln() / (pair[1].x - pair[0].x))
                .collect()
        };
        let predicted = slopes(|p| p.predicted);
        let predicted = predicted.iter().sum::<f64>() / predicted.len() as f64;
        let Some(interval) = SlopeInterval::of(&slopes(|p| p.measured.value)) else {
            return Finding::inconclusive("the measured values have no slopes");
        };
        let margin = self.margin * predicted.abs();
        Finding {
            verdict: interval.verdict(predicted, margin),
            at: maxima[maxima.len() - 1].x,
            measured: interval.mean.exp(),
            predicted: predicted.exp(),
            severity: Severity::Resolution(interval.resolution(margin) / predicted.abs()),
            closeness: (interval.low - predicted).abs().max((interval.high - predicted).abs())
                / margin,
            first_violation: None,
            errors: crate::ErrorRates::NONE,
            level: crate::Level::Measured,
            rests_on: None,
            note: Some(format!(
                "factors per step lie in [{:.6}, {:.6}]",
                interval.low.exp(),
                interval.high.exp()
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Reading, Verdict};
    use proptest::prelude::*;

    fn judge(measured: impl Fn(u32) -> f64, rate: f64) -> Verdict {
        let curve =
            Curve::over(0..400u32, |n| Reading::new(measured(n), 1e-15), |n| rate.powi(n as i32));
        LinearRate::default().judge(&curve, None).verdict
    }

    proptest! {
        #[test]
        fn a_geometric_sequence_supports_its_rate_and_no_other(rate in 0.3..0.99f64) {
            let sequence = |n: u32| rate.powi(n as i32);
            prop_assert_eq!(judge(sequence, rate), Verdict::Supported);
            prop_assert_eq!(judge(sequence, rate.powf(1.5)), Verdict::Refuted);
        }

        // Slow enough that every block above the floor holds several oscillations.
        #[test]
        fn oscillation_never_turns_a_verdict_round(rate in 0.85..0.99f64, wobble in 0.0..0.5f64) {
            let sequence = |n: u32| rate.powi(n as i32) * (1.0 + wobble * f64::from(n).sin());
            prop_assert_ne!(judge(sequence, rate), Verdict::Refuted);
            prop_assert_ne!(judge(sequence, rate.powf(1.5)), Verdict::Supported);
        }
    }

    #[test]
    fn a_power_is_not_a_linear_rate() {
        assert_ne!(judge(|n| 1.0 / f64::from(n + 1), 0.9), Verdict::Supported);
    }
}
