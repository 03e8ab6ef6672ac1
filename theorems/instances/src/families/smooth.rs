//! Smooth objectives without constraints.

use rand_distr::{Distribution, StandardNormal};
use theoria_models::networks::{Activation, Model, SquaredFit, TwoLayer};
use theoria_models::objectives::{
    LeastSquares, Quadratic, QuadraticPlusSine, StronglyConvexOfLinear, Trigonometric,
};
use theoria_models::{Matrix, Objective, Vector};
use theoria_verification::{Draw, Family};

use super::{cancer_logistic, diabetes_least_squares};
use crate::Problem;

/// A vector with independent standard normal coordinates.
pub fn gaussian(dimension: usize, draw: &mut Draw) -> Vector {
    Vector::from_fn(dimension, |_, _| StandardNormal.sample(draw.generator()))
}

/// A matrix with independent standard normal entries.
pub fn gaussian_matrix(rows: usize, columns: usize, draw: &mut Draw) -> Matrix {
    Matrix::from_fn(rows, columns, |_, _| StandardNormal.sample(draw.generator()))
}

/// The product of two such matrices, rows x `rank` and `rank` x columns, of exactly this rank: entries are rounded
/// to a grid that leaves products of up to a hundred terms exact, for a product that is rounded has full rank.
pub fn low_rank_matrix(rows: usize, rank: usize, columns: usize, draw: &mut Draw) -> Matrix {
    let grid = |entry: f64| (entry * 1_048_576.0).round() / 1_048_576.0;
    let left = gaussian_matrix(rows, rank, draw).map(grid);
    left * gaussian_matrix(rank, columns, draw).map(grid)
}

/// Eigenvalues log-uniform between two extremes that are both among them (in dimension 1 only the
/// largest): the largest between 0.1 and 10, the condition number between 2 and `condition`.
pub fn spectrum(dimension: usize, condition: f64, draw: &mut Draw) -> Vec<f64> {
    let largest = draw.log_uniform(0.1, 10.0);
    let smallest = largest / draw.log_uniform(2.0, condition);
    (0..dimension)
        .map(|i| match i {
            0 => largest,
            1 => smallest,
            _ => draw.log_uniform(smallest, largest),
        })
        .collect()
}

/// A strongly convex quadratic in random rotation with its minimum at a random point.
pub fn quadratic(dimension: usize, condition: f64, draw: &mut Draw) -> Quadratic {
    let spectrum = spectrum(dimension, condition, draw);
    let minimiser = gaussian(dimension, draw);
    Quadratic::rotated(&spectrum, draw.generator()).centred_at(minimiser)
}

/// Strongly convex quadratics in random rotation: dimension 2 to 30, condition number 2 to 1000. (In dimension 1
/// L = μ, and what contracts by 1 − μ/L says nothing.)
pub fn quadratics() -> Family<Problem> {
    Family::drawn("random quadratics", |draw| {
        let dimension = draw.size(2..=30);
        let objective = quadratic(dimension, 1000.0, draw);
        Problem::new(objective, gaussian(dimension, draw))
    })
}

/// Least squares with more samples than features: strongly convex.
pub fn least_squares() -> Family<Problem> {
    Family::drawn("least squares", |draw| {
        let dimension = draw.size(2..=15);
        let samples = dimension + draw.size(2..=30);
        let features = gaussian_matrix(samples, dimension, draw);
        let targets = gaussian(samples, draw);
        Problem::new(LeastSquares::new(features, targets), gaussian(dimension, draw))
    })
}

/// Ridge regression with fewer samples than features: strongly convex by the ridge.
pub fn ridge_regression() -> Family<Problem> {
    Family::drawn("ridge regression", |draw| {
        let samples = draw.size(1..=15);
        let dimension = samples + draw.size(1..=15);
        let features = gaussian_matrix(samples, dimension, draw);
        let ridge = draw.log_uniform(0.01, 1.0);
        let objective = LeastSquares::with_ridge(features, gaussian(samples, draw), ridge);
        Problem::new(objective, gaussian(dimension, draw))
    })
}

/// Least squares whose features are linearly dependent: PL, but not strongly convex.
pub fn rank_deficient_least_squares() -> Family<Problem> {
    Family::drawn("rank-deficient least squares", |draw| {
        let rank = draw.size(2..=10);
        let dimension = rank + draw.size(1..=10);
        let samples = rank + draw.size(1..=20);
        let features = low_rank_matrix(samples, rank, dimension, draw);
        let targets = gaussian(samples, draw);
        Problem::new(LeastSquares::new(features, targets), gaussian(dimension, draw))
    })
}

