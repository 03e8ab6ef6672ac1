//! Two ways to solve least squares, and how many digits they lose.

use nalgebra::{DMatrix, DVector};
use theoria_elementary::{log10, powf};
use theoria_instances::families::{gaussian, gaussian_matrix};
use theoria_models::elimination::solve;
use theoria_models::numerics::DoubleDouble;
use theoria_models::point::Scalar;
use theoria_models::{Matrix, Vector};
use theoria_verification::Draw;

/// Matrices that a median is taken of.
const MATRICES: usize = 90;

/// What is left of y beside the range of X.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Residual {
    None,
    /// As large as X a.
    Large,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Solver {
    /// Cholesky factors of XᵀX.
    Normal,
    /// X = QR by reflections.
    Qr,
}

impl Solver {
    /// Condition numbers at which one power rules, and some digits are left.
    pub(crate) fn conditions(self) -> [f64; 5] {
        match self {
            Solver::Normal => [1e3, 1e4, 1e5, 1e6, 1e7],
            Solver::Qr => [1e4, 1e5, 1e6, 1e7, 1e8],
        }
    }

    /// None where the matrix is not positive definite as computed.
    pub(crate) fn solution(self, features: &Matrix, targets: &Vector) -> Option<Vector> {
        match self {
            Solver::Normal => {
                let factors = features.tr_mul(features).cholesky()?;
                Some(factors.solve(&features.tr_mul(targets)))
            }
            Solver::Qr => {
                let (basis, triangle) = features.clone().qr().unpack();
                triangle.solve_upper_triangular(&basis.tr_mul(targets))
            }
        }
    }
}

/// The solution of the normal equations in numbers of this kind.
pub(crate) fn normal_equations<S: Scalar>(
    features: &DMatrix<S>,
    targets: &DVector<S>,
) -> Option<DVector<S>> {
    let columns: Vec<Vec<S>> =
        features.column_iter().map(|column| column.iter().cloned().collect()).collect();
    let targets: Vec<S> = targets.iter().cloned().collect();
    let product = |a: &[S], b: &[S]| {
        let pairs = a.iter().cloned().zip(b.iter().cloned());
        pairs.fold(S::from(0.0), |sum, (a, b)| sum + a * b)
    };
    let d = columns.len();
    let mut gram = DMatrix::from_element(d, d, S::from(0.0));
    for i in 0..d {
        for j in 0..=i {
            gram[(i, j)] = product(&columns[i], &columns[j]);
            gram[(j, i)] = gram[(i, j)].clone();
        }
    }
    let right = DVector::from_fn(d, |j, _| product(&columns[j], &targets));
    solve(&gram, &right)
}

/// To a grid: what is measured is what rounding does, which another last bit of what is drawn would change.
fn on_a_grid(entry: f64) -> f64 {
    (entry * 1_048_576.0).round() / 1_048_576.0
}

/// Singular values from 1 to 1/κ, geometrically, 60 x 8.
fn drawn(condition: f64, residual: Residual, draw: &mut Draw) -> (Matrix, Vector) {
    let left = gaussian_matrix(60, 8, draw).map(on_a_grid).qr().q();
    let right = gaussian_matrix(8, 8, draw).map(on_a_grid).qr().q();
    let values = Vector::from_fn(8, |i, _| powf(condition, -(i as f64) / 7.0));
    let features = &left * Matrix::from_diagonal(&values) * right.transpose();
    let mut targets = &features * gaussian(8, draw).map(on_a_grid);
    if residual == Residual::Large {
        let other = gaussian(60, draw).map(on_a_grid);
        let across = &other - &left * left.tr_mul(&other);
        targets += across.normalize() * targets.norm();
    }
    (features, targets)
}

/// The square of a condition number of 10⁸ leaves half of the digits.
fn in_twice_the_digits(features: &Matrix, targets: &Vector) -> Option<Vector> {
    let features = features.map(DoubleDouble::from);
    let solution = normal_equations(&features, &targets.map(DoubleDouble::from))?;
    Some(Vector::from_iterator(solution.len(), solution.iter().map(|a| a.nearest())))
}

/// The median of the relative error at this condition number.
pub(crate) fn median_error(
    solver: Solver,
    condition: f64,
    residual: Residual,
    draw: &mut Draw,
) -> f64 {
    let mut errors: Vec<f64> = (0..MATRICES)
        .map(|_| {
            let (features, targets) = drawn(condition, residual, draw);
            let own = solver.solution(&features, &targets);
            let pair = own.zip(in_twice_the_digits(&features, &targets));
            pair.map_or(1.0, |(own, exact)| (own - &exact).norm() / exact.norm())
        })
        .collect();
    errors.sort_by(f64::total_cmp);
    errors[MATRICES / 2]
}

/// Of the line through the logarithms of the medians.
pub(crate) fn power(solver: Solver, residual: Residual, draw: &mut Draw) -> f64 {
    let points =
        solver.conditions().map(|c| (log10(c), log10(median_error(solver, c, residual, draw))));
    let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / 5.0;
    let (x, y) = (mean(|p| p.0), mean(|p| p.1));
    let product: f64 = points.iter().map(|p| (p.0 - x) * (p.1 - y)).sum();
    product / points.iter().map(|p| (p.0 - x).powi(2)).sum::<f64>()
}
