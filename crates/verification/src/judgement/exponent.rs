//! Powers of the abscissa, in the long run.

use crate::curve::Point;
use crate::judgement::departure::{LongRun, Side};
use crate::judgement::envelope::{Height, LocalSlope, from_above, from_below};
use crate::judgement::slopes::SlopeInterval;
use crate::judgement::sound::{leaves_the_numbers, positive, unsound};
use crate::judgement::stretch::Stretch;
use crate::{Curve, Finding, Judgement, Level, Severity, Verdict};
use theoria_elementary::{ln, log2};

/// Measured ~ predicted as powers of the abscissa, over the last octaves above the rounding floor. Only the exponent of
/// the predicted curve matters, not its constant.
///
/// Every point takes part: what is compared from octave to octave are the upper and the lower envelope of measured /
/// predicted, so that what oscillates by a constant factor still follows a power, and what returns to another
/// power again and again does not, also if it was seen to return only before these octaves. The local slopes, with their rounding errors, and the limits that they drift to must
/// lie within the margin. Where only some of the abscissae are meant, measure only there. Grids may be sparse:
/// octaves are counted by what the points span.
///
/// What is told is what is seen: slopes that still drift refute nothing while the drift grows, and a drift so slow that
/// it stands still on these octaves (as that of N to the power −1 + 1/ln ln N about N = e^(e²)) is not told from none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Exponent {
    margin: f64,
    octaves: usize,
    end: End,
}

/// Where the long run leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Infinity,
    Zero,
}

impl Default for Exponent {
    /// Within 0.05, over the last 5 octaves towards large abscissae.
    fn default() -> Self {
        Exponent { margin: 0.05, octaves: 5, end: End::Infinity }
    }
}

/// More points than these are not needed on sparse grids: they yield four slopes.
const MOST_GROUPS: usize = 5;
/// What is missing of an octave where abscissae are rounded to whole numbers.
const ROUNDED: f64 = 0.02;

impl Exponent {
    /// With this margin of the exponent.
    ///
    /// # Panics
    /// If it is not positive and finite.
    #[must_use]
    #[track_caller]
    pub fn within(self, margin: f64) -> Self {
        Exponent { margin: positive("the margin of an exponent", margin), ..self }
    }

    /// Over this many octaves.
    ///
    /// # Panics
    /// If there are fewer than 3.
    #[must_use]
    #[track_caller]
    pub fn over_octaves(self, octaves: usize) -> Self {
        assert!(octaves >= 3, "an exponent takes 3 octaves or more, and not {octaves}");
        Exponent { octaves, ..self }
    }

    /// As the abscissa (a step size, a scale of the start) tends to 0: the last octaves are those of the smallest
    /// abscissae.
    #[must_use]
    pub fn towards_zero(self) -> Self {
        Exponent { end: End::Zero, ..self }
    }

    /// The points at which a power is defined, those of the long run last.
    fn ordered(&self, curve: &Curve) -> Vec<Point> {
        let positive = curve.points().iter().filter(|p| p.x > 0.0 && p.x.is_finite()).copied();
        match self.end {
            End::Infinity => positive.collect(),
            End::Zero => positive.rev().collect(),
        }
    }

    /// The last points above the floor by octaves counted back from the last, earlier octaves first.
    fn groups<'a>(&self, stretch: &Stretch<'a>) -> Vec<Vec<&'a Point>> {
        let mut groups: Vec<(usize, Vec<&Point>)> = Vec::new();
        let last = stretch.above().next_back().map_or(f64::NAN, |p| p.x);
        for p in stretch.above().rev() {
            let octave = (log2(last / p.x).abs() + ROUNDED).floor() as usize;
            let enough = groups.len() >= self.needed();
            match groups.last_mut() {
                Some((same, group)) if *same == octave => group.push(p),
                Some((reached, _)) if *reached >= self.octaves && enough => break,
                _ => groups.push((octave, vec![p])),
            }
        }
        let forwards = |(_, mut group): (usize, Vec<&'a Point>)| {
            group.reverse();
            group
        };
        groups.into_iter().rev().map(forwards).collect()
    }

    /// How many octaves must have a point.
    fn needed(&self) -> usize {
        MOST_GROUPS.min(self.octaves + 1)
    }

    /// What is missing for a statement on the exponent.
    fn missing(&self, groups: &[Vec<&Point>]) -> Option<String> {
        let spanned = ends(groups).map_or(0.0, |(first, last)| log2(last.x / first.x).abs());
        let needed = self.needed();
        let (octaves, points) = (self.octaves, groups.len());
        if spanned < octaves as f64 - 5.0 * ROUNDED {
            Some(format!(
                "an exponent needs {octaves} octaves above the rounding floor; the points there span {spanned:.1}"
            ))
        } else if points < needed {
            Some(format!(
                "an exponent needs {needed} points above the rounding floor, an octave apart; there are {points}"
            ))
        } else {
            None
        }
    }
}

