//! Smooth convex functions on an interval.

use std::ops::RangeInclusive;

use theoria_models::objectives::{Constrained, PiecewiseQuadratic, Tilted};
use theoria_models::sets::BoxSet;
use theoria_models::{Minimum, Objective, Vector};
use theoria_verification::{Draw, Family};

use super::convex::{smooth_convex, strongly_convex};
use super::nonconvex::smooth;
use super::sides::{beyond, size, width};
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
        let (low, high, slope) = interval(&level, smoothness, draw);
        let one = |x: f64| Vector::from_element(1, x);
        let smooth = Tilted::about(level.clone(), one(0.0), one(slope));
        let objective = Constrained::new(smooth, BoxSet::new(low, high))
            .minimal_at(one(0.0), Minimum::exact(0.0));
        let end = if low == 0.0 || draw.coin() { high } else { low };
        // Where f is flat at its minimum, beyond that.
        let flat = if slope > 0.0 { 0.0 } else { beyond(&level, end < 0.0, 0.0) };
        let share = draw.including_ends(0.01, 1.0);
        ConstrainedProblem::new(objective, one(end * share + flat * (1.0 - share)))
    })
}

/// Both ends, beyond where the function is flat at its minimum, and the slope at 0, which is 0 unless 0 is an end.
fn interval(level: &PiecewiseQuadratic, smoothness: f64, draw: &mut Draw) -> (f64, f64, f64) {
    let high = width(draw);
    if draw.coin() {
        draw.label("minimum inside");
        let low = beyond(level, true, width(draw));
        // Where it is flat all the way to the left there is no minimiser's end but 0.
        return (if low < 0.0 { low } else { 0.0 }, beyond(level, false, high), 0.0);
    }
    draw.label("minimum at the end");
    (0.0, high, smoothness * high * draw.log_uniform(1e-3, 10.0))
}

/// f smooth, not convex, on an interval about its minimiser.
pub fn smooth_functions_on_intervals() -> Family<ConstrainedProblem> {
    Family::drawn("smooth functions on an interval", |draw| {
        let smoothness = size(draw);
        let level = smooth(smoothness, draw);
        let minimiser = level.nearest_minimiser(&Vector::zeros(1)).unwrap_or(Vector::zeros(1));
        let (low, high) = (minimiser[0] - width(draw), minimiser[0] + width(draw));
        let start = draw.including_ends(low, high);
        let objective = Constrained::new(level, BoxSet::new(low, high))
            .minimal_at(minimiser, Minimum::exact(0.0));
        ConstrainedProblem::new(objective, Vector::from_element(1, start))
    })
}
