//! Gaussian noise on top of stochastic gradients.

use rand::Rng;

use super::draws::normals;
use super::{NoiseModel, StochasticOracle};
use crate::numerics::not_negative;
use crate::{Constant, Ensemble, Matrix, Objective, Vector};

/// g + ξ for the gradients g of another oracle and an independent normal ξ of mean 0 and covariance
/// σ²/d: E|ξ|² = σ², as that of [`Perturbed::additive`](super::Perturbed::additive).
///
/// ```
/// use theoria_models::objectives::ParabolaSum;
/// use theoria_models::stochastic::{GaussianNoise, MiniBatch, Sampling, StochasticOracle};
/// use theoria_models::Vector;
///
/// let single = MiniBatch::new(ParabolaSum::centred(&[1.0, 3.0]), 1, Sampling::WithReplacement);
/// let (at, noisy) = (Vector::from_element(1, 2.0), GaussianNoise::on(single.clone(), 0.5));
/// assert_eq!(noisy.variance(&at), single.variance(&at) + 0.25);
/// ```
#[derive(Debug, Clone)]
pub struct GaussianNoise<S> {
    source: S,
    sigma: f64,
}

impl<S: StochasticOracle> GaussianNoise<S> {
    /// Noise of E|ξ|² = `sigma`² on the gradients of `source`.
    ///
    /// # Panics
    /// If `sigma` is negative or not finite.
    pub fn on(source: S, sigma: f64) -> Self {
        not_negative(sigma, "σ");
        GaussianNoise { source, sigma }
    }
}

impl<S: StochasticOracle> StochasticOracle for GaussianNoise<S> {
    fn describe(&self) -> String {
        format!("{}, with Gaussian noise, σ = {}", self.source.describe(), self.sigma)
    }

    fn objective(&self) -> &dyn Objective {
        self.source.objective()
    }

    fn sample(&self, at: &Ensemble, generator: &mut dyn Rng, into: &mut Ensemble) {
        self.source.sample(at, generator, into);
        let size = self.sigma / (at.dimension() as f64).sqrt();
        let mut noise = vec![0.0; at.trials()];
        for coordinate in 0..at.dimension() {
            normals(generator, &mut noise);
            for (slope, xi) in into.coordinate_mut(coordinate).iter_mut().zip(&noise) {
                *slope += size * xi;
            }
        }
    }

    fn covariance(&self, x: &Vector) -> Matrix {
        let dimension = x.len();
        let added = Matrix::identity(dimension, dimension) / dimension as f64;
        self.source.covariance(x) + added * self.sigma.powi(2)
    }

    fn variance(&self, x: &Vector) -> f64 {
        self.source.variance(x) + self.sigma.powi(2)
    }

    /// The noise stays where gradient and gap vanish: it can be of the additive model alone.
    fn noise(&self, model: NoiseModel) -> Option<Constant> {
        let mut constant = self.source.noise(model).filter(|_| model == NoiseModel::Additive)?;
        constant.value += self.sigma.powi(2);
        Some(constant)
    }
}
