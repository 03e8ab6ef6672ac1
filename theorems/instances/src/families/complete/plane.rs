//! Sums of functions of one coordinate each, in the plane.

use std::ops::RangeInclusive;

use theoria_models::objectives::{PiecewiseQuadratic, Separable};
use theoria_models::{Objective, Vector};
use theoria_verification::{Draw, Family};

use super::convex::{smooth_convex, strongly_convex};
use super::lipschitz::piecewise_linear;
use super::nonconvex::smooth;
use super::sides::{size, start};
use crate::Problem;

/// f_1(x_1) + f_2(x_2), both [smooth and convex](super::smooth_convex_functions), L that of the first.
pub fn smooth_convex_in_the_plane() -> Family<Problem> {
    in_the_plane("smooth convex functions in the plane", |draw| {
        let smoothness = size(draw);
        let flatter = smoothness * draw.log_uniform(0.01, 1.0);
        [smooth_convex(smoothness, draw), smooth_convex(flatter, draw)]
    })
}

/// f_1(x_1) + f_2(x_2), both [strongly convex](super::strongly_convex_functions) with the same μ and L.
pub fn strongly_convex_in_the_plane(conditions: RangeInclusive<f64>) -> Family<Problem> {
    let (least, most) = conditions.into_inner();
    in_the_plane("strongly convex functions in the plane", move |draw| {
        let (smoothness, condition) = (size(draw), draw.log_uniform(least, most));
        [0, 1].map(|_| strongly_convex(smoothness, condition, draw))
    })
}

/// f_1(x_1) + f_2(x_2), both [smooth](super::smooth_functions) with the same L.
pub fn smooth_in_the_plane() -> Family<Problem> {
    in_the_plane("smooth functions in the plane", |draw| {
        let smoothness = size(draw);
        [0, 1].map(|_| smooth(smoothness, draw))
    })
}

/// f_1(x_1) + f_2(x_2), both [convex and piecewise linear](super::lipschitz_convex_functions).
pub fn lipschitz_convex_in_the_plane() -> Family<Problem> {
    in_the_plane("piecewise linear convex functions in the plane", |draw| {
        [0, 1].map(|_| {
            let steepest = size(draw);
            piecewise_linear(steepest, draw)
        })
    })
}

fn in_the_plane(
    name: &str,
    parts: impl Fn(&mut Draw) -> [PiecewiseQuadratic; 2] + Send + Sync + 'static,
) -> Family<Problem> {
    Family::drawn(name, move |draw| {
        let parts = parts(draw);
        let start = Vector::from_iterator(2, parts.iter().map(|part| start(part, draw)));
        let objective = Separable::new(parts.to_vec());
        if objective
            .strong_convexity()
            .is_some_and(|mu| objective.smoothness().is_some_and(|l| l.value > 100.0 * mu.value))
        {
            draw.label("ill-conditioned");
        }
        Problem::new(objective, start)
    })
}
