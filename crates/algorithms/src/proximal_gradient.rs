//! Proximal gradient descent (ISTA).

use theoria_models::oracle::{Oracle, Proximal};
use theoria_models::point::Point;
use theoria_models::{Vector, Wide};

use crate::precise::precisely;
use crate::range::positive;
use crate::{Method, PreciseMethod, Scratch};

/// x ← prox_{h r}(x - h ∇f(x)) for a sum f + r of a smooth f and a convex r with a proximal map (Beck,
/// Teboulle 2009).
///
/// For convex and L-smooth f it converges when 0 < h < 2/L; with h <= 1/L the value after N steps is at most
/// |x_0 - x*|²/(2hN) above the minimum. The oracle gives ∇f and the proximal map of r.
///
/// ```
/// use theoria_algorithms::{ProximalGradient, Trajectory};
/// use theoria_models::objectives::{Composite, L1Norm, Quadratic};
/// use theoria_models::Vector;
///
/// // (x - 3)²/2 + |x| is least at 2.
/// let f = Composite::new(Quadratic::diagonal(&[1.0]).centred_at(Vector::from_vec(vec![3.0])), L1Norm::new(1.0));
/// let run = Trajectory::of(ProximalGradient::new(0.5), &f, &Vector::zeros(1), 100);
/// assert!((run.last()[0] - 2.0).abs() < 1e-12);
/// ```
#[derive(Debug, Clone)]
pub struct ProximalGradient<P: Point = Vector> {
    step_size: P::Scalar,
    gradient: Scratch<P>,
}

impl<P: Point> ProximalGradient<P> {
    /// With step size h.
    ///
    /// # Panics
    /// If h is not positive and finite.
    pub fn new(step_size: P::Scalar) -> Self {
        let step_size = positive(step_size, "the step size h");
        ProximalGradient { step_size, gradient: Scratch::default() }
    }
}

impl<P: Point, O: Oracle<P> + Proximal<P> + ?Sized> Method<P, O> for ProximalGradient<P> {
    fn step(&mut self, oracle: &O, x: &mut P) {
        let gradient = self.gradient.like(x);
        oracle.gradient(x, gradient);
        x.axpy(-self.step_size.clone(), gradient);
        oracle.proximal(self.step_size.clone(), x);
    }

    fn in_higher_precision(&self) -> Option<Box<dyn PreciseMethod>> {
        Some(Box::new(ProximalGradient::<Wide>::new(precisely(&self.step_size)?)))
    }
}
