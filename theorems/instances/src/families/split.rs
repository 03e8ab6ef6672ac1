//! Problems with a set or a regulariser whose solution is known by construction: a point outside is
//! projected, and the objective gets the slope that makes the projection its minimiser.

use theoria_models::objectives::{
    Composite, Constrained, L1Norm, Quadratic, Regulariser, SquaredNorm, Tilted,
};
use theoria_models::sets::{Ball, BoxSet, ConvexSet, L1Ball, Simplex};
use theoria_models::{Minimum, Vector};
use theoria_verification::{Draw, Family};

use super::{AfterSteps, STEPS, gaussian, quadratic};
use crate::{CompositeProblem, ConstrainedProblem};

/// Random quadratics over balls, boxes, simplices and l1 balls, with the minimiser on the boundary.
pub fn constrained_quadratics() -> Vec<Family<ConstrainedProblem>> {
    vec![
        over("quadratics over a ball", Ball::new(1.0)),
        over("quadratics over a box", BoxSet::new(-0.5, 1.0)),
        over("quadratics over a simplex", Simplex::new(1.0)),
        over("quadratics over an l1 ball", L1Ball::new(1.0)),
    ]
}

/// |x|² over the simplex in dimension d, from a vertex: the minimum is 1/d, at the centre.
pub fn norm_over_the_simplex(dimension: usize) -> ConstrainedProblem {
    let mut start = Vector::zeros(dimension);
    start[0] = 1.0;
    let centre = Vector::from_element(dimension, 1.0 / dimension as f64);
    let minimum = Minimum::exact(1.0 / dimension as f64);
    let objective = SquaredNorm::new(dimension);
    let problem = Constrained::new(objective, Simplex::new(1.0)).minimal_at(centre, minimum);
    ConstrainedProblem::new(problem, start)
}

/// L = 2 along the first coordinate, and a slope of L R/(2N) along the second, from R = 1 down to the
/// end of the half-line at 0.
pub fn slope_over_a_half_line(steps: usize) -> ConstrainedProblem {
    let smoothness = 2.0;
    let slope = Vector::from_vec(vec![0.0, smoothness / (2.0 * steps as f64)]);
    let flat = Quadratic::diagonal(&[smoothness, 0.0]);
    let objective = Tilted::new(flat, Vector::zeros(2), slope);
    let problem = Constrained::new(objective, BoxSet::new(0.0, 10.0))
        .minimal_at(Vector::zeros(2), Minimum::exact(0.0));
    ConstrainedProblem::new(problem, Vector::from_vec(vec![0.0, 1.0]))
}

/// L = 2 along the first coordinate, and w|x| with `weight` w/(L R) along the second, from R = 1.
pub fn kink_under_a_slope(weight: f64) -> CompositeProblem {
    let smoothness = 2.0;
    let flat = Quadratic::diagonal(&[smoothness, 0.0]);
    let problem = Composite::new(flat, L1Norm::new(weight * smoothness))
        .minimal_at(Vector::zeros(2), Minimum::exact(0.0));
    CompositeProblem::new(problem, Vector::from_vec(vec![0.0, 1.0]))
}

/// Two modes of curvature 1 and κ over a large box with the minimiser inside, from a point on the flat one (or the
/// stiff one), for these κ: what gradient descent does without a set.
pub fn modes_in_a_box(
    name: &str,
    conditions: impl IntoIterator<Item = f64>,
    flat: bool,
) -> Family<ConstrainedProblem> {
    Family::listed(name, conditions, move |&condition| {
        let problem =
            Constrained::new(Quadratic::diagonal(&[1.0, condition]), BoxSet::new(-10.0, 10.0))
                .minimal_at(Vector::zeros(2), Minimum::exact(0.0));
        ConstrainedProblem::new(problem, axis(flat))
    })
}

