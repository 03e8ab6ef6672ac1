//! The proximal point method, which is implicit Euler for gradient flow.

use theoria_models::Vector;
use theoria_models::oracle::Proximal;
use theoria_models::point::Point;

use crate::Method;
use crate::range::positive;

/// x ← prox_{h f}(x), that is x_{k+1} = x_k - h ∇f(x_{k+1}) (Martinet 1970; Rockafellar 1976): implicit
/// Euler for gradient flow, stable for every h > 0.
///
/// ```
/// use theoria_algorithms::{Method, ProximalPoint};
/// use theoria_models::{Vector, objectives::Quadratic};
///
/// let mut x = Vector::from_vec(vec![1.0]);
/// ProximalPoint::new(1.0).step(&Quadratic::diagonal(&[3.0]), &mut x);
/// assert!((x[0] - 0.25).abs() < 1e-15);
/// ```
#[derive(Debug, Clone)]
pub struct ProximalPoint<P: Point = Vector> {
    step_size: P::Scalar,
}

impl<P: Point> ProximalPoint<P> {
    /// With step size h > 0.
    ///
    /// # Panics
    /// If h is not positive and finite.
    pub fn new(step_size: P::Scalar) -> Self {
        let step_size = positive(step_size, "the step size h");
        ProximalPoint { step_size }
    }
}

impl<P: Point, O: Proximal<P> + ?Sized> Method<P, O> for ProximalPoint<P> {
    fn step(&mut self, oracle: &O, x: &mut P) {
        oracle.proximal(self.step_size.clone(), x);
    }
}
