//! Inequalities that hold at every point.

use serde::{Deserialize, Serialize};

use crate::curve::Point;
use crate::judgement::sound::{not_a_floor, unsound, violation};
use crate::{Curve, Finding, Judgement, Level, Severity, Verdict};

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
/// floor of the measurement. A run that has diverged violates either. An infinite prediction on the generous side
/// claims nothing.
///
/// Points that lie below the floor can be violated, but say nothing of the tightness. Where the floor leaves open
/// whether the bound holds, by more than 1e-4 of it, the point was not seen, and the bound is not supported, but for two
/// excuses. The floor is at most 1e-8 of the largest of what was measured and seen, and the bound is broken by a tenth
/// of it at most: so it is where a method has arrived. Or the bound decays below the floor: then the floor is small, 1e-4 at most, against the largest prediction, the
/// prediction is no larger than at the last point that was seen, and that one is near the floor, within a factor 1e4, or
/// near the prediction, within 1e3. How many points are hidden is noted.
///
/// Where the bound falls by a factor of two or more, the tightness is taken where it has done so: before, little
/// can have happened. That a bound is attained may show anywhere, but not at the abscissa 0, before the first step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bound {
    direction: Direction,
}

/// Relative slack of comparisons: rounding in the prediction itself.
pub(super) const SLACK: f64 = 1e-9;
/// The largest floor that is taken for rounding, relative to the prediction there, or to the largest where it decays.
const ROUNDING: f64 = 1e-4;
/// The largest floor that the roundings of a run leave, relative to what was measured: half of the digits are left.
const ROUNDINGS: f64 = 1e-8;
/// The share of a floor that roundings fill, of which it bounds the worst.
const NOISE: f64 = 0.1;
/// The last prediction that is seen of a bound that decays below the floor is no larger than this multiple of it,
const NEAR: f64 = 1e4;
/// or than this multiple of the one that is hidden.
const STEP: f64 = 1e3;
/// The largest floor at which a ratio is still read off.
pub(super) const RESOLVED: f64 = 1e-2;
/// A bound decays if it falls by this factor.
const DECAY: f64 = 2.0;

impl Bound {
    /// A bound in this direction.
    pub fn new(direction: Direction) -> Self {
        Bound { direction }
    }

    pub(super) fn claims_nothing(&self, p: &Point) -> bool {
        match self.direction {
            Direction::AtMost => p.predicted == f64::INFINITY,
            Direction::AtLeast => p.predicted == f64::NEG_INFINITY,
        }
    }

    /// Whether it holds at this point for a measurement that is more favourable by so much.
    pub(super) fn holds(&self, p: &Point, favour: f64) -> bool {
        let slack = SLACK * p.predicted.abs() + favour;
        match self.direction {
            Direction::AtMost => p.measured.value <= p.predicted + slack,
            Direction::AtLeast => p.measured.value >= p.predicted - slack,
        }
    }

    pub(super) fn is_violated(&self, p: &Point) -> bool {
        p.measured.has_diverged() || (p.measured.has_floor() && !self.holds(p, p.measured.floor))
    }

    /// Whether the floor leaves open if it holds at this point, but for a small share of the prediction.
    fn is_hidden(&self, p: &Point) -> bool {
        !self.holds(p, -p.measured.floor) && p.measured.floor > ROUNDING * p.predicted.abs()
    }

    /// Why it was not seen whether the bound holds, at the first point where the floor is no excuse.
    fn unseen(&self, checked: &[&Point]) -> Option<String> {
        // A bound that is attained hides behind any floor, but the measurement is known.
        let is_seen = |p: &Point| {
            let resolved = || p.measured.floor <= RESOLVED * p.predicted.abs();
            not_a_floor(p).is_none() && (!self.is_hidden(p) || resolved())
        };
        let (size, measured) = (Self::size(checked), Self::measured(checked, is_seen));
        // On the way in either direction, the last point that was seen.
        let mut before: Vec<Option<&Point>> = vec![None; checked.len()];
        let mut after = before.clone();
        for i in 1..checked.len() {
            let previous = checked[i - 1];
            before[i] = if is_seen(previous) { Some(previous) } else { before[i - 1] };
        }
        for i in (1..checked.len()).rev() {
            let next = checked[i];
            after[i - 1] = if is_seen(next) { Some(next) } else { after[i] };
        }
        let decayed = |p: &Point, seen: Option<&Point>| {
            let floor = p.measured.floor;
            seen.is_some_and(|seen| {
                p.predicted.abs() <= (1.0 + SLACK) * seen.predicted.abs()
                    && seen.predicted.abs() <= (NEAR * floor).max(STEP * p.predicted.abs())
            })
        };
        checked.iter().enumerate().find_map(|(i, p)| {
            not_a_floor(p).or_else(|| {
                let arrived = p.measured.floor <= ROUNDINGS * measured
                    && self.holds(p, NOISE * p.measured.floor);
                let excused = arrived
                    || p.measured.floor <= ROUNDING * size
                        && (decayed(p, before[i]) || decayed(p, after[i]));
                (self.is_hidden(p) && !excused).then(|| {
                    format!("the rounding floor at N = {} hides whether the bound holds there", p.x)
                })
            })
        })
    }

