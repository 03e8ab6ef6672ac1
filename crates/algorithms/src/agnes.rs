//! AGNES: accelerated gradient descent with noisy estimators.

use theoria_models::oracle::Oracle;
use theoria_models::point::Point;
use theoria_models::{Vector, Wide};

use crate::precise::stepped_in_doubles;
use crate::range::{not_negative, positive};
use crate::{Method, PreciseMethod, Scratch};

/// Nesterov's method with two step sizes, which accelerates in spite of multiplicative noise,
/// E|g - ∇f|² <= σ² |∇f|² (Gupta, Siegel, Wojtowytsch 2024), in the form with a velocity:
///
/// x'_n = x_n + α v_n, x_{n+1} = x'_n - η g_n, v_{n+1} = ρ_n (v_n - g_n), with v_0 = 0, g_n a stochastic
/// gradient at x'_n, η = 1/(L(1+σ²)), α = η/(1+σ²) and, for convex f, ρ_n = n/(n+3).
///
/// Without noise it is Nesterov's method with the simplified momentum. For the form that the proof
/// speaks of see [`AgnesEstimate`](crate::AgnesEstimate).
///
/// ```
/// use theoria_algorithms::{Agnes, Trajectory};
/// use theoria_models::{Objective, Vector, objectives::Quadratic};
///
/// let f = Quadratic::diagonal(&[0.01, 1.0]);
/// let start = Vector::from_vec(vec![1.0, 1.0]);
/// let run = Trajectory::of(Agnes::new(1.0, 0.0), &f, &start, 50);
/// assert!(f.value(&run.last()) <= 2.0 * 1.0 * 2.0 / (51.0 * 51.0));
/// ```
#[derive(Debug, Clone)]
pub struct Agnes<P = Vector> {
    gradient_step: f64,
    momentum_step: f64,
    step: usize,
    velocity: Option<P>,
    gradient: Scratch<P>,
}

impl<P: Point<Scalar = f64>> Agnes<P> {
    /// For L-smooth convex functions and noise of at most σ² |∇f|².
    ///
    /// # Panics
    /// If L is not positive and finite, or σ negative or not finite.
    pub fn new(smoothness: f64, sigma: f64) -> Self {
        let noise = 1.0 + not_negative(sigma, "σ").powi(2);
        let gradient_step = 1.0 / (positive(smoothness, "L") * noise);
        Self::with_steps(gradient_step, gradient_step / noise)
    }

    /// With step size η for the gradient and α for the momentum.
    ///
    /// # Panics
    /// If η is not positive and finite, or α negative or not finite.
    pub fn with_steps(gradient_step: f64, momentum_step: f64) -> Self {
        Agnes {
            gradient_step: positive(gradient_step, "the step size η"),
            momentum_step: not_negative(momentum_step, "the step size α"),
            step: 0,
            velocity: None,
            gradient: Scratch::default(),
        }
    }
}

impl<P: Point<Scalar = f64>, O: Oracle<P> + ?Sized> Method<P, O> for Agnes<P> {
    fn step(&mut self, oracle: &O, x: &mut P) {
        let n = self.step as f64;
        let velocity = self.velocity.get_or_insert_with(|| x.zero_like());
        let gradient = self.gradient.like(x);
        x.axpy(self.momentum_step, velocity);
        oracle.gradient(x, gradient);
        x.axpy(-self.gradient_step, gradient);
        velocity.axpy(-1.0, gradient);
        velocity.scale(n / (n + 3.0));
        self.step += 1;
    }

    fn in_higher_precision(&self) -> Option<Box<dyn PreciseMethod>> {
        let fresh = Agnes::<Wide<f64>>::with_steps(self.gradient_step, self.momentum_step);
        (self.step == 0).then(|| stepped_in_doubles(fresh))?
    }
}
