//! Convex Lipschitz objectives.

use theoria_models::Matrix;
use theoria_models::Vector;
use theoria_models::objectives::{Hinge, Lasso, LeastAbsoluteDeviations, MaximumOfAffine};
use theoria_verification::Family;

use super::{gaussian, gaussian_matrix};
use crate::Problem;

/// Least absolute deviations on random data.
pub fn least_absolute_deviations() -> Family<Problem> {
    Family::drawn("least absolute deviations", |draw| {
        let dimension = draw.size(1..=6);
        let samples = dimension + draw.size(2..=20);
        let features = gaussian_matrix(samples, dimension, draw);
        let objective = LeastAbsoluteDeviations::new(features, gaussian(samples, draw));
        Problem::new(objective, gaussian(dimension, draw) * 3.0)
    })
}

/// The hinge loss on data that a random hyperplane separates, from 0.
pub fn separable_hinge() -> Family<Problem> {
    Family::drawn("hinge loss", |draw| {
        let dimension = draw.size(1..=6);
        let samples = draw.size(2..=30);
        let features = gaussian_matrix(samples, dimension, draw);
        let normal = gaussian(dimension, draw);
        let scores = &features * &normal;
        let separator = normal * (1.000_000_1 / scores.map(f64::abs).min());
        let objective = Hinge::new(&features, &scores.map(f64::signum)).separated_by(separator);
        Problem::new(objective, Vector::zeros(dimension))
    })
}

/// The weighted l1 norm, as least absolute deviations from 0 of each coordinate.
pub fn l1_norm() -> Family<Problem> {
    Family::drawn("l1 norm", |draw| {
        // In one dimension methods that know the minimum are there after a step.
        let dimension = draw.size(2..=10);
        let weights = Vector::from_fn(dimension, |_, _| draw.log_uniform(0.3, 3.0));
        let targets = Vector::zeros(dimension);
        let objective = LeastAbsoluteDeviations::new(Matrix::from_diagonal(&weights), targets);
        Problem::new(objective, gaussian(dimension, draw))
    })
}

/// The largest of random affine functions.
pub fn maxima_of_affine() -> Family<Problem> {
    Family::drawn("maximum of affine functions", |draw| {
        let dimension = draw.size(1..=8);
        let slopes = gaussian_matrix(draw.size(1..=12), dimension, draw);
        let objective = MaximumOfAffine::new(&slopes, gaussian(dimension, draw));
        Problem::new(objective, gaussian(dimension, draw) * 3.0)
    })
}

/// The LASSO as one function with kinks. Its subgradients are bounded in the ball of four times the
/// distance of the start about the minimiser, which subgradient steps of sizes R/(10G), R/(G √(k + 1))
/// and R/(G √(N + 1)) do not leave within 1000 of them: |x_k - x*|² ≤ R² + G² Σ h_j².
pub fn lasso_with_bounded_slopes() -> Family<Problem> {
    Family::drawn("LASSO, in a ball", |draw| {
        let dimension = draw.size(1..=6);
        let samples = dimension + draw.size(2..=20);
        let features = gaussian_matrix(samples, dimension, draw);
        let weight = draw.log_uniform(0.05, 0.5);
        let objective = Lasso::averaged(features, gaussian(samples, draw), weight).composite();
        let start = gaussian(dimension, draw);
        let distance = objective.minimiser().map_or(0.0, |x| (x - &start).norm());
        let steepest = weight * (dimension as f64).sqrt();
        Problem::new(objective.whole().within(4.0 * distance, steepest), start)
    })
}

/// |x| from several starts.
pub fn absolute_value() -> Family<Problem> {
    Family::listed("|x|", [1.0, 0.3, -2.7], |&start| {
        let objective = LeastAbsoluteDeviations::new(Matrix::identity(1, 1), Vector::zeros(1));
        Problem::new(objective, Vector::from_element(1, start))
    })
}
