//! Local slopes of a curve and what they say of its slope in the long run.

use crate::Verdict;
use crate::judgement::envelope::LocalSlope;
use theoria_elementary::powf;

/// What successive local slopes say of their limit, without any probability: the least interval
/// that holds all of them and the limits that they seem to approach.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct SlopeInterval {
    pub(super) low: f64,
    pub(super) high: f64,
    /// The mean of the slopes.
    pub(super) mean: f64,
    /// How far slopes that have not settled may still lead, to either side.
    pub(super) unsettled: f64,
}

/// A drift is continued as if it fell off no slower than 1/(t + a) with at most so many of the stretches that it was
/// seen on between its origin and its end: what drifts even less is not told from what stands still.
const MOST_STRETCHES: f64 = 50.0;
/// How well the way from the last slope to the limit is known, relative to its length: what falls off as 1/√t goes
/// half as far again as b/(t + a) through three slopes.
const UNKNOWN: f64 = 0.55;
/// The error of a line's limit, in standard deviations of what scatters about it.
const DEVIATIONS: f64 = 1.0;
/// Drifts fall off as these powers of t where they are seen under a wobble.
const POWERS: [f64; 2] = [-1.0, -0.5];
/// A drift that grows is followed for so many times the stretch on which it is seen.
const FOLLOWED: usize = 4;
/// It grows by no more than this factor from slope to slope.
const FASTEST: f64 = 4.0;

impl SlopeInterval {
    /// From at least three successive slopes, at increasing positions.
    ///
    /// Where they drift in one direction, by more than rounding, the drift is continued as b/(t + a) through the last
    /// three. This is what the logarithmic slope of a power with a logarithmic factor does in t = log N, whatever the
    /// base or the scale within the logarithm, and that of Nᵏ ρᴺ in t = N; a geometric drift ends on the way, and
    /// half as far again one in 1/√t, that of exp(√t). Where they do not, or not smoothly, lines in 1/t and in 1/√t are
    /// laid through all slopes, and through all but the first, each with the error that the scatter about it implies. The
    /// limits belong to the interval: so a logarithm widens it instead of passing as a power.
    ///
    /// What remains: a drift that stands still on the stretch that is seen, as that of N to the power 1/ln ln N does
    /// about N = e^(e²), is not told from none.
    pub(super) fn of(slopes: &[LocalSlope]) -> Option<Self> {
        if slopes.len() < 3 || slopes.iter().any(|s| !s.value.is_finite() || !s.error.is_finite()) {
            return None;
        }
        let limits = limits(slopes);
        let seen = || slopes.iter().map(|s| (s.value, s.error)).chain(limits.iter().copied());
        Some(SlopeInterval {
            low: seen().map(|(value, error)| value - error).fold(f64::INFINITY, f64::min),
            high: seen().map(|(value, error)| value + error).fold(f64::NEG_INFINITY, f64::max),
            mean: slopes.iter().map(|s| s.value).sum::<f64>() / slopes.len() as f64,
            unsettled: growth(slopes).max(leap(slopes)),
        })
    }

    /// The least interval that holds both.
    pub(super) fn with(self, other: Self) -> Self {
        SlopeInterval {
            low: self.low.min(other.low),
            high: self.high.max(other.high),
            mean: f64::midpoint(self.mean, other.mean),
            unsettled: self.unsettled.max(other.unsettled),
        }
    }

