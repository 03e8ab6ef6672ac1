//! Geometric decay: the factor per step, in the long run.

use crate::curve::Point;
use crate::judgement::departure::{LongRun, Side};
use crate::judgement::envelope::{Height, LocalSlope, from_above};
use crate::judgement::slopes::SlopeInterval;
use crate::judgement::sound::{leaves_the_numbers, positive, unsound};
use crate::judgement::stretch::Stretch;
use crate::{Curve, Finding, Judgement, Level, Severity, Verdict};
use theoria_elementary::{exp, ln, log2};

/// Measured ~ predicted as geometric sequences: the logarithmic slopes per unit of the abscissa are
/// taken between successive blocks of the second half of the points above the rounding floor, along the upper envelope
/// (so that oscillation does not matter), and compared relative to the predicted one. The limit that they drift to
/// counts as well: a power in front of the geometric sequence does not change its rate. What was below the floor and
/// comes back, or turns after the first quarter, is not supported; nor is what leaves the line before, and comes back.
///
/// Slopes whose drift still grows refute nothing: what oscillates slowly, or is overtaken late by a slower mode, has not
/// reached its long run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LinearRate {
    margin: f64,
}

/// Between so many blocks slopes are taken.
const BLOCKS: usize = 6;

impl Default for LinearRate {
    /// Within 5% of the predicted logarithmic slope.
    fn default() -> Self {
        LinearRate { margin: 0.05 }
    }
}

impl LinearRate {
    /// With this margin, relative to the predicted slope.
    ///
    /// # Panics
    /// If it is not positive, or not less than 1: then it would admit what does not decay at all.
    #[must_use]
    #[track_caller]
    pub fn within(self, margin: f64) -> Self {
        let margin = positive("the margin of a linear rate", margin);
        assert!(margin < 1.0, "the margin of a linear rate is less than 1, and {margin} is not");
        LinearRate { margin }
    }
}

impl Judgement for LinearRate {
    fn kind(&self) -> &'static str {
        "linear rate"
    }

    fn judge(&self, curve: &Curve, _attained: Option<f64>) -> Finding {
        if let Some(finding) = unsound(curve, |_| false) {
            return finding;
        }
        if let Some(finding) = leaves_the_numbers(curve, |_| true) {
            return finding;
        }
        let finite: Vec<Point> =
            curve.points().iter().filter(|p| p.x.is_finite()).copied().collect();
        let stretch = Stretch::of(&finite);
        let all = stretch.above().len();
        let used: Vec<&Point> = stretch.above().skip(all / 2).collect();
        if used.len() < BLOCKS {
            return Finding::inconclusive(format!(
                "a rate needs {} points above the rounding floor; there are {all}",
                2 * BLOCKS
            ));
        }
        let (first, last) = (used[0], used[used.len() - 1]);
        let predicted = ln(last.predicted / first.predicted) / (last.x - first.x);
        if predicted == 0.0 || !predicted.is_finite() {
            return Finding::inconclusive("the prediction neither decays nor grows");
        }
        let Some(interval) = SlopeInterval::of(&slopes(&used, origin(&finite))) else {
            return Finding::inconclusive("the measured values have no slopes");
        };
        let margin = self.margin * predicted.abs();
        let mut finding = Finding {
            verdict: interval.verdict(margin),
            at: last.x,
            measured: exp(predicted + interval.mean),
            predicted: exp(predicted),
            severity: Severity::Resolution(interval.resolution(margin) / predicted.abs()),
            closeness: interval.reach() / margin,
            note: Some(format!(
                "factors per step and their extrapolation lie in [{:.6}, {:.6}]",
                exp(predicted + interval.low),
                exp(predicted + interval.high)
            )),
            ..Finding::without_chance(Level::Measured)
        };
        let after_the_start = all - all / 4;
        let doubt = || {
            let all: Vec<&Point> = stretch.above().collect();
            let returns = || {
                let heights = heights(&all, origin(&finite));
                let (earlier, last) = heights.split_at(all.len() / 2);
                let doubling = std::f64::consts::LN_2;
                let long_run = LongRun { heights: last, interval: &interval, doubling };
                let found = long_run.departure(earlier, |h| log2(h.at), Side::Above)?;
                Some(Side::Above.left_at(all[found].x))
            };
            let turned = || turned(&all, predicted);
            stretch.interrupted(after_the_start).or_else(turned).or_else(returns)
        };
        if finding.verdict == Verdict::Supported
            && let Some(text) = doubt()
        {
            finding.verdict = Verdict::Inconclusive;
            finding.note = Some(text);
        }
        finding
    }
}