/// A strongly convex function of a linear map with a kernel: PL, but not strongly convex.
pub fn composed_with_a_linear_map() -> Family<Problem> {
    Family::drawn("g(Ax), g strongly convex", |draw| {
        let rank = draw.size(1..=8);
        let dimension = rank + draw.size(1..=8);
        let map = gaussian_matrix(rank, dimension, draw);
        let objective = StronglyConvexOfLinear::new(map, gaussian(dimension, draw));
        Problem::new(objective, gaussian(dimension, draw) * 3.0)
    })
}

/// x² + 3 sin² x from starts on both sides of the region where it is not convex.
pub fn quadratic_plus_sine() -> Family<Problem> {
    Family::listed("x² + 3 sin² x", [-4.0, 2.2, 2.5, 10.0], |&start| {
        Problem::new(QuadraticPlusSine, Vector::from_vec(vec![start]))
    })
}

/// Smooth convex problems of every kind: least squares of full and of deficient rank, and on real data.
pub fn smooth_convex() -> Vec<Family<Problem>> {
    vec![
        least_squares(),
        rank_deficient_least_squares(),
        diabetes_least_squares(),
        cancer_logistic(),
    ]
}

/// Smooth strongly convex problems of every kind, and on real data.
pub fn smooth_strongly_convex() -> Vec<Family<Problem>> {
    vec![
        quadratics(),
        least_squares(),
        ridge_regression(),
        diabetes_least_squares(),
        cancer_logistic(),
    ]
}

/// Random waves on a quadratic: smooth, bounded below, not convex.
pub fn trigonometric_sums() -> Family<Problem> {
    Family::drawn("random waves", |draw| {
        let dimension = draw.size(1..=10);
        let waves = draw.size(1..=8);
        let mut objective = Trigonometric::new(draw.log_uniform(0.01, 0.3), dimension);
        for _ in 0..waves {
            let direction = gaussian(dimension, draw);
            let (amplitude, phase) = (draw.uniform(0.2, 1.0), draw.uniform(0.0, 6.3));
            objective = objective.with_wave(amplitude, direction, phase);
        }
        Problem::new(objective, gaussian(dimension, draw) * 2.0)
    })
}

/// Small two-layer networks from a random start, with smoothness estimated around it.
pub fn networks() -> Family<Problem> {
    Family::drawn("two-layer networks", |draw| {
        let (samples, inputs, neurons) = (draw.size(3..=8), draw.size(1..=3), draw.size(2..=5));
        let features = gaussian_matrix(samples, inputs, draw);
        let model = TwoLayer::new(features, neurons, Activation::Tanh);
        let network = SquaredFit::new(model, gaussian(samples, draw));
        let start = gaussian(network.dimension(), draw);
        let around = around(&start, 2.0 * start.norm(), draw);
        Problem::new(network.estimated_at(&around), start)
    })
}

/// Two-layer networks with more parameters than samples, started close to parameters that fit the
/// targets exactly: smoothness and PL constants are estimated there.
pub fn networks_near_a_solution() -> Family<Problem> {
    Family::drawn("networks near a solution", |draw| {
        let (samples, inputs) = (draw.size(2..=4), 2);
        let features = gaussian_matrix(samples, inputs, draw);
        let neurons = 4 * samples;
        let model = TwoLayer::new(features, neurons, Activation::Tanh);
        let solution = gaussian(model.parameters(), draw);
        let targets = model.outputs(&solution);
        let network = SquaredFit::new(model, targets);
        let start = &solution + gaussian(solution.len(), draw) * 0.02;
        let around = around(&solution, 3.0 * (&start - &solution).norm(), draw);
        Problem::new(network.estimated_at(&around), start)
    })
}

/// Random points in the ball of this radius about `centre`, and the centre.
fn around(centre: &Vector, radius: f64, draw: &mut Draw) -> Vec<Vector> {
    let mut points = vec![centre.clone()];
    for _ in 0..20 {
        let direction = gaussian(centre.len(), draw).normalize();
        points.push(centre + direction * draw.uniform(0.0, radius));
    }
    points
}
