//! Lipschitz convex functions of one variable.

use theoria_models::objectives::{Piece, PiecewiseQuadratic};
use theoria_verification::{Draw, Family};

use super::sides::{Part, joined, side, size, started};
use crate::Problem;

/// f piecewise linear, with slopes that rise outwards up to G; G between 0.1 and 10, the start at a distance between 0.1 and 10
/// from the nearest minimiser.
pub fn lipschitz_convex_functions() -> Family<Problem> {
    Family::drawn("piecewise linear convex functions of one variable", |draw| {
        let steepest = size(draw);
        started(piecewise_linear(steepest, draw), draw)
    })
}

pub(super) fn piecewise_linear(steepest: f64, draw: &mut Draw) -> PiecewiseQuadratic {
    let steeper =
        |draw: &mut Draw, before: Option<f64>| draw.including_ends(before.unwrap_or(0.0), steepest);
    let downhill = |part: Part| Part { value: -part.value, ..part };
    let left: Vec<Part> = side(draw, None, steeper).into_iter().map(downhill).collect();
    let right = side(draw, Some(steepest), steeper);
    if left.len() == 1 && right.len() == 1 {
        draw.label("one kink");
    }
    function(&left, &right)
}

/// f piecewise linear with slopes of either sign up to G, and G outermost: not convex, and bounded below.
pub fn lipschitz_functions() -> Family<Problem> {
    Family::drawn("piecewise linear functions of one variable", |draw| {
        let steepest = size(draw);
        let slope = |draw: &mut Draw, _| draw.including_ends(-steepest, steepest);
        let left = side(draw, Some(-steepest), slope);
        let right = side(draw, Some(steepest), slope);
        started(function(&left, &right), draw)
    })
}

/// The function with slopes from these parts.
fn function(left: &[Part], right: &[Part]) -> PiecewiseQuadratic {
    let (knots, slopes) = joined(left, right);
    // The first piece has no end to the left, so it is told from its right one.
    let from = [knots[0] - 1.0].into_iter().chain(knots.iter().copied());
    let pieces: Vec<Piece> =
        from.zip(slopes).map(|(from, slope)| Piece { from, slope, curvature: 0.0 }).collect();
    PiecewiseQuadratic::new(&pieces)
}
