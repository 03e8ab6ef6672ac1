//! A stochastic oracle with a generator.

use std::cell::RefCell;

use rand::Rng;

use super::StochasticOracle;
use crate::oracle::{Oracle, Valued};
use crate::{Ensemble, Vector};

/// Stochastic gradients as an ordinary oracle: each question draws anew from the generator that it
/// owns, for each trial independently. Values, where a method asks for them, are those of the
/// objective, without noise.
///
/// It lives for one run of one block of trials; blocks that run in parallel each have their own.
///
/// ```
/// use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
/// use theoria_models::objectives::Quadratic;
/// use theoria_models::oracle::Oracle;
/// use theoria_models::stochastic::{Noisy, Perturbed};
/// use theoria_models::Vector;
///
/// let source = Perturbed::additive(Quadratic::diagonal(&[1.0]), 0.1);
/// let noisy = Noisy::new(&source, ChaCha8Rng::seed_from_u64(3));
/// let (at, mut first, mut second) = (Vector::zeros(1), Vector::zeros(1), Vector::zeros(1));
/// noisy.gradient(&at, &mut first);
/// noisy.gradient(&at, &mut second);
/// assert_ne!(first, second);
/// ```
#[derive(Debug)]
pub struct Noisy<'a, S: ?Sized, R> {
    source: &'a S,
    generator: RefCell<R>,
}

impl<'a, S: StochasticOracle + ?Sized, R: Rng> Noisy<'a, S, R> {
    /// The gradients of `source`, drawn from `generator`.
    pub fn new(source: &'a S, generator: R) -> Self {
        Noisy { source, generator: RefCell::new(generator) }
    }
}

impl<S: StochasticOracle + ?Sized, R: Rng> Oracle<Ensemble> for Noisy<'_, S, R> {
    fn gradient(&self, at: &Ensemble, into: &mut Ensemble) {
        self.source.sample(at, &mut *self.generator.borrow_mut(), into);
    }
}

impl<S: StochasticOracle + ?Sized, R: Rng> Valued<Ensemble> for Noisy<'_, S, R> {
    fn values(&self, at: &Ensemble, into: &mut [f64]) {
        self.source.objective().value_block(at, into);
    }
}

/// As an ensemble of one trial.
impl<S: StochasticOracle + ?Sized, R: Rng> Oracle<Vector> for Noisy<'_, S, R> {
    fn gradient(&self, at: &Vector, into: &mut Vector) {
        let at = Ensemble::repeat(at, 1);
        let mut drawn = at.clone();
        self.gradient(&at, &mut drawn);
        into.copy_from_slice(drawn.numbers());
    }
}

impl<S: StochasticOracle + ?Sized, R: Rng> Valued<Vector> for Noisy<'_, S, R> {
    fn values(&self, at: &Vector, into: &mut [f64]) {
        into[0] = self.source.objective().value(at);
    }
}
