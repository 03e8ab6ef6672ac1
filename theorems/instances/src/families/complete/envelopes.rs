//! Functions that are complete for their class in the plane: Moreau envelopes of maxima of affine functions.

use std::f64::consts::{FRAC_PI_2, PI};
use std::ops::RangeInclusive;

use theoria_elementary::{cos, hypot, sin};
use theoria_models::Vector;
use theoria_models::objectives::SmoothedMaximum;
use theoria_verification::{Draw, Family};

use super::sides::{distance, size, width};
use crate::Problem;

/// Of pieces beside the first one, two on average: all pairs and triples of them are tried at every step.
const MOST: usize = 6;

/// Convex functions of two variables, L between 0.1 and 10, the start on the first axis (methods commute with rotations) at a distance
/// between 0.1 and 10 from 0, which is a minimiser, not always the nearest. What a method sees of a smooth convex function in N steps it
/// sees of such a function with N + 1 pieces, of which there are seven at most.
pub fn smooth_convex_envelopes() -> Family<Problem> {
    Family::drawn("envelopes in the plane", |draw| {
        let smoothness = size(draw);
        envelope(smoothness, 0.0, draw)
    })
}

/// The same with a parabola that makes them strongly convex, L/μ in this range.
pub fn strongly_convex_envelopes(conditions: RangeInclusive<f64>) -> Family<Problem> {
    let (least, most) = conditions.into_inner();
    Family::drawn("strongly convex envelopes in the plane", move |draw| {
        let smoothness = size(draw);
        let condition = draw.log_uniform(least, most);
        envelope(smoothness, smoothness / condition, draw)
    })
}

fn envelope(smoothness: f64, strong_convexity: f64, draw: &mut Draw) -> Problem {
    let start = distance(draw);
    // The first piece is one that the start sees.
    let first = piece(draw, smoothness, FRAC_PI_2 * 0.9);
    let threshold = draw.including_ends(0.0, 0.9) * first[0] * start;
    let mut pieces = vec![(first, threshold)];
    for _ in 0..draw.several().min(MOST) {
        let slope = piece(draw, smoothness, PI);
        let threshold = hypot(slope[0], slope[1]) * start * draw.including_ends(0.0, 1.0);
        pieces.push((slope, threshold));
    }
    if pieces.iter().all(|(_, threshold)| *threshold == 0.0) {
        draw.label("all kinks meet at the minimum");
    }
    let objective = SmoothedMaximum::new(&pieces, smoothness, strong_convexity);
    Problem::new(objective, Vector::from_vec(vec![start, 0.0]))
}

/// A slope in a direction that is off the first axis by at most this angle, often by 0 or by all of it.
fn piece(draw: &mut Draw, smoothness: f64, most: f64) -> [f64; 2] {
    let size = smoothness * width(draw);
    let angle = draw.including_ends(0.0, most);
    let side = if draw.coin() { 1.0 } else { -1.0 };
    [size * cos(angle), side * size * sin(angle)]
}
