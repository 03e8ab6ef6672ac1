//! Lipschitz functions of one variable over an interval.

use theoria_instances::Problem;
use theoria_instances::families::lipschitz_convex_functions;
use theoria_models::Vector;
use theoria_models::objectives::{Piece, PiecewiseQuadratic};
use theoria_models::stochastic::NoiseModel;
use theoria_verification::Family;

use super::atoms::{Flaw, enumerated};
use super::enumerated::Enumerated;

/// (largest |f′| on C)² + σ²; slopes of a convex function are largest at the ends.
pub(crate) fn second_moment_within(p: &Enumerated) -> f64 {
    let slope = |x: f64| p.problem().objective().gradient_at(&Vector::from_element(1, x))[0].abs();
    let ends = [-p.radius(), p.radius()].map(slope);
    ends[0].max(ends[1]).powi(2) + p.variance()
}

/// Convex functions over an interval that holds the start.
pub(crate) fn in_an_interval() -> Family<Enumerated> {
    let family = noisy(lipschitz_convex_functions());
    Family::drawn(&format!("{}, over an interval", family.name()), move |draw| {
        let p = family.instance(draw, 0);
        let radius = p.problem().start()[0].abs() * draw.including_ends(1.0, 2.0);
        p.projected(radius)
    })
    .hunted(1000)
}

/// |x| that is steeper beyond ±1, from there, over an interval within.
pub(crate) fn steeper_outside() -> Family<Enumerated> {
    let family = noisy(Family::drawn("|x|, steeper beyond 1", |draw| {
        let (inner, start) = (draw.log_uniform(0.01, 0.5), draw.log_uniform(1.1, 10.0));
        let pieces = [(-2.0, -1.0), (-1.0, -inner), (0.0, inner), (1.0, 1.0)];
        let pieces = pieces.map(|(from, slope)| Piece { from, slope, curvature: 0.0 });
        Problem::new(PiecewiseQuadratic::new(&pieces), Vector::from_element(1, start))
    }));
    Family::drawn(&format!("{}, an interval short of the start", family.name()), move |draw| {
        let p = family.instance(draw, 0);
        p.projected(draw.uniform(0.2, 0.9))
    })
    .hunted(1000)
}

fn noisy(functions: Family<Problem>) -> Family<Enumerated> {
    enumerated(functions, NoiseModel::Additive, (0.1, 1.0), Flaw::None)
}
