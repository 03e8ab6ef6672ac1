//! Means of finitely many functions.

use crate::{Constant, Ensemble, Matrix, Objective, Vector};

use super::NoiseModel;

/// An objective of the form f = (f_1 + ... + f_n)/n whose summands (the losses of n samples) can be
/// asked one by one. Samples are numbered from 0.
pub trait FiniteSum: Objective {
    /// The number n of samples, at least 1.
    fn samples(&self) -> usize;

    /// f_i(x) for i = `sample`.
    fn sample_value(&self, sample: usize, x: &Vector) -> f64;

    /// Writes ∇f_i(x), i = `sample`, into `into` (at a kink: one subgradient).
    fn sample_gradient_into(&self, sample: usize, x: &Vector, into: &mut Vector);

    /// Adds `weight` ∇f_i to each trial of `into`, where i = `samples[t]` for trial t of `at`; sums for
    /// which a block is faster override it.
    fn add_sample_gradients(
        &self,
        samples: &[u32],
        weight: f64,
        at: &Ensemble,
        into: &mut Ensemble,
    ) {
        let mut gradient = Vector::zeros(self.dimension());
        at.visit(|trial, x| {
            self.sample_gradient_into(samples[trial] as usize, x, &mut gradient);
            for (coordinate, slope) in gradient.iter().enumerate() {
                into.coordinate_mut(coordinate)[trial] += weight * slope;
            }
        });
    }

    /// ∇f_i(x) for i = `sample`.
    fn sample_gradient(&self, sample: usize, x: &Vector) -> Vector {
        let mut gradient = Vector::zeros(self.dimension());
        self.sample_gradient_into(sample, x, &mut gradient);
        gradient
    }

    /// The mean of ∇f_i(x) over a batch of samples.
    fn batch_gradient(&self, batch: &[usize], x: &Vector) -> Vector {
        let mut mean = Vector::zeros(self.dimension());
        for &sample in batch {
            mean += self.sample_gradient(sample, x);
        }
        mean / batch.len() as f64
    }

    /// The moments of ∇f_i(x), i uniform, by enumeration of all samples.
    fn moments(&self, x: &Vector) -> GradientMoments {
        let n = self.samples();
        let everyone: Vec<usize> = (0..n).collect();
        let mean = self.batch_gradient(&everyone, x);
        let mut covariance = Matrix::zeros(mean.len(), mean.len());
        let (mut variance, mut second_moment) = (0.0, 0.0);
        for sample in 0..n {
            let gradient = self.sample_gradient(sample, x);
            second_moment += gradient.norm_squared() / n as f64;
            let deviation = gradient - &mean;
            variance += deviation.norm_squared() / n as f64;
            covariance.ger(1.0 / n as f64, &deviation, &deviation, 1.0);
        }
        GradientMoments { mean, covariance, variance, second_moment }
    }

    /// The smallest σ² known for which the gradient of one uniform sample has noise of this model,
    /// wherever x is. A number found by a formula or a proof; to estimate one on a region there is
    /// [`estimated_noise`](super::estimated_noise).
    fn noise_of_one(&self, model: NoiseModel) -> Option<Constant> {
        let _ = model;
        None
    }

    /// A certified bound on E|∇f_i(x)|² over |x| <= `radius`; where there is a bound for all x, an
    /// infinite radius may be asked.
    fn second_moment_within(&self, radius: f64) -> Option<Constant> {
        let _ = radius;
        None
    }
}

/// Moments of the gradient of one uniform sample.
#[derive(Debug, Clone, PartialEq)]
pub struct GradientMoments {
    /// The mean, which is ∇f.
    pub mean: Vector,
    /// The covariance matrix with weight 1/n (that of the whole population), d x d.
    pub covariance: Matrix,
    /// E|g - ∇f|², its trace.
    pub variance: f64,
    /// E|g|².
    pub second_moment: f64,
}