    /// The largest measurement of those that were seen.
    fn measured(checked: &[&Point], is_seen: impl Fn(&Point) -> bool) -> f64 {
        let sizes = checked.iter().filter(|p| is_seen(p)).map(|p| p.measured.value.abs());
        sizes.filter(|size| size.is_finite()).fold(0.0, f64::max)
    }

    /// How many points the floor hides, in words.
    fn hidden(&self, checked: &[&Point]) -> String {
        match checked.iter().filter(|p| self.is_hidden(p)).count() {
            0 => String::new(),
            hidden => format!("; rounding hides {hidden} of {} points", checked.len()),
        }
    }

    /// The largest prediction, or measurement where all predictions are 0.
    fn size(checked: &[&Point]) -> f64 {
        let largest = |value: fn(&Point) -> f64| {
            let sizes = checked.iter().map(|p| value(p).abs()).filter(|size| size.is_finite());
            sizes.fold(0.0, f64::max)
        };
        match largest(|p| p.predicted) {
            0.0 => largest(|p| p.measured.value),
            size => size,
        }
    }

    /// How much of the allowance is used: 1 on the bound. None where rounding hides it.
    pub(super) fn ratio(&self, p: &Point) -> Option<f64> {
        let (small, large) = match self.direction {
            Direction::AtMost => (p.measured.value, p.predicted),
            Direction::AtLeast => (p.predicted, p.measured.value),
        };
        let resolved =
            |size: f64| p.measured.has_floor() && p.measured.floor <= RESOLVED * size.abs();
        if p.measured.has_diverged() {
            None
        } else if large == f64::INFINITY {
            // What never comes exceeds any lower bound.
            Some(0.0)
        } else if large > 0.0 {
            resolved(large).then(|| (small / large).max(0.0))
        } else if small < 0.0 {
            // Both are negative, or one is: the other way round.
            resolved(small).then(|| large / small)
        } else {
            None
        }
    }

