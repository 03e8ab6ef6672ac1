//! The part of a curve that stands above its rounding floor.

use crate::curve::Point;

/// The points above the rounding floor, with what stands in the way of a statement on the long run.
pub(super) struct Stretch<'a> {
    points: &'a [Point],
    /// Those at which measurement and prediction are positive and rounding is a thousandth at most.
    above: Vec<usize>,
}

/// Rounding that an error of slopes may come from, relative to the measurement.
const RESOLVED: f64 = 1e-3;

impl<'a> Stretch<'a> {
    /// Of points whose measurements are finite.
    pub(super) fn of(points: &'a [Point]) -> Self {
        let is_above = |p: &Point| {
            p.measured.is_resolved_to(RESOLVED) && p.measured.value > 0.0 && p.predicted > 0.0
        };
        let above = (0..points.len()).filter(|&i| is_above(&points[i])).collect();
        Stretch { points, above }
    }

    /// The points above the floor.
    pub(super) fn above(&self) -> impl DoubleEndedIterator<Item = &'a Point> + ExactSizeIterator {
        self.above.iter().map(|&i| &self.points[i])
    }

    /// Why what is seen on the last so many of the points above the floor does not speak for the long run: a point
    /// between them that is not seen, or an end that the floor does not explain.
    pub(super) fn interrupted(&self, last: usize) -> Option<String> {
        let used = &self.above[self.above.len().saturating_sub(last)..];
        let (&from, &to) = used.first().zip(used.last())?;
        let hidden = (from..=to).zip(used).find(|(i, next)| i != *next).map(|(i, _)| i);
        if let Some(i) = hidden {
            return Some(why_hidden(&self.points[i], "and what comes after is not"));
        }
        let end = &self.points[to];
        self.points[to + 1..].iter().find_map(|p| why_not_ended(end, p))
    }
}

/// Why a point is not above the floor.
fn why_hidden(p: &Point, beyond: &str) -> String {
    if let Some(text) = super::sound::not_a_floor(p) {
        return text;
    }
    if p.predicted <= 0.0 {
        return format!("the prediction at N = {} is not positive", p.x);
    }
    if p.measured.value <= 0.0 && p.measured.is_resolved_to(RESOLVED) && p.measured.floor > 0.0 {
        return format!("the measurement at N = {} is not positive", p.x);
    }
    format!("the measurement at N = {} is hidden by its rounding floor, {beyond}", p.x)
}

/// Why this point does not continue a curve that has fallen below its floor after `end`: it is hidden by another floor,
/// it may have risen again, or it has fallen although what follows the claim would still be seen.
fn why_not_ended(end: &Point, p: &Point) -> Option<String> {
    if let Some(text) = super::sound::not_a_floor(p) {
        return Some(text);
    }
    if p.measured.value.abs() + p.measured.floor > 2.0 * end.measured.value {
        return Some(why_hidden(p, &format!("and may exceed that at N = {}", end.x)));
    }
    let continued = end.measured.value * p.predicted / end.predicted;
    (continued > 10.0 * p.measured.floor / RESOLVED).then(|| {
        format!("at N = {} nothing is left, where a curve as predicted would still be seen", p.x)
    })
}
