//! Smooth convex functions of one variable with a kink beside them.

use std::ops::RangeInclusive;

use theoria_models::objectives::{Composite, L1Distance, PiecewiseQuadratic, Tilted};
use theoria_models::{Minimum, Objective, Vector};
use theoria_verification::{Draw, Family};

use super::convex::{smooth_convex, strongly_convex};
use super::nonconvex::smooth;
use super::sides::{beyond, distance, size, start, width};
use crate::CompositeProblem;

/// f + w|x - c| with f smooth and convex: f″ between 0 and L, in pieces, or between μ and L where the range of L/μ is given. The minimum
/// is at 0, where c is, or elsewhere; L between 0.1 and 10, the start at a distance between 0.1 and 10.
pub fn kinked_functions(conditions: Option<RangeInclusive<f64>>) -> Family<CompositeProblem> {
    let name = match &conditions {
        None => "smooth convex functions with a kink",
        Some(_) => "strongly convex functions with a kink",
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
        let weight = draw.log_uniform(0.01, 10.0) * smoothness;
        let (centre, slope) = balance(weight, draw);
        composite(&level, weight, centre, slope, draw)
    })
}

/// The kink, and the slope of the smooth part at 0 which makes that the minimiser.
fn balance(weight: f64, draw: &mut Draw) -> (f64, f64) {
    if draw.coin() {
        draw.label("minimum off the kink");
        let away = width(draw);
        return if draw.coin() { (away, weight) } else { (-away, -weight) };
    }
    let slope = weight * draw.including_ends(-1.0, 1.0);
    draw.label(if slope.abs() == weight { "degenerate" } else { "minimum at the kink" });
    (0.0, slope)
}

fn composite(
    level: &PiecewiseQuadratic,
    weight: f64,
    centre: f64,
    slope: f64,
    draw: &mut Draw,
) -> CompositeProblem {
    let one = |x: f64| Vector::from_element(1, x);
    let (left, distance) = (draw.coin(), distance(draw));
    let smooth = Tilted::about(level.clone(), one(0.0), one(slope));
    let objective = Composite::new(smooth, L1Distance::new(weight, one(centre)))
        .minimal_at(one(0.0), Minimum::exact(weight * centre.abs()));
    let start = if left { -distance } else { distance };
    // Where the slopes of both cancel and f is flat all are minimisers.
    let moves = objective.value(&one(start)) > weight * centre.abs();
    let start = if moves { start } else { beyond(level, left, distance) };
    CompositeProblem::new(objective, one(start))
}

/// f + w|x - c| with f smooth, not convex, and least at c.
pub fn kinked_smooth_functions() -> Family<CompositeProblem> {
    Family::drawn("smooth functions with a kink", |draw| {
        let smoothness = size(draw);
        let level = smooth(smoothness, draw);
        let minimiser = level.nearest_minimiser(&Vector::zeros(1)).unwrap_or(Vector::zeros(1));
        let weight = draw.log_uniform(1e-3, 1.0) * smoothness;
        let start = start(&level, draw);
        let objective = Composite::new(level, L1Distance::new(weight, minimiser.clone()))
            .minimal_at(minimiser, Minimum::exact(0.0));
        CompositeProblem::new(objective, Vector::from_element(1, start))
    })
}