/// Where what is predicted to decay (or to grow) has turned after the first quarter, by the maxima of blocks: a restart
/// leads back to the same rate, and is none the less.
fn turned(above: &[&Point], predicted: f64) -> Option<String> {
    let quarter = above.len() / 4;
    let length = (above.len() / (2 * BLOCKS)).max(1);
    let maxima: Vec<&Point> = above[quarter..]
        .rchunks_exact(length)
        .rev()
        .filter_map(|block| {
            block.iter().copied().max_by(|a, b| a.measured.value.total_cmp(&b.measured.value))
        })
        .collect();
    let turns =
        |pair: &&[&Point]| (pair[1].measured.value > pair[0].measured.value) == (predicted < 0.0);
    let word = if predicted < 0.0 { "rises" } else { "falls" };
    maxima.windows(2).find(turns).map(|pair| format!("it {word} again at N = {}", pair[1].x))
}

/// One point before the first.
fn origin(points: &[Point]) -> f64 {
    match points {
        [first, .., last] => first.x - (last.x - first.x) / (points.len() - 1) as f64,
        _ => f64::NAN,
    }
}

/// Measured over predicted in logarithms.
fn heights(points: &[&Point], origin: f64) -> Vec<Height> {
    let height = |p: &&Point| Height::of_logarithm(p.x - origin, p, 1.0);
    points.iter().map(height).collect()
}

