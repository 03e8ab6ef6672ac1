//! Inequalities that hold at every point.

use serde::{Deserialize, Serialize};

use crate::curve::Point;
use crate::judgement::sound::{not_a_floor, unsound, violation};
use crate::tie::{Rounded, largest};
use crate::{Curve, Finding, Judgement, Level, Severity, Verdict};
use theoria_elementary::ln;

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
        let bound = ln(first.predicted / last.predicted);
        let measured = ln(first.measured.value / last.measured.value);
        let (slower, faster) = match self.direction {
            Direction::AtMost => (bound, measured),
            Direction::AtLeast => (measured, bound),
        };
        let rate = if faster <= slower { 1.0 } else { (slower / faster).max(0.0) };
        (bound >= ln(DECAY)).then_some(rate)
    }

    /// The point that is reached most nearly, with its ratio: of those that are equal but for rounding the first.
    fn tightest<'a>(&self, points: &[&'a Point]) -> Option<(&'a Point, f64)> {
        let ratios = points.iter().filter_map(|p| Some((*p, self.ratio(p)?)));
        largest(ratios.collect(), |(p, ratio)| Rounded::new(*ratio, self.rounding(p)))
            .first()
            .copied()
    }

    /// By how much rounding may have moved the ratio at a point.
    fn rounding(&self, p: &Point) -> f64 {
        let size = match self.direction {
            Direction::AtMost if p.predicted > 0.0 => p.predicted,
            Direction::AtLeast if p.predicted <= 0.0 => p.predicted.abs(),
            Direction::AtMost | Direction::AtLeast => p.measured.value.abs(),
        };
        let share = p.measured.floor / size;
        if share.is_finite() { share } else { 0.0 }
    }

    /// The largest ratio.
    fn reached(&self, points: &[&Point]) -> f64 {
        points.iter().filter_map(|p| self.ratio(p)).fold(0.0, f64::max)
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
        let moved = if moved.is_empty() { &checked } else { &moved };
        let reached = self.reached(moved);
        let fallen = Self::fallen(&checked);
        let rate = if fallen.is_empty() { None } else { self.rate(&checked) };
        let tightest = match fallen.first() {
            None => self.tightest(moved),
            // Of a bound that falls below rounding at once, or to 0, nothing is reached any more.
            Some(&first) => self.tightest(&fallen).or(Some((first, 0.0))),
        };
        let mut finding = Finding {
            verdict: Verdict::Supported,
            severity: tightest
                .map_or(Severity::None, |(_, value)| Severity::Tightness { value, rate }),
            closeness: reached,
            note: tightest.map(|(p, value)| used(p, value, rate) + &self.hidden(&checked)),
            ..at(tightest.map_or(start, |(p, _)| p))
        };
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
mod tests;