/// Two modes of curvature 1 and κ with a regulariser of weight 0, from a point on the flat one (or the stiff one).
pub fn modes_without_weight(
    name: &str,
    conditions: impl IntoIterator<Item = f64>,
    flat: bool,
) -> Family<CompositeProblem> {
    Family::listed(name, conditions, move |&condition| {
        let problem = Composite::new(Quadratic::diagonal(&[1.0, condition]), L1Norm::new(0.0))
            .minimal_at(Vector::zeros(2), Minimum::exact(0.0));
        CompositeProblem::new(problem, axis(flat))
    })
}

fn axis(flat: bool) -> Vector {
    Vector::from_vec(if flat { vec![1.0, 0.0] } else { vec![0.0, 1.0] })
}

/// For each of [`STEPS`] the [slope over a half-line](slope_over_a_half_line) that ends after so many.
pub fn half_lines_after_steps() -> Family<AfterSteps<ConstrainedProblem>> {
    Family::listed("a slope over a half-line", STEPS, |&steps| AfterSteps {
        problem: slope_over_a_half_line(steps),
        steps,
    })
}

/// For each of [`STEPS`] the [kink](kink_under_a_slope) that a method walks half down in so many, when it
/// goes `reach` times the slope over L in them.
pub fn kinks_after_steps(
    reach: impl Fn(usize) -> f64 + Send + Sync + 'static,
) -> Family<AfterSteps<CompositeProblem>> {
    Family::listed("w|x|, fitted to N", STEPS, move |&steps| AfterSteps {
        problem: kink_under_a_slope(1.0 / (2.0 * reach(steps))),
        steps,
    })
}

fn over(name: &str, set: impl ConvexSet + Copy + 'static) -> Family<ConstrainedProblem> {
    Family::drawn(name, move |draw| {
        let dimension = draw.size(2..=12);
        let (outside, minimiser) = loop {
            let outside = gaussian(dimension, draw) * 2.0;
            let mut minimiser = outside.clone();
            set.project(&mut minimiser);
            // Within the set there would be nothing to project.
            if minimiser != outside {
                break (outside, minimiser);
            }
        };
        // What is left is normal to the set at the projection.
        let slope = (&minimiser - outside) * draw.log_uniform(0.1, 1.0);
        let objective = Tilted::new(quadratic(dimension, 100.0, draw), minimiser.clone(), slope);
        let mut start = gaussian(dimension, draw);
        set.project(&mut start);
        // Both may be projected onto the same corner, up to rounding.
        while (&start - &minimiser).norm() < 1e-6 {
            start = gaussian(dimension, draw);
            set.project(&mut start);
        }
        let problem = Constrained::new(objective, set).minimal_at(minimiser, Minimum::exact(0.0));
        ConstrainedProblem::new(problem, start)
    })
}

/// Random quadratics plus an l1 norm, with a sparse minimiser.
pub fn sparse_quadratics() -> Family<CompositeProblem> {
    Family::drawn("quadratics with an l1 norm", |draw| {
        let dimension = draw.size(2..=15);
        let objective = sparse(dimension, draw);
        CompositeProblem::new(objective, gaussian(dimension, draw))
    })
}

fn sparse(dimension: usize, draw: &mut Draw) -> Composite {
    let weight = draw.log_uniform(0.1, 1.0);
    let norm = L1Norm::new(weight);
    let mut outside = gaussian(dimension, draw);
    // Lest nothing is sparse.
    outside[0] = weight * draw.uniform(-0.9, 0.9);
    let mut minimiser: Vector = outside.clone();
    norm.proximal(1.0, &mut minimiser);
    // The proximal map leaves a subgradient of the norm, which the slope takes off.
    let slope = &minimiser - outside;
    let minimum = Minimum { value: norm.value(&minimiser), error: 0.0 };
    let smooth = Tilted::new(quadratic(dimension, 100.0, draw), minimiser.clone(), slope);
    Composite::new(smooth, norm).minimal_at(minimiser, minimum)
}
