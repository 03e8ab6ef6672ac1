//! Quadratics with several modes.

use std::ops::RangeInclusive;

use theoria_models::Vector;
use theoria_models::objectives::Quadratic;
use theoria_verification::Family;

use super::sides::size;
use crate::Problem;

/// Two to six modes with curvatures between μ and L, both taken, and the minimum at 0, from a point whose coordinate along each mode lies
/// between 0.01 and 10; L between 0.1 and 10, and L/μ in this range.
pub fn diagonal_quadratics(conditions: RangeInclusive<f64>) -> Family<Problem> {
    let (least, most) = conditions.into_inner();
    Family::drawn("quadratics with two to six modes", move |draw| {
        let modes = draw.size(2..=6);
        let largest = size(draw);
        let smallest = largest / draw.log_uniform(least, most);
        if largest > 100.0 * smallest {
            draw.label("ill-conditioned");
        }
        let mut spectrum = vec![largest, smallest];
        spectrum.extend((2..modes).map(|_| draw.including_ends(smallest, largest)));
        let start = Vector::from_fn(modes, |_, _| draw.log_uniform(0.01, 10.0));
        Problem::new(Quadratic::diagonal(&spectrum), start)
    })
}
