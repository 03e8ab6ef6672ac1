//! Nesterov's accelerated gradient method.

use theoria_models::oracle::Oracle;
use theoria_models::point::{Point, SquareRoot};
use theoria_models::{Vector, Wide};

use crate::momentum::Running;
use crate::precise::precisely;
use crate::range::{curvatures, positive};
use crate::{Method, Momentum, PreciseMethod, Scratch};

/// x_{k+1} = y_k - h ∇f(y_k), y_{k+1} = x_{k+1} + β_k (x_{k+1} - x_k), with y_0 = x_0 (Nesterov 1983,
/// 2004).
///
/// For convex and L-smooth f and h <= 1/L, with the momentum [`Sequence`](Momentum::Sequence), the value
/// after N steps is at most 2|x_0 - x*|²/(h(N + 1)²) above the minimum.
///
/// ```
/// use theoria_algorithms::{Momentum, Nesterov, Trajectory};
/// use theoria_models::{Objective, Vector, objectives::Quadratic};
///
/// let f = Quadratic::diagonal(&[0.01, 1.0]);
/// let start = Vector::from_vec(vec![1.0, 1.0]);
/// let run = Trajectory::of(Nesterov::new(1.0, Momentum::Sequence), &f, &start, 50);
/// assert!(f.value(&run.last()) <= 2.0 * 1.0 * 2.0 / (51.0 * 51.0));
/// ```
#[derive(Debug, Clone)]
pub struct Nesterov<P: Point = Vector> {
    step_size: P::Scalar,
    momentum: Running<P::Scalar>,
    extrapolated: Option<P>,
    gradient: Scratch<P>,
}

impl<P: Point> Nesterov<P> {
    /// With step size h, 1/L in theory, and this momentum.
    ///
    /// # Panics
    /// If h is not positive and finite, or a constant momentum not at least 0 and below 1.
    pub fn new(step_size: P::Scalar, momentum: Momentum<P::Scalar>) -> Self {
        Nesterov {
            step_size: positive(step_size, "the step size h"),
            momentum: Running::new(momentum),
            extrapolated: None,
            gradient: Scratch::default(),
        }
    }
}

impl<P: Point<Scalar: SquareRoot>> Nesterov<P> {
    /// For L-smooth, mu-strongly convex functions: h = 1/L, β = (√κ - 1)/(√κ + 1).
    ///
    /// # Panics
    /// If L and μ are not positive and finite with μ <= L.
    pub fn strongly_convex(smoothness: P::Scalar, strong_convexity: P::Scalar) -> Self {
        let (smoothness, strong_convexity) = curvatures(smoothness, strong_convexity);
        let one = P::Scalar::from(1.0);
        let root = (smoothness.clone() / strong_convexity).sqrt();
        let momentum = (root.clone() - one.clone()) / (root + one.clone());
        Self::new(one / smoothness, Momentum::Constant(momentum))
    }
}

impl<P: Point<Scalar: SquareRoot>, O: Oracle<P> + ?Sized> Method<P, O> for Nesterov<P> {
    fn step(&mut self, oracle: &O, x: &mut P) {
        let y = self.extrapolated.get_or_insert_with(|| x.clone());
        let gradient = self.gradient.like(x);
        oracle.gradient(y, gradient);
        y.axpy(-self.step_size.clone(), gradient);
        // y holds the new point and x the old one; after the swap it is the other way round.
        std::mem::swap(x, y);
        let momentum = self.momentum.next();
        y.scale(-momentum.clone());
        y.axpy(P::Scalar::from(1.0) + momentum, x);
    }

    fn in_higher_precision(&self) -> Option<Box<dyn PreciseMethod>> {
        let step_size = precisely(&self.step_size).filter(|_| self.extrapolated.is_none())?;
        Some(Box::new(Nesterov::<Wide>::new(step_size, self.momentum.precise()?)))
    }
}
