//! Projected gradient descent.

use theoria_models::Vector;
use theoria_models::oracle::{Oracle, Projection};
use theoria_models::point::Point;

use crate::{Method, Scratch};

/// x ← P(x - h ∇f(x)), P the projection onto a convex set (Goldstein 1964; Levitin, Polyak 1966). The
/// oracle answers for the objective and for the set.
#[derive(Debug, Clone)]
pub struct ProjectedGradient<P = Vector> {
    step_size: f64,
    gradient: Scratch<P>,
}

impl<P: Point> ProjectedGradient<P> {
    /// With step size h.
    pub fn new(step_size: f64) -> Self {
        ProjectedGradient {
            step_size,
            gradient: Scratch::default(),
        }
    }
}

impl<P: Point, O: Oracle<P> + Projection<P> + ?Sized> Method<P, O> for ProjectedGradient<P> {
    fn step(&mut self, oracle: &O, x: &mut P) {
        let gradient = self.gradient.like(x);
        oracle.gradient(x, gradient);
        x.axpy(-self.step_size, gradient);
        oracle.project(x);
    }
}
