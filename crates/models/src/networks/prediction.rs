//! What a parametrised model says of fixed inputs.

use crate::{Matrix, Vector};

/// The outputs F_1(θ), ..., F_n(θ) of a model on n fixed inputs, one number each, as functions of its
/// parameters.
pub trait Prediction: Send + Sync {
    /// What it is, in a few words with its sizes.
    fn describe(&self) -> String;

    /// The number of parameters.
    fn parameters(&self) -> usize;

    /// The number n of inputs.
    fn samples(&self) -> usize;

    /// F(θ), n.
    fn outputs(&self, parameters: &Vector) -> Vector;

    /// The derivatives of F, n x parameters.
    fn jacobian(&self, parameters: &Vector) -> Matrix;

    /// Σ_i weights_i ∇²F_i(θ) times `direction`, for n weights.
    fn curvature(&self, parameters: &Vector, weights: &Vector, direction: &Vector) -> Vector;
}

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
