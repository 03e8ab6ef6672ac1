//! Heavy ball.

use theoria_models::oracle::Oracle;
use theoria_models::point::{Point, SquareRoot};
use theoria_models::{Vector, Wide};

use crate::precise::precisely;
use crate::range::{below_one, curvatures, positive};
use crate::{Method, PreciseMethod, Scratch};

/// x_{k+1} = x_k - h ∇f(x_k) + β (x_k - x_{k-1}), with x_{-1} = x_0 (Polyak 1964).
///
/// On quadratics with curvatures in [μ, L] it converges when 0 <= β < 1 and 0 < h < 2(1 + β)/L; with the
/// parameters that are optimal there it may cycle on other strongly convex functions (Lessard, Recht,
/// Packard 2016).
///
/// ```
/// use theoria_algorithms::{HeavyBall, Trajectory};
/// use theoria_models::{Objective, Vector, objectives::Quadratic};
///
/// let f = Quadratic::diagonal(&[1.0, 100.0]);
/// let run = Trajectory::of(HeavyBall::optimal(100.0, 1.0), &f, &Vector::from_vec(vec![1.0, 1.0]), 200);
/// assert!(f.value(&run.last()) < 1e-25);
/// ```
#[derive(Debug, Clone)]
pub struct HeavyBall<P: Point = Vector> {
    step_size: P::Scalar,
    momentum: P::Scalar,
    previous: Option<P>,
    gradient: Scratch<P>,
}

impl<P: Point> HeavyBall<P> {
    /// With step size h and momentum β.
    ///
    /// # Panics
    /// If h is not positive and finite, or β not at least 0 and below 1.
    pub fn new(step_size: P::Scalar, momentum: P::Scalar) -> Self {
        let step_size = positive(step_size, "the step size h");
        let momentum = below_one(momentum, "the momentum β");
        HeavyBall { step_size, momentum, previous: None, gradient: Scratch::default() }
    }
}

impl<P: Point<Scalar: SquareRoot>> HeavyBall<P> {
    /// With the parameters that are optimal on quadratics: h = 4/(√L + √μ)², β = ((√κ - 1)/(√κ + 1))².
    ///
    /// # Panics
    /// If L and μ are not positive and finite with μ <= L.
    pub fn optimal(smoothness: P::Scalar, strong_convexity: P::Scalar) -> Self {
        let (smoothness, strong_convexity) = curvatures(smoothness, strong_convexity);
        let (root_l, root_mu) = (smoothness.sqrt(), strong_convexity.sqrt());
        let sum = root_l.clone() + root_mu.clone();
        let step_size = P::Scalar::from(4.0) / (sum.clone() * sum.clone());
        let quotient = (root_l - root_mu) / sum;
        Self::new(step_size, quotient.clone() * quotient)
    }
}

impl<P: Point, O: Oracle<P> + ?Sized> Method<P, O> for HeavyBall<P> {
    fn step(&mut self, oracle: &O, x: &mut P) {
        let previous = self.previous.get_or_insert_with(|| x.clone());
        let gradient = self.gradient.like(x);
        oracle.gradient(x, gradient);
        // The new point is formed in the place of the one before the last.
        let momentum = self.momentum.clone();
        previous.scale(-momentum.clone());
        previous.axpy(P::Scalar::from(1.0) + momentum, x);
        previous.axpy(-self.step_size.clone(), gradient);
        std::mem::swap(previous, x);
    }

    fn in_higher_precision(&self) -> Option<Box<dyn PreciseMethod>> {
        let step_size = precisely(&self.step_size).filter(|_| self.previous.is_none())?;
        Some(Box::new(HeavyBall::<Wide>::new(step_size, precisely(&self.momentum)?)))
    }
}
