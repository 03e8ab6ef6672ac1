//! Regression with the tangent kernel.

use crate::{Matrix, Vector};

/// Predictions at new inputs of regression with the tangent kernel K = J Jᵀ, without ridge: what
/// training reaches for the linearised model started at output 0. From the Jacobians at the start, at
/// the inputs with targets (n rows) and at the new ones.
///
/// None if the kernel matrix of the inputs is not positive definite.
///
/// ```
/// use theoria_models::{Matrix, Vector, networks::tangent_kernel_regression};
/// let (known, new) = (Matrix::from_element(1, 1, 2.0), Matrix::from_element(1, 1, 3.0));
/// let found = tangent_kernel_regression(&known, &Vector::from_element(1, 4.0), &new).unwrap();
/// assert_eq!(found[0], 6.0);
/// ```
///
/// # Panics
/// If sizes do not fit.
pub fn tangent_kernel_regression(known: &Matrix, targets: &Vector, new: &Matrix) -> Option<Vector> {
    let kernel = known * known.transpose();
    let weights = kernel.cholesky()?.solve(targets);
    Some(new * known.tr_mul(&weights))
}