    /// The points at which a bound that decays has done so; none of a bound that does not.
    fn fallen<'a>(checked: &[&'a Point]) -> Vec<&'a Point> {
        let largest = checked.iter().map(|p| p.predicted).fold(0.0, f64::max);
        let has_fallen = |p: &Point| p.predicted <= largest / DECAY;
        let decays = checked.first().is_some_and(|p| !has_fallen(p))
            && checked.last().is_some_and(|p| has_fallen(p) && p.predicted >= 0.0);
        checked.iter().copied().filter(|p| decays && has_fallen(p)).collect()
    }

    /// The logarithm of the factor by which the bound falls from the first point above the rounding floor to the last,
    /// over that of the measurement (a lower bound: the inverse), at most 1. None if it does not fall there.
    fn rate(&self, checked: &[&Point]) -> Option<f64> {
        let seen = |p: &&&Point| {
            p.predicted > 0.0 && p.measured.value > 0.0 && p.measured.is_resolved_to(RESOLVED)
        };
        let (first, last) = (checked.iter().find(seen)?, checked.iter().rfind(seen)?);
        let bound = (first.predicted / last.predicted).ln();
        let measured = (first.measured.value / last.measured.value).ln();
        let (slower, faster) = match self.direction {
            Direction::AtMost => (bound, measured),
            Direction::AtLeast => (measured, bound),
        };
        let rate = if faster <= slower { 1.0 } else { (slower / faster).max(0.0) };
        (bound >= DECAY.ln()).then_some(rate)
    }

    fn tightest<'a>(&self, points: &[&'a Point]) -> Option<(&'a Point, f64)> {
        let ratios = points.iter().filter_map(|p| Some((*p, self.ratio(p)?)));
        ratios.reduce(|one, next| if next.1 >= one.1 { next } else { one })
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
        if let Some(finding) = unsound(curve, |p| self.claims_nothing(p)) {
            return finding;
        }
        let checked: Vec<&Point> =
            curve.points().iter().filter(|p| !self.claims_nothing(p)).collect();
        let Some(&start) = checked.first() else {
            return Finding::inconclusive("nothing was checked: the bound is infinite everywhere");
        };
        if let Some(first) = checked.iter().find(|p| self.is_violated(p)) {
            // What is shown is a violation; where none has a ratio (the run diverged) the first.
            let violated: Vec<&Point> =
                checked.iter().copied().filter(|p| self.is_violated(p)).collect();
            let (shown, value) = self
                .tightest(&violated)
                .filter(|(_, ratio)| *ratio > 1.0)
                .unwrap_or((*first, f64::INFINITY));
            return Finding {
                verdict: Verdict::Refuted,
                severity: Severity::Tightness { value, rate: None },
                closeness: value,
                first_violation: Some(violation(first)),
                note: first.measured.has_diverged().then(|| "the run diverged".into()),
                ..at(shown)
            };
        }
        // Before the first step nothing has happened.
        let moved: Vec<&Point> = checked.iter().copied().filter(|p| p.x != 0.0).collect();
        let anywhere = self.tightest(if moved.is_empty() { &checked } else { &moved });
        let fallen = Self::fallen(&checked);
        let rate = if fallen.is_empty() { None } else { self.rate(&checked) };
        let tightest = match fallen.first() {
            None => anywhere,
            // Of a bound that falls below rounding at once, or to 0, nothing is reached any more.
            Some(&first) => self.tightest(&fallen).or(Some((first, 0.0))),
        };
        let mut finding = Finding {
            verdict: Verdict::Supported,
            severity: tightest
                .map_or(Severity::None, |(_, value)| Severity::Tightness { value, rate }),
            closeness: anywhere.map_or(0.0, |(_, ratio)| ratio),
            note: tightest.map(|(p, value)| used(p, value, rate) + &self.hidden(&checked)),
            ..at(tightest.map_or(start, |(p, _)| p))
        };
        let reached = anywhere.map_or(0.0, |(_, ratio)| ratio);
        let doubt = self.unseen(&checked).or_else(|| {
            attained.filter(|needed| reached < *needed).map(|needed| {
                format!("claimed to be attained here, but the tightness is {reached:.4} and not {needed}")
            })
        });
        if doubt.is_some() {
            finding.verdict = Verdict::Inconclusive;
            finding.note = doubt;
        }
        finding
    }
}

/// A finding that shows this point, to be completed.
fn at(p: &Point) -> Finding {
    Finding {
        at: p.x,
        measured: p.measured.value,
        predicted: p.predicted,
        ..Finding::without_chance(Level::Exact)
    }
}

