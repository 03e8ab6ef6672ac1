//! What a parametrised model says of fixed inputs.

use crate::{Ensemble, Matrix, Vector};

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

    /// Writes J(θ)^T w, where w may depend on F(θ): `weigh` is shown the outputs, n, and puts w in their place. Models
    /// that have outputs and derivatives in one go override it.
    fn pull_back(&self, parameters: &Vector, weigh: &mut dyn FnMut(&mut [f64]), into: &mut Vector) {
        let mut outputs = self.outputs(parameters);
        weigh(outputs.as_mut_slice());
        into.gemv_tr(1.0, &self.jacobian(parameters), &outputs, 0.0);
    }

    /// The same for each trial: `weigh` is shown the outputs of all, sample by sample, one number a trial.
    fn pull_back_block(
        &self,
        at: &Ensemble,
        weigh: &mut dyn FnMut(&mut [f64]),
        into: &mut Ensemble,
    ) {
        let trials: Vec<Vector> = (0..at.trials()).map(|trial| at.trial(trial)).collect();
        let outputs: Vec<Vector> = trials.iter().map(|trial| self.outputs(trial)).collect();
        let mut weights = Ensemble::from_trials(&outputs);
        weigh(weights.numbers_mut());
        for (trial, parameters) in trials.iter().enumerate() {
            into.set_trial(trial, &self.jacobian(parameters).tr_mul(&weights.trial(trial)));
        }
    }

    /// Σ_i weights_i ∇²F_i(θ) times `direction`, for n weights.
    fn curvature(&self, parameters: &Vector, weights: &Vector, direction: &Vector) -> Vector;

    /// Bound on the norm of the rounding error of the outputs, absolute.
    fn rounding(&self, parameters: &Vector) -> f64;
}
