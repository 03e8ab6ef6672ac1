//! Means of independent draws.

use rand::Rng;

use super::{NoiseModel, StochasticOracle};
use crate::point::Point;
use crate::{Constant, Ensemble, Matrix, Objective, Vector};

/// The mean of `draws` independent gradients of another oracle at the same point: a batch where there is
/// no finite sum to draw it from.
///
/// ```
/// use theoria_models::objectives::Quadratic;
/// use theoria_models::stochastic::{Perturbed, Repeated, StochasticOracle};
/// use theoria_models::Vector;
///
/// let single = Perturbed::additive(Quadratic::diagonal(&[1.0]), 2.0);
/// assert_eq!(Repeated::new(single, 4).variance(&Vector::zeros(1)), 1.0);
/// ```
#[derive(Debug, Clone)]
pub struct Repeated<S> {
    source: S,
    draws: usize,
}

impl<S: StochasticOracle> Repeated<S> {
    /// The mean of this many draws.
    ///
    /// # Panics
    /// If there is no draw.
    pub fn new(source: S, draws: usize) -> Self {
        assert!(draws > 0, "a mean is that of at least one draw");
        Repeated { source, draws }
    }
}

impl<S: StochasticOracle> StochasticOracle for Repeated<S> {
    fn describe(&self) -> String {
        format!("{}, mean of {} draws", self.source.describe(), self.draws)
    }

    fn objective(&self) -> &dyn Objective {
        self.source.objective()
    }

    fn sample(&self, at: &Ensemble, generator: &mut dyn Rng, into: &mut Ensemble) {
        self.source.sample(at, generator, into);
        let mut drawn = into.clone();
        for _ in 1..self.draws {
            self.source.sample(at, generator, &mut drawn);
            into.axpy(1.0, &drawn);
        }
        into.scale(1.0 / self.draws as f64);
    }

    fn covariance(&self, x: &Vector) -> Matrix {
        self.source.covariance(x) / self.draws as f64
    }

    fn variance(&self, x: &Vector) -> f64 {
        self.source.variance(x) / self.draws as f64
    }

    fn noise(&self, model: NoiseModel) -> Option<Constant> {
        let mut constant = self.source.noise(model)?;
        constant.value /= self.draws as f64;
        Some(constant)
    }
}