/// How much of what is allowed is used, in words.
fn used(p: &Point, tightness: f64, rate: Option<f64>) -> String {
    let share = |value: f64| match value {
        0.0 => "nothing".into(),
        value if value >= 0.01 => format!("{value:.2}"),
        value => format!("{value:.0e}"),
    };
    let rate = rate
        .map_or(String::new(), |rate| format!("; its rate is {} of the measured one", share(rate)));
    format!("at N = {} the measurement is {} of what is allowed{rate}", p.x, share(tightness))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Reading;
    use proptest::prelude::*;

    fn judge(direction: Direction, measured: &[f64], predicted: &[f64]) -> Finding {
        let curve = Curve::over(1..=measured.len(), |n| measured[n - 1], |n| predicted[n - 1]);
        Bound::new(direction).judge(&curve, None)
    }

    #[test]
    fn a_diverged_run_refutes_a_bound_in_either_direction() {
        for direction in [Direction::AtMost, Direction::AtLeast] {
            for value in [f64::INFINITY, f64::NEG_INFINITY, f64::NAN] {
                let finding = judge(direction, &[1.0, value], &[1.0, 1.0]);
                assert_eq!(finding.verdict, Verdict::Refuted);
                assert_eq!(finding.first_violation.unwrap().at, 2.0);
            }
        }
    }

    #[test]
    fn what_never_comes_is_above_every_bound() {
        let judge =
            |direction| Bound::new(direction).judge(&Curve::at(1.0, Reading::NEVER, 3.0), None);
        assert_eq!(judge(Direction::AtLeast).verdict, Verdict::Supported);
        assert_eq!(
            judge(Direction::AtLeast).severity,
            Severity::Tightness { value: 0.0, rate: None }
        );
        assert_eq!(judge(Direction::AtMost).verdict, Verdict::Refuted);
    }

    #[test]
    fn a_prediction_that_is_no_number_is_not_blamed_on_the_measurement() {
        for (direction, nothing) in
            [(Direction::AtMost, f64::INFINITY), (Direction::AtLeast, f64::NEG_INFINITY)]
        {
            for none in [f64::NAN, -nothing] {
                // Not even beside a violation.
                let finding = judge(direction, &[1.0, f64::NAN], &[none, 1.0]);
                assert_eq!(finding.verdict, Verdict::Inconclusive);
                assert!(finding.note.unwrap().starts_with("the prediction at N = 1 is "));
            }
            assert_eq!(judge(direction, &[5.0, 1.0], &[nothing, 1.0]).verdict, Verdict::Supported);
            assert_eq!(judge(direction, &[5.0], &[nothing]).verdict, Verdict::Inconclusive);
        }
    }

    #[test]
    fn a_floor_that_says_nothing_supports_nothing() {
        for direction in [Direction::AtMost, Direction::AtLeast] {
            for floor in [f64::INFINITY, f64::NAN, -1.0, 2.0] {
                let curve: Curve =
                    [(1.0, Reading::new(1.0, 0.0), 1.0), (2.0, Reading::new(1.0, floor), 1.0)]
                        .into_iter()
                        .collect();
                let finding = Bound::new(direction).judge(&curve, None);
                assert_eq!(finding.verdict, Verdict::Inconclusive);
                assert!(finding.note.unwrap().contains("at N = 2"));
            }
        }
        // Rounding that the bound has fallen below, and a large floor that leaves nothing open.
        let falling =
            Curve::over(0..99, |n: i32| Reading::new(0.4f64.powi(n), 1e-16), |n| 0.5f64.powi(n));
        assert_eq!(Bound::new(Direction::AtMost).judge(&falling, None).verdict, Verdict::Supported);
        let clear = Curve::at(1.0, Reading::new(1.0, 0.5), 2.0);
        assert_eq!(Bound::new(Direction::AtMost).judge(&clear, None).verdict, Verdict::Supported);
    }

    #[test]
    fn a_bound_that_decays_is_tight_where_it_has_fallen_and_has_a_rate() {
        let powers =
            |base: f64, from: i32| -> Vec<f64> { (from..from + 9).map(|n| base.powi(n)).collect() };
        let finding = judge(Direction::AtMost, &powers(0.25, 0), &powers(0.5, 0));
        assert_eq!(finding.severity, Severity::Tightness { value: 0.5, rate: Some(0.5) });
        assert_eq!(
            finding.note.as_deref(),
            Some(
                "at N = 2 the measurement is 0.50 of what is allowed; its rate is 0.50 of the measured one"
            )
        );
        let finding = judge(Direction::AtLeast, &powers(0.5, 0), &powers(0.25, 0));
        assert_eq!(finding.severity, Severity::Tightness { value: 0.5, rate: Some(0.5) });
        // Attained at the first step if that is what is claimed, but not before it.
        let attained = |from: i32| {
            let measured = |n: i32| 0.25f64.powi(n - from);
            let curve = Curve::over(from..9, measured, |n| 0.5f64.powi(n - from));
            Bound::new(Direction::AtMost).judge(&curve, Some(0.99)).verdict
        };
        assert_eq!((attained(0), attained(1)), (Verdict::Inconclusive, Verdict::Supported));
        // A bound that stays has no rate.
        let finding = judge(Direction::AtMost, &[0.8, 0.4], &[1.0, 1.0]);
        assert_eq!(finding.severity, Severity::Tightness { value: 0.8, rate: None });
    }

    #[test]
    fn a_bound_that_falls_to_zero_at_once_is_seen_beside_its_start() {
        let judge = |from: i32, after: f64| {
            let measured = |n| Reading::new(if n == 0 { 1.0 } else { after }, 1e-16);
            let curve = Curve::over(from..=9, measured, |n| 0f64.powi(n));
            Bound::new(Direction::AtMost).judge(&curve, None)
        };
        let finding = judge(0, -1e-17);
        assert_eq!(finding.verdict, Verdict::Supported);
        assert_eq!(finding.severity, Severity::Tightness { value: 0.0, rate: None });
        assert_eq!(judge(0, 1e-3).verdict, Verdict::Refuted);
        // Without it nobody knows what is small.
        assert_eq!(judge(1, -1e-17).verdict, Verdict::Inconclusive);
    }

    #[test]
    fn a_huge_prediction_excuses_no_floor() {
        let after = |direction, first: Reading, predicted: f64, then: Reading, bound: f64| {
            let curve: Curve = std::iter::once((1.0, first, predicted))
                .chain((2..=20).map(|n| (f64::from(n), then, bound)))
                .collect();
            Bound::new(direction).judge(&curve, None)
        };
        for huge in [1e8f64, 1e12, 1e16, 1e200] {
            for start in [1.0, 0.5 * huge.min(1e14)] {
                for bound in [1.0, 0.0] {
                    let (first, then) = (Reading::from(start), Reading::new(1e3, 1.1e3));
                    let finding = after(Direction::AtMost, first, huge, then, bound);
                    assert_eq!(finding.verdict, Verdict::Inconclusive, "{huge} {start} {bound}");
                }
            }
            let then = Reading::new(1.0, 1.1e3);
            let finding = after(Direction::AtLeast, Reading::from(2e12), huge.min(1e12), then, 1e3);
            assert_eq!(finding.verdict, Verdict::Inconclusive, "{huge}");
        }
    }

    #[test]
    fn a_bound_may_decay_below_the_floor_and_says_how_much_it_hides() {
        for (base, floor) in [(0.5f64, 1e-9), (0.1, 1e-6), (0.9, 1e-5), (0.5, 1e-16)] {
            let measured = |n: i32| Reading::new(0.9 * base.powi(n), floor);
            let curve = Curve::over(0..200, measured, |n| base.powi(n));
            let finding = Bound::new(Direction::AtMost).judge(&curve, None);
            assert_eq!(finding.verdict, Verdict::Supported);
            assert!(finding.note.as_deref().unwrap().contains("rounding hides 1"), "{finding:?}");
            // It comes back, and is hidden there.
            let back = Curve::over(0..200, measured, |n| base.powi(if n == 199 { 9 } else { n }));
            let hidden = |n: i32| if n == 199 { Reading::new(1.0, 1.0) } else { measured(n) };
            let curve = Curve::over(0..200, hidden, |n| back.points()[n as usize].predicted);
            assert_eq!(
                Bound::new(Direction::AtMost).judge(&curve, None).verdict,
                Verdict::Inconclusive
            );
            // The same towards small abscissae.
            let curve = Curve::over(0..200, |n| measured(199 - n), |n| base.powi(199 - n));
            assert_eq!(
                Bound::new(Direction::AtMost).judge(&curve, None).verdict,
                Verdict::Supported
            );
        }
    }

    #[test]
    fn negative_numbers_have_a_tightness_too() {
        let tightness = |direction, measured, predicted| {
            judge(direction, &[measured], &[predicted]).severity.tightness()
        };
        assert_eq!(tightness(Direction::AtMost, -2.0, -1.0), Some(0.5));
        assert_eq!(tightness(Direction::AtMost, -2.0, 0.0), Some(0.0));
        assert_eq!(tightness(Direction::AtLeast, -1.0, -2.0), Some(0.5));
        assert_eq!(tightness(Direction::AtLeast, 1.0, -2.0), Some(0.0));
        assert_eq!(tightness(Direction::AtMost, 0.0, 0.0), None);
    }

    #[test]
    fn below_the_rounding_floor_nothing_is_violated_and_no_tightness_is_seen() {
        let curve = Curve::at(3.0, Reading::new(2e-16, 1e-15), 1e-16);
        let finding = Bound::new(Direction::AtMost).judge(&curve, None);
        assert_ne!(finding.verdict, Verdict::Refuted);
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
            prop_assert_eq!(finding.closeness, worst);
            prop_assert!(finding.severity.tightness().is_some_and(|tightness| tightness <= worst));
            prop_assert_eq!(finding.verdict == Verdict::Refuted, worst > 1.0 + 2e-9);
            // A lower bound is the same with the sides exchanged.
            let mirrored = judge(Direction::AtLeast, &predicted, &measured);
            prop_assert_eq!(mirrored.verdict, finding.verdict);
        }
    }
}
