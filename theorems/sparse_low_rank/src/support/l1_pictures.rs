//! Lines of pictures of two coefficients.

use theoria_elementary::{cos, sin};
use theoria_models::Vector;
use theoria_verification::Line;

use crate::support::l1_constraint::L1Constrained;
use crate::support::ridge_path::logarithmic;

pub(crate) fn pair(a: &Vector) -> (f64, f64) {
    (a[0], a[1])
}

pub(crate) fn ball(radius: f64) -> Line {
    let corners = [(radius, 0.0), (0.0, radius), (-radius, 0.0), (0.0, -radius), (radius, 0.0)];
    Line::predicted("l1 ball", corners)
}

/// The points at which f is as large as at `a`.
pub(crate) fn level_set(label: &str, problem: &L1Constrained, a: &Vector) -> Line {
    let centre = problem.least_squares();
    let level = problem.value(a) - problem.value(&centre);
    let points = (0..=120).map(|i| {
        let angle = std::f64::consts::TAU * f64::from(i) / 120.0;
        let direction = Vector::from_vec(vec![cos(angle), sin(angle)]);
        let reach = (level / direction.dot(&(&problem.gram * &direction))).sqrt();
        pair(&(&centre + direction * reach))
    });
    Line::predicted(label, points)
}

pub(crate) fn ridge_curve(problem: &L1Constrained) -> Line {
    let ridge = problem.ridge();
    let weights = logarithmic(1e-4, 1e4, 200);
    Line::predicted("ridge solutions", weights.into_iter().map(|l| pair(&ridge.at(l))))
}
