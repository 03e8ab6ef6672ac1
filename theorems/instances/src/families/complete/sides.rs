//! What a function of one variable is made of: pieces to the left and to the right of its minimum.

use theoria_models::objectives::PiecewiseQuadratic;
use theoria_models::{Objective, Vector};
use theoria_verification::Draw;

use crate::Problem;

/// The range of widths of pieces.
const WIDTHS: (f64, f64) = (0.01, 10.0);
/// The range of distances of the start from the nearest minimiser.
const DISTANCES: (f64, f64) = (0.1, 10.0);

/// A piece as seen from the minimum: so wide, with this curvature (or slope). The last one has no end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    pub(super) width: f64,
    pub(super) value: f64,
}

/// One side of the minimum, from there outwards: pieces whose value is drawn from what was drawn before, the outermost one with
/// this value if one is given.
pub(super) fn side(
    draw: &mut Draw,
    outermost: Option<f64>,
    mut value: impl FnMut(&mut Draw, Option<f64>) -> f64,
) -> Vec<Part> {
    let count = draw.several();
    let mut parts: Vec<Part> = Vec::with_capacity(count);
    for i in 0..count {
        let before = parts.last().map(|part| part.value);
        let last = i + 1 == count;
        let width = if last { f64::INFINITY } else { width(draw) };
        let value = outermost.filter(|_| last).unwrap_or_else(|| value(draw, before));
        parts.push(Part { width, value });
    }
    parts
}

pub(super) fn width(draw: &mut Draw) -> f64 {
    draw.log_uniform(WIDTHS.0, WIDTHS.1)
}

/// The largest curvature of a function, or its steepest slope: over so many orders of magnitude, so that powers of it are told apart.
pub(super) fn size(draw: &mut Draw) -> f64 {
    draw.log_uniform(0.1, 10.0)
}

/// Knots and values of both sides of 0, from left to right.
pub(super) fn joined(left: &[Part], right: &[Part]) -> (Vec<f64>, Vec<f64>) {
    let ends = |parts: &[Part]| -> Vec<f64> {
        let sums = parts.iter().scan(0.0, |at, part| {
            *at += part.width;
            Some(*at)
        });
        sums.filter(|end| end.is_finite()).collect()
    };
    let outwards = ends(left).into_iter().rev().map(|end| -end);
    let knots = outwards.chain([0.0]).chain(ends(right)).collect();
    let values = left.iter().rev().chain(right).map(|part| part.value).collect();
    (knots, values)
}

/// The distance of the start from where it is measured.
pub(super) fn distance(draw: &mut Draw) -> f64 {
    draw.log_uniform(DISTANCES.0, DISTANCES.1)
}

/// The function with its minimum at 0 and curvatures from these parts.
pub(super) fn function(left: &[Part], right: &[Part]) -> PiecewiseQuadratic {
    let (knots, curvatures) = joined(left, right);
    PiecewiseQuadratic::with_curvatures(&knots, &curvatures, 0.0)
}

/// A start on either side at some distance from the nearest minimiser.
pub(super) fn start(f: &PiecewiseQuadratic, draw: &mut Draw) -> f64 {
    let (left, distance) = (draw.coin(), distance(draw));
    beyond(f, left, distance)
}

/// Beyond all knots, and near enough that of two minimisers one is still the nearer.
const FAR: f64 = 1e9;

/// The place at this distance beyond the minimisers, on the right where to the left all are minimisers.
pub(super) fn beyond(f: &PiecewiseQuadratic, left: bool, distance: f64) -> f64 {
    let end = |far: f64| f.nearest_minimiser(&Vector::from_element(1, far)).map_or(0.0, |x| x[0]);
    let left_end = end(-FAR);
    if left && left_end > -FAR { left_end - distance } else { end(FAR) + distance }
}

/// The function from such a start, with what kind it is.
pub(super) fn started(f: PiecewiseQuadratic, draw: &mut Draw) -> Problem {
    label(&f, draw);
    let start = start(&f, draw);
    Problem::new(f, Vector::from_element(1, start))
}

/// Says what kind of function it is.
pub(super) fn label(f: &PiecewiseQuadratic, draw: &mut Draw) {
    let unit = Vector::from_element(1, 1.0);
    let at = |x: f64| {
        let curvature = f.hessian_vector(&Vector::from_element(1, x), &unit);
        curvature.map_or(0.0, |curvature| curvature[0])
    };
    let (l, mu) = (f.smoothness(), f.strong_convexity());
    if let (Some(l), Some(mu)) = (l, mu) {
        if l.value == mu.value {
            draw.label("one parabola");
        } else if l.value > 100.0 * mu.value {
            draw.label("ill-conditioned");
        }
    }
    if at(0.0) == 0.0 && at(-f64::MIN_POSITIVE) == 0.0 && l.is_some() {
        draw.label("flat at the minimum");
    }
}
