//! Full batches whose labels are drawn anew at each step.

use rand::Rng;

use super::{LabelLaw, StochasticOracle};
use crate::networks::{Model, SquaredFit};
use crate::numerics::not_negative;
use crate::{Ensemble, Matrix, Objective, Vector};

/// Gradients of the squared loss of a model on all its samples, whose labels get fresh independent noise of
/// standard deviation σ at each step: full batches under label noise (Damian, Ma, Lee 2021). Batches of single
/// samples are those of [`LabelNoise`](super::LabelNoise).
///
/// ```
/// use theoria_models::networks::{Activation, SquaredFit, TwoLayer};
/// use theoria_models::stochastic::{FreshLabels, LabelLaw, StochasticOracle};
/// use theoria_models::{Matrix, Vector};
///
/// let net = TwoLayer::new(Matrix::from_element(1, 1, 2.0), 1, Activation::Relu);
/// let fit = SquaredFit::new(net, Vector::from_element(1, 6.0));
/// let noisy = FreshLabels::new(fit, 0.5, LabelLaw::Signs);
/// // The output 2wa has the gradient (2a, 2w) = (6, 2): σ² |J|²/n².
/// assert_eq!(noisy.variance(&Vector::from_vec(vec![1.0, 3.0])), 0.25 * 40.0);
/// ```
#[derive(Debug, Clone)]
pub struct FreshLabels<M> {
    fit: SquaredFit<M>,
    sigma: f64,
    law: LabelLaw,
}

impl<M: Model> FreshLabels<M> {
    /// With noise of standard deviation `sigma` on each label of this fit.
    ///
    /// # Panics
    /// If `sigma` is negative or not finite.
    pub fn new(fit: SquaredFit<M>, sigma: f64, law: LabelLaw) -> Self {
        not_negative(sigma, "σ");
        FreshLabels { fit, sigma, law }
    }
}

impl<M: Model> StochasticOracle for FreshLabels<M> {
    fn describe(&self) -> String {
        format!("{}; all samples, label noise {}", self.fit.describe(), self.sigma)
    }

    fn objective(&self) -> &dyn Objective {
        &self.fit
    }

    fn sample(&self, at: &Ensemble, generator: &mut dyn Rng, into: &mut Ensemble) {
        let mut noise = vec![0.0; self.fit.targets().len() * at.trials()];
        self.law.draw(generator, &mut noise);
        noise.iter_mut().for_each(|xi| *xi *= self.sigma);
        self.fit.gradients_with_noise_into(at, &noise, into);
    }

    /// σ² J^T J/(nα)².
    fn covariance(&self, x: &Vector) -> Matrix {
        let samples = self.fit.targets().len();
        let at = Ensemble::repeat(x, samples);
        let mut noise = vec![0.0; samples * samples];
        noise.iter_mut().step_by(samples + 1).for_each(|xi| *xi = self.sigma);
        let mut slopes = at.clone();
        self.fit.gradients_with_noise_into(&at, &noise, &mut slopes);
        let gradient = self.fit.gradient_at(x);
        let mut covariance = Matrix::zeros(x.len(), x.len());
        for sample in 0..samples {
            let slope = slopes.trial(sample) - &gradient;
            covariance.ger(1.0, &slope, &slope, 1.0);
        }
        covariance
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::networks::{Activation, TwoLayer};
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    #[test]
    fn drawn_gradients_have_the_moments_that_are_stated() {
        let inputs = Matrix::from_row_slice(3, 2, &[1.0, 0.2, -0.4, 1.0, 0.3, -0.7]);
        let net = TwoLayer::new(inputs, 2, Activation::Tanh);
        let at = Vector::from_vec(vec![0.3, -0.2, 0.5, 0.7, 1.1, -0.4]);
        let fit = SquaredFit::new(net, Vector::from_vec(vec![0.5, -1.0, 0.2]));
        let gradient = fit.gradient_at(&at);
        for law in [LabelLaw::Signs, LabelLaw::Gaussian] {
            let noisy = FreshLabels::new(fit.clone(), 0.3, law);
            let block = Ensemble::repeat(&at, 20_000);
            let mut drawn = block.clone();
            noisy.sample(&block, &mut ChaCha8Rng::seed_from_u64(5), &mut drawn);
            let trials = (0..block.trials()).map(|trial| drawn.trial(trial) - &gradient);
            let (mut mean, mut squares) = (Vector::zeros(6), 0.0);
            for deviation in trials {
                squares += deviation.norm_squared() / 20_000.0;
                mean += deviation / 20_000.0;
            }
            let variance = noisy.variance(&at);
            assert!(mean.norm() < 5.0 * (variance / 20_000.0).sqrt(), "{law:?}: {mean}");
            assert!((squares / variance - 1.0).abs() < 0.05, "{law:?}: {squares} {variance}");
        }
    }
}
