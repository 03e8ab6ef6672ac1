//! Smooth functions of one variable that need not be convex.

use theoria_models::objectives::PiecewiseQuadratic;
use theoria_models::{Objective, Vector};
use theoria_verification::{Draw, Family};

use super::sides::{Part, distance, joined, side, size, started, width};
use crate::Problem;

/// Slopes do not fall below this share of the steepest before, lest no Polyak–Łojasiewicz constant is left.
const LEAST_SHARE: f64 = 0.05;

/// f″ between -L and L, in pieces, and L outermost, so that f is bounded below; L between 0.1 and 10. One critical point is at 0, and
/// the start at a distance between 0.1 and 10 from it.
pub fn smooth_functions() -> Family<Problem> {
    Family::drawn("smooth functions of one variable", |draw| {
        let smoothness = size(draw);
        let f = smooth(smoothness, draw);
        if !f.is_convex() {
            draw.label("not convex");
        }
        let (left, distance) = (draw.coin(), distance(draw));
        let mut start = Vector::from_element(1, if left { -distance } else { distance });
        // No method moves from a minimiser.
        while f.nearest_minimiser(&start).as_ref() == Some(&start) {
            start *= 2.0;
        }
        Problem::new(f, start)
    })
}

/// f″ between -L and L, in pieces, and f′ of the sign of x: L between 0.1 and 10, the start at a distance between 0.1 and 10 from the
/// minimum.
pub fn lojasiewicz_functions() -> Family<Problem> {
    Family::drawn("Polyak–Łojasiewicz functions of one variable", |draw| {
        let smoothness = size(draw);
        started(lojasiewicz(smoothness, draw), draw)
    })
}

pub(super) fn lojasiewicz(smoothness: f64, draw: &mut Draw) -> PiecewiseQuadratic {
    let (left, right) =
        (rising(smoothness, None, draw), rising(smoothness, Some(smoothness), draw));
    let f = function(&left, &right);
    if !f.is_convex() {
        draw.label("not convex");
    }
    f
}

pub(super) fn smooth(smoothness: f64, draw: &mut Draw) -> PiecewiseQuadratic {
    let curvature = |draw: &mut Draw, _| draw.including_ends(-smoothness, smoothness);
    let left = side(draw, Some(smoothness), curvature);
    let right = side(draw, Some(smoothness), curvature);
    function(&left, &right)
}

/// One side on which |f′| stays positive.
fn rising(smoothness: f64, outermost: Option<f64>, draw: &mut Draw) -> Vec<Part> {
    let count = draw.several();
    let (mut slope, mut steepest) = (0.0, 0.0f64);
    (0..count)
        .map(|i| {
            let (first, last) = (i == 0, i + 1 == count);
            // At the minimum and in the end it rises, else no Polyak–Łojasiewicz constant is left.
            let value = match outermost.filter(|_| last) {
                Some(value) => value,
                None if first || last => {
                    draw.log_uniform(LEAST_SHARE.powi(2) * smoothness, smoothness)
                }
                None => draw.including_ends(-smoothness, smoothness),
            };
            let width = if last { f64::INFINITY } else { width(draw) };
            // Less steeply down, lest the slope falls too far.
            let value = value.max((LEAST_SHARE * steepest - slope) / width);
            slope += value * width;
            steepest = steepest.max(slope);
            Part { width, value }
        })
        .collect()
}

/// The function with f′(0) = 0 and curvatures, of either sign, from these parts.
fn function(left: &[Part], right: &[Part]) -> PiecewiseQuadratic {
    let (knots, curvatures) = joined(left, right);
    PiecewiseQuadratic::with_critical_point(&knots, &curvatures, 0.0)
}
