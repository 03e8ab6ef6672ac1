//! Local slopes of a curve and what they say of its slope in the long run.

use crate::Verdict;
use crate::judgement::envelope::LocalSlope;

/// What successive local slopes say of their limit, without any probability: the least interval
/// that holds all of them and the limits that they seem to approach.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct SlopeInterval {
    pub(super) low: f64,
    pub(super) high: f64,
    /// The mean of the slopes.
    pub(super) mean: f64,
}

/// A drift is continued as if it fell off no slower than 1/(t + a) with at most so many of the stretches that it was
/// seen on between its origin and its end: what drifts even less is not told from what stands still.
const MOST_STRETCHES: f64 = 50.0;
/// How well the way from the last slope to the limit is known, relative to its length.
const UNKNOWN: f64 = 0.2;

impl SlopeInterval {
    /// From at least three successive slopes, at increasing positions.
    ///
    /// Where they drift in one direction, by more than rounding, the drift is continued as b/(t + a) through the last
    /// three. This is what the logarithmic slope of a power with a logarithmic factor does in t = log N, whatever the
    /// base or the scale within the logarithm, and that of Nᵏ ρᴺ in t = N; a geometric drift ends on the way. Else a
    /// line in 1/t is laid through all slopes, and one through all but the first. The limits belong to the interval:
    /// so a logarithm widens it instead of passing as a power.
    pub(super) fn of(slopes: &[LocalSlope]) -> Option<Self> {
        if slopes.len() < 3 || slopes.iter().any(|s| !s.value.is_finite() || !s.error.is_finite()) {
            return None;
        }
        let limits = match continued(slopes) {
            Some(limit) => vec![limit],
            None => [slopes, &slopes[1..]].into_iter().filter_map(by_least_squares).collect(),
        };
        let seen = || slopes.iter().map(|s| (s.value, s.error)).chain(limits.iter().copied());
        Some(SlopeInterval {
            low: seen().map(|(value, error)| value - error).fold(f64::INFINITY, f64::min),
            high: seen().map(|(value, error)| value + error).fold(f64::NEG_INFINITY, f64::max),
            mean: slopes.iter().map(|s| s.value).sum::<f64>() / slopes.len() as f64,
        })
    }

    /// The least interval that holds both.
    pub(super) fn with(self, other: Self) -> Self {
        SlopeInterval {
            low: self.low.min(other.low),
            high: self.high.max(other.high),
            mean: f64::midpoint(self.mean, other.mean),
        }
    }

    /// Equivalence: within `margin` of 0, apart from it, or neither.
    pub(super) fn verdict(&self, margin: f64) -> Verdict {
        if self.low >= -margin && self.high <= margin {
            Verdict::Supported
        } else if self.high < -margin || self.low > margin {
            Verdict::Refuted
        } else {
            Verdict::Inconclusive
        }
    }

    /// How far it reaches from 0.
    pub(super) fn reach(&self) -> f64 {
        self.low.abs().max(self.high.abs())
    }

    /// The smallest deviation of the truth from 0 that would have been refuted.
    pub(super) fn resolution(&self, margin: f64) -> f64 {
        margin + (self.high - self.low)
    }
}

/// The limit of s + b/(t + a) through the last three slopes, if all of them drift in one direction.
fn continued(slopes: &[LocalSlope]) -> Option<(f64, f64)> {
    let drifts = |sign: f64| {
        let beyond_rounding = |pair: &[LocalSlope]| {
            sign * (pair[1].value - pair[0].value) > pair[0].error + pair[1].error
        };
        slopes.windows(2).all(beyond_rounding)
    };
    let [.., a, b, c] = slopes else { return None };
    if !drifts(1.0) && !drifts(-1.0) {
        return None;
    }
    // How fast the drift wanes, per unit of t: (t_a + a)/(t_c + a).
    let per_unit =
        |one: &LocalSlope, next: &LocalSlope| (next.value - one.value) / (next.at - one.at);
    let share = (per_unit(b, c) / per_unit(a, b)).min(1.0 - 1.0 / MOST_STRETCHES);
    let from_origin = share * (c.at - a.at) / (1.0 - share);
    let ahead = (from_origin + (b.at - a.at)) / (c.at - b.at);
    let error = a.error.max(b.error).max(c.error);
    let way = (c.value - b.value) * ahead;
    Some((c.value + way, error * (1.0 + 2.0 * ahead) + UNKNOWN * way.abs()))
}

/// The value at 1/t = 0 of the line of least squares.
fn by_least_squares(slopes: &[LocalSlope]) -> Option<(f64, f64)> {
    let count = slopes.len() as f64;
    let mean = slopes.iter().map(|s| 1.0 / s.at).sum::<f64>() / count;
    let spread: f64 = slopes.iter().map(|s| (1.0 / s.at - mean).powi(2)).sum();
    let weight = |s: &LocalSlope| 1.0 / count - mean * (1.0 / s.at - mean) / spread;
    let limit: f64 = slopes.iter().map(|s| weight(s) * s.value).sum();
    let error: f64 = slopes.iter().map(|s| weight(s).abs() * s.error).sum();
    (slopes.len() > 2 && limit.is_finite() && error.is_finite()).then_some((limit, error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn slopes(at: impl Fn(f64) -> f64) -> Vec<LocalSlope> {
        (9..14).map(f64::from).map(|t| LocalSlope { at: t, value: at(t), error: 0.0 }).collect()
    }

    #[test]
    fn a_geometric_drift_ends_near_its_limit() {
        let interval = SlopeInterval::of(&slopes(|t| 0.02 * 0.5f64.powf(t - 9.0))).unwrap();
        assert!(interval.low > -0.005 && interval.high == 0.02, "{interval:?}");
    }

    proptest! {
        #[test]
        fn a_logarithm_of_any_scale_is_continued_to_its_end(power in -3.0..3.0f64, scale in -4.0..12.0f64) {
            prop_assume!(power.abs() > 0.1);
            let interval = SlopeInterval::of(&slopes(|t| power / (t + scale))).unwrap();
            prop_assert!(interval.low <= 1e-9 && interval.high >= -1e-9);
            // Not by a margin that anything would do for.
            let last = (power / (13.0 + scale)).abs();
            prop_assert!(interval.low.abs().min(interval.high.abs()) <= 0.21 * last);
        }

        #[test]
        fn a_line_in_1_over_t_is_found_under_a_wobble(limit in -1.0..1.0f64, b in -3.0..3.0f64) {
            let wobbling = slopes(|t| limit + b / t + if t == 10.0 || t == 12.0 { b / 30.0 } else { 0.0 });
            let interval = SlopeInterval::of(&wobbling).unwrap();
            prop_assert!(interval.low <= limit + 0.05 * b.abs() && limit - 0.05 * b.abs() <= interval.high);
        }

        #[test]
        fn wider_margins_support_more_and_refute_less(
            values in prop::collection::vec(-5.0..5.0f64, 3..8), margin in 0.0..4.0f64,
        ) {
            let slopes: Vec<LocalSlope> = (1..)
                .zip(values)
                .map(|(t, value)| LocalSlope { at: f64::from(t), value, error: 0.0 })
                .collect();
            let interval = SlopeInterval::of(&slopes).unwrap();
            let (narrow, wide) = (interval.verdict(margin), interval.verdict(margin + 1.0));
            prop_assert!(narrow != Verdict::Supported || wide == Verdict::Supported);
            prop_assert!(wide != Verdict::Refuted || narrow == Verdict::Refuted);
        }
    }
}
