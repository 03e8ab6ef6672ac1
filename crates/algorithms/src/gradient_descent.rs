//! Gradient descent with a constant step size.

use theoria_models::Vector;
use theoria_models::oracle::Oracle;
use theoria_models::point::Point;

use crate::{Method, Scratch};

/// x ← x - h ∇f(x).
///
/// Converges for L-smooth functions when 0 < h < 2/L (Nesterov 2004, section 1.2.3).
///
/// ```
/// use theoria_algorithms::{GradientDescent, Method};
/// use theoria_models::{Vector, objectives::Quadratic};
///
/// let f = Quadratic::diagonal(&[2.0]);
/// let mut x = Vector::from_vec(vec![1.0]);
/// GradientDescent::new(0.25).step(&f, &mut x);
/// assert_eq!(x[0], 0.5);
/// ```
#[derive(Debug, Clone)]
pub struct GradientDescent<P = Vector> {
    step_size: f64,
    gradient: Scratch<P>,
}

impl<P: Point> GradientDescent<P> {
    /// With step size h.
    pub fn new(step_size: f64) -> Self {
        GradientDescent {
            step_size,
            gradient: Scratch::default(),
        }
    }
}

impl<P: Point, O: Oracle<P> + ?Sized> Method<P, O> for GradientDescent<P> {
    fn step(&mut self, oracle: &O, x: &mut P) {
        let gradient = self.gradient.like(x);
        oracle.gradient(x, gradient);
        x.axpy(-self.step_size, gradient);
    }
}
