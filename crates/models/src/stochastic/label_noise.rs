//! Labels that are drawn anew at each step.

use rand::Rng;

use super::draws::{indices, normals, signs};
use super::{FiniteSum, StochasticOracle};
use crate::numerics::not_negative;
use crate::{Ensemble, Matrix, Objective, Vector};

/// A finite sum of halved squares, f_i = r_i²/2 with residual r_i = prediction - label (to which a
/// regularisation common to all samples may be added).
pub trait SquaredLoss: FiniteSum {
    /// Adds `weights[t]` ∇r_i, i = `samples[t]`, to each trial t of `into`.
    fn add_residual_gradients(
        &self,
        samples: &[u32],
        weights: &[f64],
        at: &Ensemble,
        into: &mut Ensemble,
    );

    /// Adds `weight` ∇f_i + `noise[t]` ∇r_i, i = `samples[t]`, to each trial t of `into`; losses for which both are
    /// faster together override it.
    fn add_noisy_gradients(
        &self,
        samples: &[u32],
        weight: f64,
        noise: &[f64],
        at: &Ensemble,
        into: &mut Ensemble,
    ) {
        self.add_sample_gradients(samples, weight, at, into);
        self.add_residual_gradients(samples, noise, at, into);
    }
}

/// The law of the noise of a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LabelLaw {
    /// σ times a standard normal number.
    Gaussian,
    /// σ or -σ, with probability 1/2 each.
    Signs,
}

impl LabelLaw {
    /// Fills a block with independent numbers of this law, with σ = 1.
    pub fn draw(self, generator: &mut dyn Rng, into: &mut [f64]) {
        match self {
            LabelLaw::Gaussian => normals(generator, into),
            LabelLaw::Signs => signs(generator, into),
        }
    }
}

/// Gradients of batches, drawn with replacement, of a squared loss whose labels get fresh independent
/// noise of standard deviation σ each time they are used: r_i - σ ξ in place of r_i (Blanc, Gupta,
/// Valiant, Valiant 2020; Damian, Ma, Lee 2021).
///
/// The noise moves along the gradients of the predictions, and does not vanish where the loss does.
///
/// ```
/// use theoria_models::networks::ScalarChain;
/// use theoria_models::stochastic::{LabelNoise, LabelLaw, StochasticOracle};
/// use theoria_models::Vector;
///
/// let noisy = LabelNoise::new(ScalarChain::new(2), 1, 0.5, LabelLaw::Signs);
/// let minimiser = Vector::from_vec(vec![2.0, 0.5]);
/// // σ² (x² + y²).
/// assert!((noisy.variance(&minimiser) - 0.25 * 4.25).abs() < 1e-15);
/// ```
#[derive(Debug, Clone)]
pub struct LabelNoise<F> {
    sum: F,
    batch: usize,
    sigma: f64,
    law: LabelLaw,
}

impl<F: SquaredLoss> LabelNoise<F> {
    /// Batches of `batch` samples of this loss, with noise of standard deviation `sigma` on each label.
    ///
    /// # Panics
    /// If a batch is empty, or `sigma` is negative or not finite.
    pub fn new(sum: F, batch: usize, sigma: f64, law: LabelLaw) -> Self {
        not_negative(sigma, "σ");
        assert!(batch > 0, "a batch has at least one sample");
        LabelNoise { sum, batch, sigma, law }
    }
}

impl<F: SquaredLoss> StochasticOracle for LabelNoise<F> {
    fn describe(&self) -> String {
        let (sum, batch, sigma) = (self.sum.describe(), self.batch, self.sigma);
        format!("{sum}; batches of {batch}, label noise {sigma}")
    }

    fn objective(&self) -> &dyn Objective {
        &self.sum
    }

    fn sample(&self, at: &Ensemble, generator: &mut dyn Rng, into: &mut Ensemble) {
        let (trials, weight) = (at.trials(), 1.0 / self.batch as f64);
        let (mut chosen, mut noise) = (vec![0; trials], vec![0.0; trials]);
        into.numbers_mut().fill(0.0);
        for _ in 0..self.batch {
            indices(self.sum.samples() as u32, generator, &mut chosen);
            self.law.draw(generator, &mut noise);
            noise.iter_mut().for_each(|xi| *xi *= -self.sigma * weight);
            self.sum.add_noisy_gradients(&chosen, weight, &noise, at, into);
        }
    }

    /// That of the samples and σ² E ∇r_i ∇r_iᵀ, over the size of the batch.
    fn covariance(&self, x: &Vector) -> Matrix {
        let samples: Vec<u32> = (0..self.sum.samples() as u32).collect();
        let at = Ensemble::repeat(x, samples.len());
        let mut slopes = Ensemble::repeat(&Vector::zeros(x.len()), samples.len());
        let ones = vec![1.0; samples.len()];
        self.sum.add_residual_gradients(&samples, &ones, &at, &mut slopes);
        let mut covariance = self.sum.moments(x).covariance;
        for trial in 0..samples.len() {
            let slope = slopes.trial(trial);
            let weight = self.sigma * self.sigma / samples.len() as f64;
            covariance.ger(weight, &slope, &slope, 1.0);
        }
        covariance / self.batch as f64
    }
}
