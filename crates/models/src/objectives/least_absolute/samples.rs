//! Least absolute deviations sample by sample.

use super::LeastAbsoluteDeviations;
use crate::stochastic::{FiniteSum, NoiseModel, add_linear_gradients};
use crate::{Constant, Ensemble, Vector};

/// f_i(a) = |x_i·a - y_i|, with subgradient 0 at the kink. E|g|² <= Σ |x_i|²/n everywhere.
impl FiniteSum for LeastAbsoluteDeviations {
    fn samples(&self) -> usize {
        self.targets.len()
    }

    fn sample_value(&self, sample: usize, a: &Vector) -> f64 {
        (self.rows.column(sample).dot(a) - self.targets[sample]).abs()
    }

    fn sample_gradient_into(&self, sample: usize, a: &Vector, into: &mut Vector) {
        into.copy_from(&self.rows.column(sample));
        let residual = into.dot(a) - self.targets[sample];
        into.scale_mut(if residual == 0.0 { 0.0 } else { residual.signum() });
    }

    fn add_sample_gradients(
        &self,
        samples: &[u32],
        weight: f64,
        at: &Ensemble,
        into: &mut Ensemble,
    ) {
        add_linear_gradients(&self.rows, samples, at, into, |_, sample, product| {
            let residual = product - self.targets[sample];
            if residual == 0.0 { 0.0 } else { weight * residual.signum() }
        });
    }

    fn noise_of_one(&self, model: NoiseModel) -> Option<Constant> {
        (model == NoiseModel::Additive).then(|| self.second_moment_within(f64::INFINITY)).flatten()
    }

    fn second_moment_within(&self, _radius: f64) -> Option<Constant> {
        let bound = self.features.norm_squared() / self.targets.len() as f64;
        Some(Constant::certified(bound))
    }
}
