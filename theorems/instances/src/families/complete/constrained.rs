//! Smooth convex functions on an interval.

use std::ops::RangeInclusive;

use theoria_models::objectives::{Constrained, Tilted};
use theoria_models::sets::BoxSet;
use theoria_models::{Minimum, Vector};
use theoria_verification::{Draw, Family};

use super::convex::{smooth_convex, strongly_convex};
use super::sides::{size, width};
use crate::ConstrainedProblem;

/// f smooth and convex, f″ between 0 and L, in pieces, or between μ and L where the range of L/μ is given, on an interval with the
/// minimiser over it, 0, inside or at the end. L between 0.1 and 10, the start in the interval, often at its other end.
pub fn functions_on_intervals(
    conditions: Option<RangeInclusive<f64>>,
) -> Family<ConstrainedProblem> {
    let name = match &conditions {
        None => "smooth convex functions on an interval",
        Some(_) => "strongly convex functions on an interval",
    };
    Family::drawn(name, move |draw| {
        let smoothness = size(draw);
        let level = match &conditions {
            None => smooth_convex(smoothness, draw),
            Some(range) => {
                let condition = draw.log_uniform(*range.start(), *range.end());
                strongly_convex(smoothness, condition, draw)
            }
        };
        let (low, high, slope) = interval(smoothness, draw);
        let one = |x: f64| Vector::from_element(1, x);
        let smooth = Tilted::about(level, one(0.0), one(slope));
        let objective = Constrained::new(smooth, BoxSet::new(low, high))
            .minimal_at(one(0.0), Minimum::exact(0.0));
        let end = if low == 0.0 || draw.coin() { high } else { low };
        ConstrainedProblem::new(objective, one(end * draw.including_ends(0.01, 1.0)))
    })
}

/// Both ends, and the slope at 0, which is 0 unless 0 is an end.
fn interval(smoothness: f64, draw: &mut Draw) -> (f64, f64, f64) {
    let high = width(draw);
    if draw.coin() {
        draw.label("minimum inside");
        return (-width(draw), high, 0.0);
    }
    draw.label("minimum at the end");
    (0.0, high, smoothness * high * draw.log_uniform(1e-3, 10.0))
}
