//! What a parametrised model says of fixed inputs.

use crate::{Matrix, Vector};

/// The outputs F_1(θ), ..., F_n(θ) of a model on n fixed inputs, one number each, as functions of its
/// parameters. [`SquaredFit`](super::SquaredFit) makes an objective of it.
pub trait Model: Send + Sync {
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

    /// Bound on the norm of the rounding error of the outputs, absolute.
    fn rounding(&self, parameters: &Vector) -> f64;
}
