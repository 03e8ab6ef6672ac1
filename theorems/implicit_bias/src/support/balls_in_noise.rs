//! Noise that vanishes with the loss, on |x|²/2.

use rand::Rng;
use statrs::distribution::{Discrete, Poisson};
use statrs::function::erf::erfc;
use statrs::function::gamma::digamma;
use theoria_algorithms::{EnsembleRun, EulerMaruyama, Quantity};
use theoria_elementary::ln;
use theoria_models::objectives::Quadratic;
use theoria_models::{Ensemble, Vector};
use theoria_verification::{Constant, Family, Instance};

/// dX = −X dt + (θ|X|²/2)^(1/2) dB in R^k from a unit vector.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ball {
    pub(crate) codimension: usize,
    pub(crate) theta: f64,
}

impl Ball {
    /// Euler's step.
    const STEP: f64 = 0.01;

    /// −1 + θ(k − 2)/4.
    pub(crate) fn growth(&self) -> f64 {
        self.theta * (self.codimension as f64 - 2.0) / 4.0 - 1.0
    }

    /// The normal law with this drift and this variance per unit of time.
    pub(crate) fn distribution(&self, drift: f64, variance: f64, time: f64, log: f64) -> f64 {
        erfc((drift * time - log) / (2.0 * variance * time).sqrt()) / 2.0
    }

    /// What Euler's method adds to the mean growth. Its step takes |X|² to s² times a noncentral chi-square variable with k
    /// degrees of freedom and λ = (1 − h)²/s², s² = θh/2, and that is a mixture of central ones: E log χ²_m =
    /// log 2 + ψ(m/2), m = k + 2j with j Poisson of mean λ/2.
    pub(crate) fn growth_of_the_step(&self) -> f64 {
        let square = self.theta * Self::STEP / 2.0;
        let half = (1.0 - Self::STEP).powi(2) / (2.0 * square);
        let Ok(mixture) = Poisson::new(half) else { panic!("a positive mean") };
        let most = (half + 20.0 * half.sqrt()) as u64;
        let logarithm: f64 = (0..=most)
            .map(|j| mixture.pmf(j) * digamma(self.codimension as f64 / 2.0 + j as f64))
            .sum();
        let grown = (ln(2.0 * square) + logarithm) / 2.0;
        grown / Self::STEP - self.growth()
    }

    /// log |X_t|, one a trial.
    pub(crate) fn logarithms(&self, time: f64, trials: usize, random: &mut impl Rng) -> Vec<f64> {
        let f = Quadratic::diagonal(&vec![1.0; self.codimension]);
        let axis = Vector::from_fn(self.codimension, |i, _| if i == 0 { 1.0 } else { 0.0 });
        let method = EulerMaruyama::vanishing(Self::STEP, self.theta, 0.0, random);
        let steps = [(time / Self::STEP).round() as usize];
        let square = [Quantity::distance_squared(Vector::zeros(self.codimension))];
        let run = EnsembleRun::of(method, &f, Ensemble::repeat(&axis, trials), &steps, &square);
        run.at(0, 0).iter().map(|square| ln(*square) / 2.0).collect()
    }
}

impl Instance for Ball {
    fn description(&self) -> String {
        format!("|x|²/2 in dimension {}", self.codimension)
    }

    fn constants(&self) -> Vec<Constant> {
        vec![Constant::exact("θ", self.theta)]
    }
}

/// Of these codimensions, with these θ.
pub(crate) fn balls<const N: usize>(all: [(usize, f64); N]) -> Family<Ball> {
    Family::listed("balls", all, |&(codimension, theta)| Ball { codimension, theta })
}