/// Of measured over predicted in logarithms, between blocks of equally many points.
fn slopes(used: &[&Point], origin: f64) -> Vec<LocalSlope> {
    let heights = heights(used, origin);
    let end = |block: usize| block * heights.len() / BLOCKS;
    let blocks: Vec<&[Height]> =
        (0..BLOCKS).map(|block| &heights[end(block)..end(block + 1)]).collect();
    blocks.windows(2).map(|pair| from_above(pair[0], pair[1])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Reading;
    use crate::Verdict::{Inconclusive, Refuted, Supported};
    use proptest::prelude::*;

    fn judge_until(until: u32, measured: impl Fn(f64) -> f64, rate: f64) -> Finding {
        let curve = Curve::over(
            (1..=until).map(f64::from),
            |n| Reading::new(measured(n), 1e-16),
            |n| rate.powf(n),
        );
        LinearRate::default().judge(&curve, None)
    }

    fn judge(measured: impl Fn(f64) -> f64, rate: f64) -> Verdict {
        judge_until(400, measured, rate).verdict
    }

    proptest! {
        #[test]
        fn a_geometric_sequence_supports_its_rate_and_no_other(rate in 0.3..0.99f64) {
            let sequence = |n: f64| rate.powf(n);
            prop_assert_eq!(judge(sequence, rate), Supported);
            prop_assert_eq!(judge(sequence, rate.powf(1.5)), Refuted);
            prop_assert_eq!(judge(sequence, rate.powf(0.9)), Refuted);
        }

        // Slow enough that every block above the floor holds several oscillations.
        #[test]
        fn oscillation_never_turns_a_verdict_round(rate in 0.85..0.99f64, wobble in 0.0..0.5f64) {
            let sequence = |n: f64| rate.powf(n) * (1.0 + wobble * n.sin());
            prop_assert_ne!(judge(sequence, rate), Refuted);
            prop_assert_ne!(judge(sequence, rate.powf(1.5)), Supported);
        }

        #[test]
        fn a_power_in_front_does_not_change_the_rate(
            power in -3.0..3.0f64, rate in 0.8..0.97f64, other in 0.5..1.5f64, until in 100..600u32,
        ) {
            let sequence = |n: f64| n.powf(power) * rate.powf(n);
            prop_assert_ne!(judge_until(until, sequence, rate).verdict, Refuted);
            let verdict = judge_until(until, sequence, rate.powf(other)).verdict;
            if (1.0 / other - 1.0).abs() > 0.055 { prop_assert_ne!(verdict, Supported); }
        }

        #[test]
        fn what_comes_back_is_seen(at in 220..400u32, height in 1e-9..1.0f64, rate in 0.4..0.9f64) {
            let spike = |n: f64| if n == f64::from(at) { height } else { rate.powf(n) };
            prop_assert_ne!(judge(spike, rate), Supported);
            let restart = |n: f64| if n >= f64::from(at) { height * rate.powf(n - f64::from(at)) } else { rate.powf(n) };
            prop_assert_ne!(judge(restart, rate), Supported);
        }
    }

    #[test]
    fn a_long_run_that_has_not_begun_refutes_nothing() {
        for frequency in [0.003, 0.004, 0.005, 0.006, 0.007, 0.01, 0.02] {
            for until in (60..=400).step_by(20) {
                let slow = |n: f64| (frequency * n).cos().abs() * 0.9f64.powf(n);
                let finding = judge_until(until, slow, 0.9);
                assert_ne!(finding.verdict, Refuted, "{frequency} {until} {finding:?}");
            }
        }
        // Heavy ball with complex roots just beyond the critical curvature.
        for excess in [1e-5f64, 1e-4, 2e-4, 5e-4] {
            for momentum in [0.8f64, 0.9, 0.95] {
                let curvature = (1.0 - momentum.sqrt()).powi(2) + excess;
                let mut points = vec![1.0, 1.0 - curvature];
                for n in 1..400 {
                    let (x, before): (f64, f64) = (points[n], points[n - 1]);
                    points.push(x - curvature * x + momentum * (x - before));
                }
                for until in (60..=400).step_by(20) {
                    let distance = |n: f64| points[n as usize].abs();
                    let finding = judge_until(until, distance, momentum.sqrt());
                    assert_ne!(finding.verdict, Refuted, "{excess} {momentum} {until} {finding:?}");
                }
            }
        }
        let two_modes = |n: f64| 1e-6 * 0.99f64.powf(n) + 0.9f64.powf(n);
        for until in (80..=400).step_by(20) {
            assert_ne!(judge_until(until, two_modes, 0.99).verdict, Refuted, "{until}");
        }
    }

    #[test]
    fn a_stretched_factor_passes_for_no_other_rate() {
        for weight in [0.1, 0.2, 0.3, 0.4, 0.5, 1.0] {
            let stretched = |n: f64| (weight * n.sqrt()).exp() * 0.9f64.powf(n);
            for claimed in [0.905, 0.906, 0.907, 0.908, 0.91, 0.912, 0.915, 0.92] {
                assert_ne!(judge(stretched, claimed), Supported, "{weight} {claimed}");
            }
            assert_ne!(judge(stretched, 0.9), Refuted);
        }
    }

    #[test]
    fn what_returned_within_the_first_quarter_may_return_ever_more_seldom() {
        for seldom in [[2.0, 4.0, 16.0, 256.0], [3.0, 9.0, 81.0, 200.0]] {
            let measured = |n: f64| if seldom.contains(&n) { 1.0 } else { 0.99f64.powf(n) };
            assert_ne!(judge_until(1200, measured, 0.99).verdict, Supported);
        }
        // A start that dies out does not return.
        let starts = |n: f64| 0.99f64.powf(n) + 50.0 * 0.8f64.powf(n);
        assert_eq!(judge_until(1200, starts, 0.99).verdict, Supported);
    }

    #[test]
    fn heavy_ball_has_the_rate_of_its_root() {
        for power in [1.0, 2.0] {
            let sequence = |n: f64| n.powf(power) * 0.9f64.powf(n);
            assert_ne!(judge_until(200, sequence, 0.9).verdict, Refuted);
            for false_rate in [0.91, 0.92] {
                assert_ne!(judge_until(200, sequence, false_rate).verdict, Supported);
            }
        }
    }

    #[test]
    fn a_restart_after_the_floor_is_seen() {
        let restarts = |n: f64| if n < 200.0 { 0.5f64.powf(n) } else { 1e-3 };
        assert_ne!(judge(restarts, 0.5), Supported);
        let spike = |n: f64| if n == 200.0 { 1e-3 } else { 0.5f64.powf(n) };
        let finding = judge_until(400, spike, 0.5);
        assert_ne!(finding.verdict, Supported, "{finding:?}");
    }

    #[test]
    fn what_ends_below_the_floor_has_a_rate() {
        assert_eq!(judge(|n| 0.5f64.powf(n), 0.5), Supported);
        let exact_zero = |n: f64| if n > 20.0 { 0.0 } else { 0.5f64.powf(n) };
        assert_ne!(judge(exact_zero, 0.5), Supported);
    }

    #[test]
    fn a_power_is_not_a_linear_rate() {
        assert_ne!(judge(|n| 1.0 / (n + 1.0), 0.9), Supported);
        assert_ne!(judge(|n| 1.0 / (n + 1.0), 0.99), Supported);
    }

    #[test]
    fn a_number_of_the_authors_that_is_none_is_named() {
        let curve = Curve::over(
            1..=99,
            |n: i32| 0.5f64.powi(n),
            |n| if n == 7 { f64::NAN } else { 0.5f64.powi(n) },
        );
        let finding = LinearRate::default().judge(&curve, None);
        assert_eq!(finding.verdict, Inconclusive);
        assert_eq!(finding.note.as_deref(), Some("the prediction at N = 7 is not a number"));
        for margin in [0.0, -0.1, 1.0, f64::INFINITY, f64::NAN] {
            assert!(std::panic::catch_unwind(|| LinearRate::default().within(margin)).is_err());
        }
    }
}