    /// Equivalence: within `margin` of 0, apart from it, or neither. Apart are only slopes that have settled: where their
    /// drift grows, or leaps, and may lead as far as the margin lies away, the long run has not begun.
    pub(super) fn verdict(&self, margin: f64) -> Verdict {
        let beyond = margin + self.unsettled;
        if self.low >= -margin && self.high <= margin {
            Verdict::Supported
        } else if self.high < -beyond || self.low > beyond {
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

/// What slopes may drift to, each with its error.
fn limits(slopes: &[LocalSlope]) -> Vec<(f64, f64)> {
    let drifts = drifts(slopes);
    let drift = drifts.iter().all(|d| *d > 0.0) || drifts.iter().all(|d| *d < 0.0);
    let smooth = is_smooth(slopes);
    let mut limits = Vec::new();
    if drift {
        limits.extend(continued(slopes));
    }
    if !drift || !smooth {
        let lines = [slopes, &slopes[1..]].into_iter();
        limits.extend(lines.flat_map(|s| POWERS.map(|power| by_least_squares(s, power))).flatten());
    }
    limits
}

/// From slope to slope; 0 within rounding.
fn drifts(slopes: &[LocalSlope]) -> Vec<f64> {
    let drift = |pair: &[LocalSlope]| {
        let drift = pair[1].value - pair[0].value;
        if drift.abs() > pair[0].error + pair[1].error { drift } else { 0.0 }
    };
    slopes.windows(2).map(drift).collect()
}

/// Whether divided differences of each order have one sign, opposite to that of the order before, but for rounding: so
/// have all sums of what dies out, as powers of t and geometric sequences do, and hardly ever what wobbles.
fn is_smooth(slopes: &[LocalSlope]) -> bool {
    let mut differences: Vec<(f64, f64)> = slopes.iter().map(|s| (s.value, s.error)).collect();
    let mut sign = 0.0;
    for order in 1..slopes.len() {
        differences = (order..slopes.len())
            .map(|i| {
                let length = slopes[i].at - slopes[i - order].at;
                let [one, next] = [differences[i - order], differences[i - order + 1]];
                ((next.0 - one.0) / length, (next.1 + one.1) / length)
            })
            .collect();
        if order == 1 {
            sign = differences.first().map_or(0.0, |d| d.0.signum());
        }
        if differences.iter().any(|(value, error)| sign * value < -error) {
            return false;
        }
        sign = -sign;
    }
    true
}

/// The limit of s + b/(t + a) through the last three slopes, which drift in one direction. How fast the drift wanes is
/// read off them, and off the first, the middle and the last slope, lest a wobble hides it: the slower one counts.
fn continued(slopes: &[LocalSlope]) -> Option<(f64, f64)> {
    let [.., a, b, c] = slopes else { return None };
    let first = slopes.first()?;
    let per_unit =
        |one: &LocalSlope, next: &LocalSlope| (next.value - one.value) / (next.at - one.at);
    let wanes = |one, middle, last| per_unit(middle, last) / per_unit(one, middle);
    // Per unit of t over the same distance: (t_a + a)/(t_c + a).
    let overall =
        powf(wanes(first, &slopes[slopes.len() / 2], c), (c.at - a.at) / (c.at - first.at));
    let share = wanes(a, b, c).max(overall).min(1.0 - 1.0 / MOST_STRETCHES);
    let from_origin = share * (c.at - a.at) / (1.0 - share);
    let ahead = (from_origin + (b.at - a.at)) / (c.at - b.at);
    let error = a.error.max(b.error).max(c.error);
    let way = (c.value - b.value) * ahead;
    Some((c.value + way, error * (1.0 + 2.0 * ahead) + UNKNOWN * way.abs()))
}

/// The value at t = ∞ of the line of least squares in this power of t.
fn by_least_squares(slopes: &[LocalSlope], power: f64) -> Option<(f64, f64)> {
    let count = slopes.len() as f64;
    let at = |s: &LocalSlope| powf(s.at, power);
    let mean = slopes.iter().map(at).sum::<f64>() / count;
    let value = slopes.iter().map(|s| s.value).sum::<f64>() / count;
    let spread: f64 = slopes.iter().map(|s| (at(s) - mean).powi(2)).sum();
    let incline = slopes.iter().map(|s| (at(s) - mean) * s.value).sum::<f64>() / spread;
    let scatter =
        slopes.iter().map(|s| (s.value - value - incline * (at(s) - mean)).powi(2)).sum::<f64>()
            / (count - 2.0);
    let weight = |s: &LocalSlope| 1.0 / count - mean * (at(s) - mean) / spread;
    let limit = value - incline * mean;
    let rounding: f64 = slopes.iter().map(|s| weight(s).abs() * s.error).sum();
    let error = rounding + DEVIATIONS * (scatter * (1.0 / count + mean * mean / spread)).sqrt();
    (slopes.len() > 2 && limit.is_finite() && error.is_finite()).then_some((limit, error))
}

/// The largest step from slope to slope, of those that do not drift smoothly.
fn leap(slopes: &[LocalSlope]) -> f64 {
    if is_smooth(slopes) {
        0.0
    } else {
        drifts(slopes).into_iter().map(f64::abs).fold(0.0, f64::max)
    }
}

/// How far slopes may still drift whose drift grows: it is continued as it grows.
fn growth(slopes: &[LocalSlope]) -> f64 {
    let steps = drifts(slopes);
    let per_unit: Vec<f64> = slopes
        .windows(2)
        .zip(&steps)
        .map(|(pair, step)| step / (pair[1].at - pair[0].at))
        .collect();
    let one_way = steps.windows(2).all(|pair| pair[0] * pair[1] >= 0.0);
    let ([.., first, before, last], Some(step)) = (&per_unit[..], steps.last()) else { return 0.0 };
    // Within rounding it is not known how fast it grew.
    let ratio = |one: f64, next: f64| if one == 0.0 { FASTEST } else { next / one };
    let factor = ratio(*before, *last).min(ratio(*first, *before)).min(FASTEST);
    if !one_way || *step == 0.0 || (*before == 0.0 && *first != 0.0) || factor <= 1.0 {
        return 0.0;
    }
    let followed = FOLLOWED * (slopes.len() + 1);
    (1..=followed).fold((0.0, step.abs()), |(way, step), _| (way + step * factor, step * factor)).0
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

    #[test]
    fn a_drift_that_grows_has_not_settled() {
        // Apart by 0.1 and more, and on their way: to the claim, or away from it.
        for sign in [1.0, -1.0] {
            for way in [1.0, -1.0] {
                let grows = slopes(|t| sign * (0.15 - way * 1e-4 * 2f64.powf(t - 9.0)));
                assert_eq!(SlopeInterval::of(&grows).unwrap().verdict(0.05), Verdict::Inconclusive);
                let too_little = slopes(|t| sign * (0.15 - way * 1e-12 * 2f64.powf(t - 9.0)));
                assert_eq!(SlopeInterval::of(&too_little).unwrap().verdict(0.05), Verdict::Refuted);
                let wanes = slopes(|t| sign * (0.15 - way * 1e-2 * 0.5f64.powf(t - 9.0)));
                assert_eq!(SlopeInterval::of(&wanes).unwrap().verdict(0.05), Verdict::Refuted);
            }
        }
    }

    proptest! {
        #[test]
        fn a_logarithm_of_any_scale_is_continued_to_its_end(power in -3.0..3.0f64, scale in -4.0..12.0f64) {
            prop_assume!(power.abs() > 0.1);
            let interval = SlopeInterval::of(&slopes(|t| power / (t + scale))).unwrap();
            prop_assert!(interval.low <= 1e-9 && interval.high >= -1e-9);
            // Not by a margin that anything would do for.
            let last = (power / (13.0 + scale)).abs();
            prop_assert!(interval.low.abs().min(interval.high.abs()) <= (UNKNOWN + 0.01) * last);
        }

        #[test]
        fn a_drift_as_1_over_root_t_is_continued_to_its_end(power in -3.0..3.0f64) {
            prop_assume!(power.abs() > 0.1);
            let interval = SlopeInterval::of(&slopes(|t| power / t.sqrt())).unwrap();
            prop_assert!(interval.low <= 0.01 * power.abs() && interval.high >= -0.01 * power.abs());
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
