//! Heavy ball.

use theoria_models::Vector;
use theoria_models::oracle::Oracle;
use theoria_models::point::Point;

use crate::{Method, Scratch};

/// x_{k+1} = x_k - h ∇f(x_k) + β (x_k - x_{k-1}), with x_{-1} = x_0 (Polyak 1964).
///
/// ```
/// use theoria_algorithms::{HeavyBall, Trajectory};
/// use theoria_models::{Objective, Vector, objectives::Quadratic};
///
/// let f = Quadratic::diagonal(&[1.0, 100.0]);
/// let run = Trajectory::of(HeavyBall::optimal(100.0, 1.0), &f, &Vector::from_vec(vec![1.0, 1.0]), 200);
/// assert!(f.value(run.last()) < 1e-25);
/// ```
#[derive(Debug, Clone)]
pub struct HeavyBall<P = Vector> {
    step_size: f64,
    momentum: f64,
    previous: Scratch<P>,
    gradient: Scratch<P>,
}

impl<P: Point> HeavyBall<P> {
    /// With step size h and momentum β.
    pub fn new(step_size: f64, momentum: f64) -> Self {
        HeavyBall {
            step_size,
            momentum,
            previous: Scratch::default(),
            gradient: Scratch::default(),
        }
    }

    /// With the parameters that are optimal on quadratics: h = 4/(√L + √μ)², β = ((√κ - 1)/(√κ + 1))².
    pub fn optimal(smoothness: f64, strong_convexity: f64) -> Self {
        let (root_l, root_mu) = (smoothness.sqrt(), strong_convexity.sqrt());
        let step_size = 4.0 / (root_l + root_mu).powi(2);
        let momentum = ((root_l - root_mu) / (root_l + root_mu)).powi(2);
        Self::new(step_size, momentum)
    }
}

impl<P: Point, O: Oracle<P> + ?Sized> Method<P, O> for HeavyBall<P> {
    fn step(&mut self, oracle: &O, x: &mut P) {
        let previous = self.previous.like(x);
        let gradient = self.gradient.like(x);
        oracle.gradient(x, gradient);
        // The new point is formed in the place of the one before the last.
        previous.scale(-self.momentum);
        previous.axpy(1.0 + self.momentum, x);
        previous.axpy(-self.step_size, gradient);
        std::mem::swap(previous, x);
    }
}
