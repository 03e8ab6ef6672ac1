//! Random reshuffling.

use std::cell::RefCell;

use rand::Rng;

use super::FiniteSum;
use super::draws::shuffle_front;
use crate::oracle::Oracle;
use crate::{Ensemble, Vector};

/// Mean gradients of successive batches of a random order of all samples, drawn anew for each epoch,
/// and for each trial its own: within an epoch each sample is visited once. (The last batch of an
/// epoch is smaller where the batch does not divide n.)
///
/// Given the past, the gradient is biased within an epoch, so that this is no
/// [`StochasticOracle`](super::StochasticOracle). It lives for one run of one block of trials.
///
/// ```
/// use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
/// use theoria_models::oracle::Oracle;
/// use theoria_models::stochastic::Reshuffling;
/// use theoria_models::{Matrix, Vector, objectives::LeastSquares};
///
/// let f = LeastSquares::new(Matrix::from_element(3, 1, 1.0), Vector::from_vec(vec![1.0, 2.0, 3.0]));
/// let epochs = Reshuffling::new(&f, 1, ChaCha8Rng::seed_from_u64(5));
/// let (at, mut gradient, mut sum) = (Vector::zeros(1), Vector::zeros(1), 0.0);
/// for _ in 0..3 {
///     epochs.gradient(&at, &mut gradient);
///     sum += gradient[0];
/// }
/// assert_eq!(sum, -6.0);
/// ```
#[derive(Debug)]
pub struct Reshuffling<'a, F: ?Sized, R> {
    sum: &'a F,
    batch: usize,
    epoch: RefCell<Epoch<R>>,
}

/// Where an epoch stands.
#[derive(Debug)]
struct Epoch<R> {
    generator: R,
    trials: usize,
    /// Place by place, the samples of all trials side by side.
    order: Vec<u32>,
    visited: usize,
}

impl<'a, F: FiniteSum + ?Sized, R: Rng> Reshuffling<'a, F, R> {
    /// Batches of `batch` samples of this sum, in orders drawn from `generator`.
    ///
    /// # Panics
    /// If a batch is empty.
    pub fn new(sum: &'a F, batch: usize, generator: R) -> Self {
        assert!(batch > 0, "a batch has at least one sample");
        Reshuffling {
            sum,
            batch,
            epoch: RefCell::new(Epoch { generator, trials: 0, order: Vec::new(), visited: 0 }),
        }
    }

    /// The number of steps in an epoch.
    pub fn steps_per_epoch(&self) -> usize {
        self.sum.samples().div_ceil(self.batch)
    }
}

impl<R: Rng> Epoch<R> {
    fn begin(&mut self, samples: usize, trials: usize) {
        let mut order: Vec<u32> = (0..samples as u32).collect();
        self.order.resize(samples * trials, 0);
        for trial in 0..trials {
            shuffle_front(samples, &mut self.generator, &mut order);
            for (place, sample) in order.iter().enumerate() {
                self.order[place * trials + trial] = *sample;
            }
        }
        self.trials = trials;
        self.visited = 0;
    }
}

/// # Panics
/// If the number of trials changes within a run.
impl<F: FiniteSum + ?Sized, R: Rng> Oracle<Ensemble> for Reshuffling<'_, F, R> {
    fn gradient(&self, at: &Ensemble, into: &mut Ensemble) {
        let (samples, trials) = (self.sum.samples(), at.trials());
        let mut epoch = self.epoch.borrow_mut();
        if epoch.order.is_empty() || epoch.visited == samples {
            epoch.begin(samples, trials);
        }
        assert_eq!(epoch.trials, trials, "a run keeps its trials");
        let batch = self.batch.min(samples - epoch.visited);
        into.numbers_mut().fill(0.0);
        for place in epoch.visited..epoch.visited + batch {
            let chosen = &epoch.order[place * trials..][..trials];
            self.sum.add_sample_gradients(chosen, 1.0 / batch as f64, at, into);
        }
        epoch.visited += batch;
    }
}

/// As an ensemble of one trial.
impl<F: FiniteSum + ?Sized, R: Rng> Oracle<Vector> for Reshuffling<'_, F, R> {
    fn gradient(&self, at: &Vector, into: &mut Vector) {
        let at = Ensemble::repeat(at, 1);
        let mut drawn = at.clone();
        self.gradient(&at, &mut drawn);
        into.copy_from_slice(drawn.numbers());
    }
}
