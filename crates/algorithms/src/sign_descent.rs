//! Sign descent.

use theoria_models::Vector;
use theoria_models::oracle::Oracle;
use theoria_models::point::Coordinatewise;

use crate::range::positive;
use crate::{Method, Scratch};

/// x ← x - h sign ∇f(x), coordinate by coordinate, with sign 0 = 0 (Bernstein, Wang, Azizzadenesheli,
/// Anandkumar 2018, without noise).
///
/// With a constant h it does not converge: near a minimum each coordinate goes to and fro by h.
///
/// ```
/// use theoria_algorithms::{Method, SignDescent};
/// use theoria_models::{Vector, objectives::Quadratic};
///
/// let f = Quadratic::diagonal(&[1.0, 1.0, 1.0]);
/// let mut x = Vector::from_vec(vec![7.0, -0.5, 0.0]);
/// SignDescent::new(0.25).step(&f, &mut x);
/// assert_eq!(x.as_slice(), [6.75, -0.25, 0.0]);
/// ```
#[derive(Debug, Clone)]
pub struct SignDescent<P = Vector> {
    step_size: f64,
    gradient: Scratch<P>,
}

impl<P: Coordinatewise> SignDescent<P> {
    /// With step size h.
    ///
    /// # Panics
    /// If h is not positive and finite.
    pub fn new(step_size: f64) -> Self {
        let step_size = positive(step_size, "the step size h");
        SignDescent { step_size, gradient: Scratch::default() }
    }
}

impl<P: Coordinatewise, O: Oracle<P> + ?Sized> Method<P, O> for SignDescent<P> {
    fn step(&mut self, oracle: &O, x: &mut P) {
        let gradient = self.gradient.like(x);
        oracle.gradient(x, gradient);
        let h = self.step_size;
        x.zip_apply(gradient, |x, slope| {
            // Not `signum`, which gives 1 for 0; NaN must stay NaN.
            x - if slope == 0.0 { 0.0 } else { h * slope.signum() }
        });
    }
}
