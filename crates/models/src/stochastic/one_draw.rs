//! Noise that is drawn once and kept.

use std::sync::Arc;

use rand::Rng;

use super::{Atom, NoiseModel, StochasticOracle};
use crate::{Constant, Ensemble, Matrix, Objective, Vector};

/// A stochastic oracle that answers every question with the same random numbers, those of its own generator: the noise
/// of all steps is one draw for each trial. At each point the law is that of the source, so the gradient is unbiased; but it is
/// not unbiased given the past.
///
/// ```
/// use std::sync::Arc;
/// use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
/// use theoria_models::objectives::Quadratic;
/// use theoria_models::stochastic::{OneDraw, Perturbed, StochasticOracle};
/// use theoria_models::{Ensemble, Vector};
///
/// let source = Arc::new(Perturbed::additive(Quadratic::diagonal(&[1.0]), 1.0));
/// let kept = OneDraw::new(source, ChaCha8Rng::seed_from_u64(3));
/// let at = Ensemble::repeat(&Vector::zeros(1), 5);
/// let (mut first, mut second) = (at.clone(), at.clone());
/// let mut unused = ChaCha8Rng::seed_from_u64(4);
/// kept.sample(&at, &mut unused, &mut first);
/// kept.sample(&at, &mut unused, &mut second);
/// assert_eq!(first.numbers(), second.numbers());
/// ```
pub struct OneDraw<R> {
    source: Arc<dyn StochasticOracle>,
    generator: R,
}

impl<R> OneDraw<R> {
    /// The draw of this generator from this source.
    pub fn new(source: Arc<dyn StochasticOracle>, generator: R) -> Self {
        OneDraw { source, generator }
    }
}

impl<R: Rng + Clone + Send + Sync> StochasticOracle for OneDraw<R> {
    fn describe(&self) -> String {
        format!("{}, one draw for all steps", self.source.describe())
    }

    fn objective(&self) -> &dyn Objective {
        self.source.objective()
    }

    /// The generator that is handed over is left alone.
    fn sample(&self, at: &Ensemble, _: &mut dyn Rng, into: &mut Ensemble) {
        self.source.sample(at, &mut self.generator.clone(), into);
    }

    fn covariance(&self, x: &Vector) -> Matrix {
        self.source.covariance(x)
    }

    fn variance(&self, x: &Vector) -> f64 {
        self.source.variance(x)
    }

    fn atoms(&self, x: &Vector) -> Option<Vec<Atom>> {
        self.source.atoms(x)
    }

    fn noise(&self, model: NoiseModel) -> Option<Constant> {
        self.source.noise(model)
    }
}
