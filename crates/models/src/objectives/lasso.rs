//! The LASSO with a certified solution.

use super::{Composite, L1Norm, LeastSquares};
use crate::{Matrix, Minimum, Objective, Vector};

/// Sweeps of coordinate descent before the support is taken to be found.
const SWEEPS: usize = 20_000;

/// F(a) = |X a - y|²/(2n) + weight |a|_1 (Tibshirani 1996), with its minimum: found by coordinate
/// descent, solved on the support that this finds, and certified by the duality gap.
///
/// # Panics
/// If there are not as many targets as rows.
///
/// ```
/// use theoria_models::{Matrix, Vector, objectives::lasso};
/// let f = lasso(Matrix::identity(2, 2), Vector::from_vec(vec![3.0, 0.1]), 0.5);
/// assert!((f.minimiser().unwrap() - Vector::from_vec(vec![2.0, 0.0])).norm() < 1e-12);
/// assert!(f.minimum().unwrap().error < 1e-12);
/// ```
pub fn lasso(features: Matrix, targets: Vector, weight: f64) -> Composite {
    let n = targets.len() as f64;
    let squares: Vec<f64> = features.column_iter().map(|c| c.norm_squared() / n).collect();
    let mut a = Vector::zeros(features.ncols());
    let mut residual = targets.clone();
    for _ in 0..SWEEPS {
        let mut moved: f64 = 0.0;
        for j in 0..a.len() {
            let old: f64 = a[j];
            let pull = features.column(j).dot(&residual) / n + squares[j] * old;
            let new =
                pull.signum() * (pull.abs() - weight).max(0.0) / squares[j].max(f64::MIN_POSITIVE);
            if new != old {
                residual.axpy(old - new, &features.column(j), 1.0);
                a[j] = new;
                moved = moved.max((new - old).abs());
            }
        }
        if moved <= 1e-15 * a.amax() {
            break;
        }
    }
    if let Some(polished) = on_support(&features, &targets, weight, &a) {
        a = polished;
    }
    let gap = duality_gap(&features, &targets, weight, &a);
    let smooth = LeastSquares::new(features, targets);
    let rounding = smooth.rounding(&a);
    let problem = Composite::new(smooth, L1Norm::new(weight));
    let minimum = Minimum { value: problem.value(&a), error: gap.max(0.0) + rounding };
    problem.minimal_at(a, minimum)
}

/// The minimiser among the points with the support and the signs of `a`, if it has them too.
fn on_support(features: &Matrix, targets: &Vector, weight: f64, a: &Vector) -> Option<Vector> {
    let support: Vec<usize> = (0..a.len()).filter(|&j| a[j] != 0.0).collect();
    let active = features.select_columns(&support);
    let n = targets.len() as f64;
    let signs = Vector::from_fn(support.len(), |i, _| a[support[i]].signum());
    let right = active.tr_mul(targets) - signs * (n * weight);
    let solved = active.tr_mul(&active).cholesky()?.solve(&right);
    let mut polished = Vector::zeros(a.len());
    for (value, &j) in solved.iter().zip(&support) {
        if value.signum() != a[j].signum() {
            return None;
        }
        polished[j] = *value;
    }
    Some(polished)
}

/// F(a) minus the dual value of the residual, scaled to be feasible: at least F(a) - F*.
fn duality_gap(features: &Matrix, targets: &Vector, weight: f64, a: &Vector) -> f64 {
    let n = targets.len() as f64;
    let residual = targets - features * a;
    let correlation = (features.tr_mul(&residual) / n).amax();
    let dual = &residual * ((weight / correlation.max(weight)) / n);
    let primal = residual.norm_squared() / (2.0 * n) + weight * a.lp_norm(1);
    primal - (dual.dot(targets) - n * dual.norm_squared() / 2.0)
}
