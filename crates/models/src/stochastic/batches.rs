//! Mini-batches.

use rand::Rng;

use super::draws::{indices, shuffle_front};
use super::{Atom, FiniteSum, MOST_ATOMS, NoiseModel, StochasticOracle};
use crate::{Constant, Ensemble, Matrix, Objective, Vector};

/// How the samples of a batch are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sampling {
    /// Independently: variance s²/b for batches of b.
    WithReplacement,
    /// All different: variance s² (n - b)/(b (n - 1)) for batches of b out of n.
    WithoutReplacement,
}

impl Sampling {
    /// The variance of the mean of a batch as a multiple of that of one sample.
    pub fn variance_factor(self, batch: usize, samples: usize) -> f64 {
        let (b, n) = (batch as f64, samples as f64);
        match self {
            Sampling::WithReplacement => 1.0 / b,
            Sampling::WithoutReplacement if batch == samples => 0.0,
            Sampling::WithoutReplacement => (n - b) / (b * (n - 1.0)),
        }
    }
}

/// The mean gradient of a batch of samples of a finite sum, drawn anew for each trial and step.
///
/// ```
/// use theoria_models::stochastic::{MiniBatch, NoiseModel, Sampling, StochasticOracle};
/// use theoria_models::{Matrix, Vector, objectives::LeastSquares};
///
/// // Two samples in dimension 3 are interpolated, so the noise vanishes with f.
/// let features = Matrix::from_row_slice(2, 3, &[1.0, 0.0, 0.0, 0.0, 2.0, 0.0]);
/// let f = LeastSquares::new(features, Vector::from_vec(vec![1.0, 1.0]));
/// let single = MiniBatch::new(f, 1, Sampling::WithReplacement);
/// let sigma_squared = single.noise(NoiseModel::Vanishing).unwrap().value;
/// // 2 λ_max(diag(|x_i|²) - X Xᵀ/n) = 2 (4 - 4/2).
/// assert!((sigma_squared - 4.0).abs() < 1e-12);
/// ```
#[derive(Debug, Clone)]
pub struct MiniBatch<F> {
    sum: F,
    batch: usize,
    sampling: Sampling,
}

impl<F: FiniteSum> MiniBatch<F> {
    /// Batches of `batch` samples of this sum.
    ///
    /// # Panics
    /// If a batch is empty, or takes more samples without replacement than there are.
    pub fn new(sum: F, batch: usize, sampling: Sampling) -> Self {
        assert!(batch > 0, "a batch has at least one sample");
        if sampling == Sampling::WithoutReplacement {
            assert!(batch <= sum.samples(), "a batch has at most all samples");
        }
        MiniBatch { sum, batch, sampling }
    }

    /// The sum.
    pub fn sum(&self) -> &F {
        &self.sum
    }

    /// The variance of a batch as a multiple of that of one sample.
    pub fn variance_factor(&self) -> f64 {
        self.sampling.variance_factor(self.batch, self.sum.samples())
    }
}

impl<F: FiniteSum> StochasticOracle for MiniBatch<F> {
    fn describe(&self) -> String {
        let how = match self.sampling {
            Sampling::WithReplacement => "with",
            Sampling::WithoutReplacement => "without",
        };
        let (sum, batch) = (self.sum.describe(), self.batch);
        format!("{sum}; batches of {batch} {how} replacement")
    }

    fn objective(&self) -> &dyn Objective {
        &self.sum
    }

    fn sample(&self, at: &Ensemble, generator: &mut dyn Rng, into: &mut Ensemble) {
        let (samples, trials) = (self.sum.samples(), at.trials());
        let weight = 1.0 / self.batch as f64;
        let mut chosen = vec![0; trials];
        match self.sampling {
            Sampling::WithReplacement => {
                into.numbers_mut().fill(0.0);
                for _ in 0..self.batch {
                    indices(samples as u32, generator, &mut chosen);
                    self.sum.add_sample_gradients(&chosen, weight, at, into);
                }
            }
            Sampling::WithoutReplacement if self.batch == samples => {
                self.sum.gradient_block(at, into);
            }
            Sampling::WithoutReplacement => {
                into.numbers_mut().fill(0.0);
                let mut order: Vec<u32> = (0..samples as u32).collect();
                let mut batches = vec![0; self.batch * trials];
                for trial in 0..trials {
                    shuffle_front(self.batch, generator, &mut order);
                    for (place, sample) in order[..self.batch].iter().enumerate() {
                        batches[place * trials + trial] = *sample;
                    }
                }
                for chosen in batches.chunks_exact(trials) {
                    self.sum.add_sample_gradients(chosen, weight, at, into);
                }
            }
        }
    }

    fn covariance(&self, x: &Vector) -> Matrix {
        self.sum.moments(x).covariance * self.variance_factor()
    }

    fn variance(&self, x: &Vector) -> f64 {
        self.sum.moments(x).variance * self.variance_factor()
    }

    /// One for each batch.
    fn atoms(&self, x: &Vector) -> Option<Vec<Atom>> {
        let (samples, batch) = (self.sum.samples(), u32::try_from(self.batch).ok()?);
        samples.checked_pow(batch).filter(|count| *count <= MOST_ATOMS)?;
        let batches = every_batch(samples, self.batch, self.sampling);
        let probability = 1.0 / batches.len() as f64;
        let atom =
            |batch: &Vec<usize>| Atom { probability, gradient: self.sum.batch_gradient(batch, x) };
        Some(batches.iter().map(atom).collect())
    }

    fn noise(&self, model: NoiseModel) -> Option<Constant> {
        let mut constant = self.sum.noise_of_one(model)?;
        constant.value *= self.variance_factor();
        Some(constant)
    }
}

/// All batches of `batch` out of `samples`, each equally likely under this sampling: every subset, or
/// every sequence.
///
/// ```
/// use theoria_models::stochastic::{Sampling, every_batch};
/// assert_eq!(every_batch(3, 2, Sampling::WithoutReplacement), [[0, 1], [0, 2], [1, 2]]);
/// assert_eq!(every_batch(3, 2, Sampling::WithReplacement).len(), 9);
/// ```
pub fn every_batch(samples: usize, batch: usize, sampling: Sampling) -> Vec<Vec<usize>> {
    let mut batches = vec![Vec::new()];
    for _ in 0..batch {
        let longer = batches.iter().flat_map(|begun: &Vec<usize>| {
            let first = match sampling {
                Sampling::WithReplacement => 0,
                Sampling::WithoutReplacement => begun.last().map_or(0, |last| last + 1),
            };
            (first..samples).map(move |next| [begun.as_slice(), &[next]].concat())
        });
        batches = longer.collect();
    }
    batches
}
