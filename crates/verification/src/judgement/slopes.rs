//! Local slopes of a curve and what they say of its slope in the long run.

use crate::Verdict;

/// What successive local slopes say of their limit, without any probability: the least interval
/// that holds all of them and the limit that they seem to approach.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct SlopeInterval {
    pub(super) low: f64,
    pub(super) high: f64,
    /// The mean of the slopes, which for equal spacing is the slope from end to end.
    pub(super) mean: f64,
}

impl SlopeInterval {
    /// From at least two successive slopes. Where they still drift in one direction, the drift is
    /// continued geometrically (Aitken's extrapolation) and its end belongs to the interval: a
    /// logarithmic factor, whose slope drifts ever more slowly, so widens it instead of passing as
    /// a power.
    pub(super) fn of(slopes: &[f64]) -> Option<Self> {
        if slopes.len() < 2 || slopes.iter().any(|slope| !slope.is_finite()) {
            return None;
        }
        let mut low = slopes.iter().copied().fold(f64::INFINITY, f64::min);
        let mut high = slopes.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let rises = slopes.windows(2).all(|pair| pair[1] > pair[0]);
        let falls = slopes.windows(2).all(|pair| pair[1] < pair[0]);
        if let (true, [.., a, b, c]) = (rises || falls, slopes) {
            let ratio = ((c - b) / (b - a)).min(0.9);
            let limit = c + (c - b) * ratio / (1.0 - ratio);
            low = low.min(limit);
            high = high.max(limit);
        }
        Some(SlopeInterval { low, high, mean: slopes.iter().sum::<f64>() / slopes.len() as f64 })
    }

    /// Equivalence: within `margin` of `predicted`, apart from it, or neither.
    pub(super) fn verdict(&self, predicted: f64, margin: f64) -> Verdict {
        if self.low >= predicted - margin && self.high <= predicted + margin {
            Verdict::Supported
        } else if self.high < predicted - margin || self.low > predicted + margin {
            Verdict::Refuted
        } else {
            Verdict::Inconclusive
        }
    }

    /// The smallest deviation of the truth from the prediction that would have been refuted.
    pub(super) fn resolution(&self, margin: f64) -> f64 {
        margin + (self.high - self.low)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_logarithm_does_not_pass_as_a_power() {
        // (log n)/n over n = 2^8 .. 2^16 shows a local slope of about -0.88.
        let slope = |j: f64| ((j + 1.0) / j).log2() - 1.0;
        let slopes: Vec<f64> = (11..16).map(|j| slope(f64::from(j))).collect();
        let interval = SlopeInterval::of(&slopes).unwrap();
        assert_eq!(interval.verdict(-0.88, 0.02), Verdict::Inconclusive);
        assert_ne!(interval.verdict(-1.0, 0.05), Verdict::Supported);
    }

    quickcheck::quickcheck! {
        fn no_slope_is_both_supported_and_refuted(slopes: Vec<f64>, predicted: f64) -> bool {
            match SlopeInterval::of(&slopes) {
                None => true,
                Some(i) => {
                    let wide = i.verdict(predicted, 2.0);
                    let narrow = i.verdict(predicted, 1.0);
                    // A wider margin supports more and refutes less.
                    (narrow != Verdict::Supported || wide == Verdict::Supported)
                        && (wide != Verdict::Refuted || narrow == Verdict::Refuted)
                }
            }
        }
    }
}