impl Judgement for Exponent {
    fn kind(&self) -> &'static str {
        "exponent"
    }

    fn judge(&self, curve: &Curve, _attained: Option<f64>) -> Finding {
        // A power need not have a value at 0.
        if let Some(finding) = unsound(curve, |p| p.x <= 0.0) {
            return finding;
        }
        if let Some(finding) = leaves_the_numbers(curve, |p| p.x > 0.0) {
            return finding;
        }
        let points = self.ordered(curve);
        let stretch = Stretch::of(&points);
        let groups = self.groups(&stretch);
        if let Some(text) = self.missing(&groups) {
            return Finding::inconclusive(text);
        }
        let Some((first, last)) = ends(&groups) else {
            return Finding::inconclusive("nothing was measured above the rounding floor");
        };
        let towards = match self.end {
            End::Infinity => 1.0,
            End::Zero => -1.0,
        };
        // Octaves are counted from 1 where abscissae are numbers of something, or their inverses.
        let before = points.first().map_or(0.0, |p| towards * log2(p.x)) - 1.0;
        let octaves = |p: &Point| towards * log2(p.x) - before.min(0.0);
        let heights: Vec<Vec<Height>> = groups
            .iter()
            .map(|group| group.iter().map(|p| height(octaves(p), p)).collect())
            .collect();
        let slopes = |between: fn(&[Height], &[Height]) -> LocalSlope| -> Vec<LocalSlope> {
            heights.windows(2).map(|pair| between(&pair[0], &pair[1])).collect()
        };
        let above = SlopeInterval::of(&slopes(from_above));
        let below = SlopeInterval::of(&slopes(from_below));
        let Some(interval) = above.zip(below).map(|(above, below)| above.with(below)) else {
            return Finding::inconclusive("the measured values have no slopes");
        };
        let used = groups.iter().map(Vec::len).sum();
        let [low, high] = match self.end {
            End::Infinity => [interval.low, interval.high],
            End::Zero => [-interval.high, -interval.low],
        };
        let predicted = ln(last.predicted / first.predicted) / ln(last.x / first.x);
        let mut finding = Finding {
            verdict: interval.verdict(self.margin),
            at: last.x,
            measured: predicted + towards * interval.mean,
            predicted,
            severity: Severity::Resolution(interval.resolution(self.margin)),
            closeness: interval.reach() / self.margin,
            note: Some(format!(
                "local exponents over {:.1} octaves and their extrapolation lie in [{:.4}, {:.4}]",
                log2(last.x / first.x).abs(),
                predicted + low,
                predicted + high
            )),
            ..Finding::without_chance(Level::Measured)
        };
        let returns = || {
            let earlier: Vec<&Point> = stretch.above().take(stretch.above().len() - used).collect();
            let before: Vec<Height> = earlier.iter().map(|p| height(octaves(p), p)).collect();
            let heights = heights.concat();
            let long_run = LongRun { heights: &heights, interval: &interval, doubling: 1.0 };
            [Side::Above, Side::Below].into_iter().find_map(|side| {
                let found = long_run.departure(&before, |h| h.at, side)?;
                Some(side.left_at(earlier[found].x))
            })
        };
        if finding.verdict == Verdict::Supported
            && let Some(text) = stretch.interrupted(used).or_else(returns)
        {
            finding.verdict = Verdict::Inconclusive;
            finding.note = Some(text);
        }
        finding
    }
}

/// The first and the last of all points.
fn ends<'a>(groups: &[Vec<&'a Point>]) -> Option<(&'a Point, &'a Point)> {
    Some((groups.first()?.first()?, groups.last()?.last()?))
}

/// Measured over predicted in logarithms.
fn height(at: f64, p: &Point) -> Height {
    Height::of_logarithm(at, p, std::f64::consts::LN_2)
}

#[cfg(test)]
mod tests;
