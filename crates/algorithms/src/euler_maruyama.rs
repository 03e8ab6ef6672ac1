//! Stochastic differential equations by Euler's method.

use rand::Rng;
use theoria_models::Ensemble;
use theoria_models::oracle::Valued;
use theoria_models::point::Point;
use theoria_models::stochastic::draws::normals;

use crate::range::{not_negative, positive};
use crate::{Method, Scratch};

/// dX = -∇f(X) dt + √D(X) dB with a diagonal D, by X ← X - ∇f(X) τ + √(D(X) τ) ξ, ξ standard normal
/// (Maruyama 1955). The noise is drawn from the generator that it owns, independently for each trial.
///
/// The law at a fixed time, and the stationary one, are wrong by O(τ) (Talay, Tubaro 1990). Where f is
/// quadratic with curvature λ and D constant, the stationary variance is exactly D/(λ(2 - λτ)) in place
/// of D/(2λ). Where D vanishes with f, for f = |x|²/2 and D = θ f in R^k, the steps of log|X| are
/// independent with the law of log|(1 - τ) e + √(θτ/2) ξ|, e a unit vector, in place of a mean
/// (-1 + θ(k-2)/4) τ and a variance θτ/2.
///
/// ```
/// use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
/// use theoria_algorithms::{EnsembleRun, EulerMaruyama, Quantity};
/// use theoria_models::{Ensemble, Vector, objectives::Quadratic};
///
/// let f = Quadratic::diagonal(&[1.0]);
/// let method = EulerMaruyama::additive(0.1, 0.5, ChaCha8Rng::seed_from_u64(1));
/// let start = Ensemble::repeat(&Vector::zeros(1), 20_000);
/// let square = [Quantity::distance_squared(Vector::zeros(1))];
/// let run = EnsembleRun::of(method, &f, start, &[200], &square);
/// let variance = run.at(0, 0).iter().sum::<f64>() / 20_000.0;
/// assert!((variance - 1.0 / (2.0 - 0.1)).abs() < 0.05);
/// ```
pub struct EulerMaruyama<R> {
    time_step: f64,
    diffusion: Diffusion,
    generator: R,
    gradient: Scratch<Ensemble>,
    rates: Scratch<Ensemble>,
    numbers: Vec<f64>,
    noise: Vec<f64>,
}

impl<R: Rng> EulerMaruyama<R> {
    /// D = 2ε: additive isotropic noise, whose stationary density is exp(-f/ε).
    ///
    /// # Panics
    /// If τ is not positive and finite, or ε negative or not finite.
    pub fn additive(time_step: f64, temperature: f64, generator: R) -> Self {
        let temperature = not_negative(temperature, "the temperature ε");
        Self::with(time_step, Diffusion::Constant(2.0 * temperature), generator)
    }

    /// D = θ (f - f*), with f* = `minimum`: isotropic noise that vanishes with the objective
    /// (Wojtowytsch 2024).
    ///
    /// # Panics
    /// If τ is not positive and finite, θ negative or not finite, or f* not finite.
    pub fn vanishing(time_step: f64, theta: f64, minimum: f64, generator: R) -> Self {
        let theta = not_negative(theta, "θ");
        assert!(minimum.is_finite(), "the minimal value f* is finite, not {minimum}");
        Self::with(time_step, Diffusion::Vanishing { theta, minimum }, generator)
    }

    /// D diagonal, with the entries that `rates` writes for a point, one a coordinate and trial, none
    /// negative.
    ///
    /// # Panics
    /// If τ is not positive and finite.
    pub fn diagonal(
        time_step: f64,
        rates: impl Fn(&Ensemble, &mut Ensemble) + Send + 'static,
        generator: R,
    ) -> Self {
        Self::with(time_step, Diffusion::Diagonal(Box::new(rates)), generator)
    }

    fn with(time_step: f64, diffusion: Diffusion, generator: R) -> Self {
        EulerMaruyama {
            time_step: positive(time_step, "the time step τ"),
            diffusion,
            generator,
            gradient: Scratch::default(),
            rates: Scratch::default(),
            numbers: Vec::new(),
            noise: Vec::new(),
        }
    }
}

impl<R: Rng, O: Valued<Ensemble> + ?Sized> Method<Ensemble, O> for EulerMaruyama<R> {
    fn step(&mut self, oracle: &O, x: &mut Ensemble) {
        let tau = self.time_step;
        let gradient = self.gradient.like(x);
        oracle.gradient(x, gradient);
        self.noise.resize(x.trials(), 0.0);
        self.numbers.resize(x.trials(), 0.0);
        let rates = self.rates.like(x);
        match &self.diffusion {
            Diffusion::Constant(_) => {}
            Diffusion::Vanishing { theta, minimum } => {
                oracle.values(x, &mut self.numbers);
                for value in &mut self.numbers {
                    *value = (theta * (*value - minimum) * tau).sqrt();
                }
            }
            Diffusion::Diagonal(write) => write(x, rates),
        }
        x.axpy(-tau, gradient);
        for coordinate in 0..x.dimension() {
            normals(&mut self.generator, &mut self.noise);
            let own = x.coordinate_mut(coordinate).iter_mut();
            match &self.diffusion {
                Diffusion::Constant(rate) => {
                    let size = (rate * tau).sqrt();
                    own.zip(&self.noise).for_each(|(own, xi)| *own += size * xi);
                }
                Diffusion::Vanishing { .. } => {
                    let sizes = self.numbers.iter();
                    for (own, (size, xi)) in own.zip(sizes.zip(&self.noise)) {
                        *own += size * xi;
                    }
                }
                Diffusion::Diagonal(_) => {
                    let rates = rates.coordinate(coordinate).iter();
                    for (own, (rate, xi)) in own.zip(rates.zip(&self.noise)) {
                        *own += (rate * tau).sqrt() * xi;
                    }
                }
            }
        }
    }
}

enum Diffusion {
    Constant(f64),
    Vanishing { theta: f64, minimum: f64 },
    Diagonal(Rates),
}

/// Variances per unit time for each coordinate of each trial, written for a point.
type Rates = Box<dyn Fn(&Ensemble, &mut Ensemble) + Send>;
