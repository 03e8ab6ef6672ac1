//! Nesterov's accelerated gradient method.

use theoria_models::Vector;
use theoria_models::oracle::Oracle;
use theoria_models::point::Point;

use crate::momentum::Running;
use crate::{Method, Momentum, Scratch};

/// x_{k+1} = y_k - h ∇f(y_k), y_{k+1} = x_{k+1} + β_k (x_{k+1} - x_k), with y_0 = x_0 (Nesterov 1983,
/// 2004).
///
/// ```
/// use theoria_algorithms::{Momentum, Nesterov, Trajectory};
/// use theoria_models::{Objective, Vector, objectives::Quadratic};
///
/// let f = Quadratic::diagonal(&[0.01, 1.0]);
/// let start = Vector::from_vec(vec![1.0, 1.0]);
/// let run = Trajectory::of(Nesterov::new(1.0, Momentum::Sequence), &f, &start, 50);
/// assert!(f.value(run.last()) <= 2.0 * 1.0 * 2.0 / (51.0 * 51.0));
/// ```
#[derive(Debug, Clone)]
pub struct Nesterov<P = Vector> {
    step_size: f64,
    momentum: Running,
    extrapolated: Scratch<P>,
    gradient: Scratch<P>,
}

impl<P: Point> Nesterov<P> {
    /// With step size h, 1/L in theory, and this momentum.
    pub fn new(step_size: f64, momentum: Momentum) -> Self {
        Nesterov {
            step_size,
            momentum: Running::new(momentum),
            extrapolated: Scratch::default(),
            gradient: Scratch::default(),
        }
    }

    /// For L-smooth, mu-strongly convex functions: h = 1/L, β = (√κ - 1)/(√κ + 1).
    pub fn strongly_convex(smoothness: f64, strong_convexity: f64) -> Self {
        let root = (smoothness / strong_convexity).sqrt();
        let momentum = Momentum::Constant((root - 1.0) / (root + 1.0));
        Self::new(1.0 / smoothness, momentum)
    }
}

impl<P: Point, O: Oracle<P> + ?Sized> Method<P, O> for Nesterov<P> {
    fn step(&mut self, oracle: &O, x: &mut P) {
        let y = self.extrapolated.like(x);
        let gradient = self.gradient.like(x);
        oracle.gradient(y, gradient);
        y.axpy(-self.step_size, gradient);
        // y holds the new point and x the old one; after the swap it is the other way round.
        std::mem::swap(x, y);
        let momentum = self.momentum.next();
        y.scale(-momentum);
        y.axpy(1.0 + momentum, x);
    }
}
