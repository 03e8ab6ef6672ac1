//! Problems of which curvature and noise are known along each coordinate.

use theoria_models::data::breast_cancer;
use theoria_models::objectives::{Huber, LogisticRegression, QuadraticPlusSine, Regularisation};
use theoria_models::stochastic::{MiniBatch, Sampling, Shape};
use theoria_models::{Objective, Vector};
use theoria_verification::Family;

use super::{gaussian, quadratic};
use crate::CoordinatewiseProblem;

/// Quadratics in random rotation with normal noise, about as large as the slopes of the start, and steps that
/// reach the minimum within about ten. L_i is the sum of the absolute entries of a row of the Hessian:
/// diag(L_i) - H is then diagonally dominant.
pub fn rotated_quadratics() -> Family<CoordinatewiseProblem> {
    Family::drawn("random quadratics, normal noise", |draw| {
        let dimension = draw.size(1..=6);
        let (minimiser, start) = (gaussian(dimension, draw), gaussian(dimension, draw));
        let objective = quadratic(dimension, 30.0, draw).centred_at(minimiser.clone());
        let curvature = objective.matrix().abs().column_sum();
        let sigma = draw.log_uniform(0.7, 3.0) * objective.gradient_at(&start).amax();
        let step_size = (&start - minimiser).amax() / 6.0;
        let noise = (sigma, Shape::Gaussian);
        CoordinatewiseProblem::perturbed(objective, noise, curvature, start, step_size)
    })
}

/// x² + 3 sin² x with skewed noise.
pub fn skewed_sine() -> Family<CoordinatewiseProblem> {
    Family::listed("x² + 3 sin² x, skewed noise", [-4.0, 2.2], |&start| {
        CoordinatewiseProblem::perturbed(
            QuadraticPlusSine,
            (2.0, Shape::Skewed),
            Vector::from_element(1, 8.0),
            Vector::from_element(1, start),
            0.25,
        )
    })
}

/// Logistic regression on the breast cancer data with a regularisation that is not convex: slopes of one
/// standardised feature have mean square at most 1, and the Hessian is at most XᵀX/(4n) + 0.2 in every entry.
pub fn cancer_in_coordinates() -> Family<CoordinatewiseProblem> {
    Family::single("breast cancer, batches", || {
        let data = breast_cancer();
        let samples = data.targets.len();
        let gram = data.features.tr_mul(&data.features) / (4.0 * samples as f64);
        let penalty = Regularisation::NonConvex(0.1);
        let objective = LogisticRegression::new(&data.features, &data.targets, penalty);
        let objective = objective.named("breast cancer");
        let batches =
            move |size| MiniBatch::new(objective.clone(), size, Sampling::WithReplacement);
        let curvatures = gram.abs().column_sum().add_scalar(0.2);
        let bounds = (curvatures, Vector::from_element(30, 1.0));
        CoordinatewiseProblem::new(batches, bounds, Vector::from_element(30, 0.5), 0.02)
    })
}

/// On a slope of 1, noise of ±1.001: both signs are equally likely, and the gradient stays as it is.
pub fn drowned_slope() -> Family<CoordinatewiseProblem> {
    Family::single("slope 1, noise ±1.001", || slope(1.0, (1.001, Shape::Signs), 0.6, 1e-3))
}

/// A slope of 1/4 whose stochastic gradient is 4 with probability 1/4 and -1 with probability 3/4.
pub fn misleading_slope() -> Family<CoordinatewiseProblem> {
    Family::single("slope 1/4, gradient 4 or −1", misleading)
}

/// The instance of [`misleading_slope`].
pub fn misleading() -> CoordinatewiseProblem {
    let sigma = 1.25 * 3f64.sqrt();
    slope(0.25, (sigma, Shape::Skewed), 0.5, 1e-2)
}

/// |x| with this slope, rounded off within 0.1 of 0, from a point on the slope.
fn slope(slope: f64, noise: (f64, Shape), distance: f64, step_size: f64) -> CoordinatewiseProblem {
    let objective = Huber::new(10.0 * slope, 0.1);
    let curvature = Vector::from_element(1, 10.0 * slope);
    let start = Vector::from_element(1, 0.1 + distance);
    CoordinatewiseProblem::perturbed(objective, noise, curvature, start, step_size)
}
