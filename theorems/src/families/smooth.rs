//! Smooth objectives without constraints.

use rand_distr::{Distribution, StandardNormal};
use theoria_models::objectives::{LeastSquares, Quadratic, QuadraticPlusSine};
use theoria_models::{Matrix, Vector};
use theoria_verification::{Draw, Family};

use crate::Problem;

/// A vector with independent standard normal coordinates.
pub fn gaussian(dimension: usize, draw: &mut Draw) -> Vector {
    Vector::from_fn(dimension, |_, _| StandardNormal.sample(draw.generator()))
}

/// A matrix with independent standard normal entries.
pub fn gaussian_matrix(rows: usize, columns: usize, draw: &mut Draw) -> Matrix {
    Matrix::from_fn(rows, columns, |_, _| {
        StandardNormal.sample(draw.generator())
    })
}

/// Strongly convex quadratics in random rotation: dimension 1 to 30, condition number 2 to 1000,
/// eigenvalues log-uniform between the extremes.
pub fn quadratics() -> Family<Problem> {
    Family::drawn("random quadratics", |draw| {
        let dimension = draw.size(1..=30);
        let largest = draw.log_uniform(0.1, 10.0);
        let smallest = largest / draw.log_uniform(2.0, 1000.0);
        let spectrum: Vec<f64> = (0..dimension)
            .map(|i| match i {
                0 => largest,
                1 => smallest,
                _ => draw.log_uniform(smallest, largest),
            })
            .collect();
        let minimiser = gaussian(dimension, draw);
        let start = gaussian(dimension, draw);
        let quadratic = Quadratic::rotated(&spectrum, draw.generator()).centred_at(minimiser);
        Problem::new(quadratic, start)
    })
}

/// Least squares whose features are linearly dependent: PL, but not strongly convex.
pub fn rank_deficient_least_squares() -> Family<Problem> {
    Family::drawn("rank-deficient least squares", |draw| {
        let rank = draw.size(1..=10);
        let dimension = rank + draw.size(1..=10);
        let samples = rank + draw.size(1..=20);
        let features =
            gaussian_matrix(samples, rank, draw) * gaussian_matrix(rank, dimension, draw);
        let targets = gaussian(samples, draw);
        Problem::new(
            LeastSquares::new(features, targets),
            gaussian(dimension, draw),
        )
    })
}

/// x² + 3 sin² x from starts on both sides of the region where it is not convex.
pub fn quadratic_plus_sine() -> Family<Problem> {
    Family::listed("x² + 3 sin² x", [-4.0, 2.2, 2.5, 10.0], |&start| {
        Problem::new(QuadraticPlusSine, Vector::from_vec(vec![start]))
    })
}
