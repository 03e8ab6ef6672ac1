//! Smooth convex functions of one variable.

use std::ops::RangeInclusive;

use theoria_models::objectives::PiecewiseQuadratic;
use theoria_verification::{Draw, Family};

use super::sides::{function, side, size, started};
use crate::Problem;

/// f″ between 0 and L, in pieces; L between 0.1 and 10, the start at a distance between 0.1 and 10 from the nearest minimiser.
pub fn smooth_convex_functions() -> Family<Problem> {
    Family::drawn("smooth convex functions of one variable", |draw| {
        let smoothness = size(draw);
        started(smooth_convex(smoothness, draw), draw)
    })
}

/// f″ between μ and L, in pieces, both taken; L between 0.1 and 10, and L/μ in this range.
pub fn strongly_convex_functions(conditions: RangeInclusive<f64>) -> Family<Problem> {
    let (least, most) = conditions.into_inner();
    Family::drawn("strongly convex functions of one variable", move |draw| {
        let smoothness = size(draw);
        let condition = draw.log_uniform(least, most);
        started(strongly_convex(smoothness, condition, draw), draw)
    })
}

pub(super) fn smooth_convex(smoothness: f64, draw: &mut Draw) -> PiecewiseQuadratic {
    let curvature = |draw: &mut Draw, _| draw.including_ends(0.0, smoothness);
    let left = side(draw, None, curvature);
    let right = side(draw, Some(smoothness), curvature);
    function(&left, &right)
}

pub(super) fn strongly_convex(
    smoothness: f64,
    condition: f64,
    draw: &mut Draw,
) -> PiecewiseQuadratic {
    let least = smoothness / condition;
    let curvature = |draw: &mut Draw, _| draw.including_ends(least, smoothness);
    let left = side(draw, Some(least), curvature);
    let right = side(draw, Some(smoothness), curvature);
    function(&left, &right)
}
