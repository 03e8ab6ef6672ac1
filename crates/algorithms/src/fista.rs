//! Accelerated proximal gradient descent (FISTA).

use theoria_models::oracle::{Oracle, Proximal};
use theoria_models::point::{Point, SquareRoot};
use theoria_models::{Vector, Wide};

use crate::momentum::Running;
use crate::precise::precisely;
use crate::range::positive;
use crate::{Method, Momentum, PreciseMethod, Scratch};

/// x_{k+1} = prox_{h r}(y_k - h ∇f(y_k)), y_{k+1} = x_{k+1} + β_k (x_{k+1} - x_k), with y_0 = x_0 (Beck,
/// Teboulle 2009).
///
/// For convex and L-smooth f, convex r and h <= 1/L, with the momentum
/// [`Sequence`](Momentum::Sequence), the value after N steps is at most 2|x_0 - x*|²/(h(N + 1)²) above the
/// minimum. The oracle gives ∇f and the proximal map of r.
///
/// ```
/// use theoria_algorithms::{Fista, Momentum, Trajectory};
/// use theoria_models::{Vector, objectives::{Composite, L1Norm, Quadratic}};
///
/// // (x - 3)²/2 + |x|, whose minimum is at 2.
/// let smooth = Quadratic::diagonal(&[1.0]).centred_at(Vector::from_vec(vec![3.0]));
/// let problem = Composite::new(smooth, L1Norm::new(1.0));
/// let method = Fista::new(0.5, Momentum::Sequence);
/// let run = Trajectory::of(method, &problem, &Vector::zeros(1), 200);
/// assert!((run.last()[0] - 2.0).abs() < 1e-6);
/// ```
#[derive(Debug, Clone)]
pub struct Fista<P: Point = Vector> {
    step_size: P::Scalar,
    momentum: Running<P::Scalar>,
    extrapolated: Option<P>,
    gradient: Scratch<P>,
}

impl<P: Point> Fista<P> {
    /// With step size h, 1/L in theory, and this momentum.
    ///
    /// # Panics
    /// If h is not positive and finite, or a constant momentum not at least 0 and below 1.
    pub fn new(step_size: P::Scalar, momentum: Momentum<P::Scalar>) -> Self {
        Fista {
            step_size: positive(step_size, "the step size h"),
            momentum: Running::new(momentum),
            extrapolated: None,
            gradient: Scratch::default(),
        }
    }
}

impl<P: Point<Scalar: SquareRoot>, O: Oracle<P> + Proximal<P> + ?Sized> Method<P, O> for Fista<P> {
    fn step(&mut self, oracle: &O, x: &mut P) {
        let y = self.extrapolated.get_or_insert_with(|| x.clone());
        let gradient = self.gradient.like(x);
        oracle.gradient(y, gradient);
        y.axpy(-self.step_size.clone(), gradient);
        oracle.proximal(self.step_size.clone(), y);
        // y holds the new point and x the old one; after the swap it is the other way round.
        std::mem::swap(x, y);
        let momentum = self.momentum.next();
        y.scale(-momentum.clone());
        y.axpy(P::Scalar::from(1.0) + momentum, x);
    }

    fn in_higher_precision(&self) -> Option<Box<dyn PreciseMethod>> {
        let step_size = precisely(&self.step_size).filter(|_| self.extrapolated.is_none())?;
        Some(Box::new(Fista::<Wide>::new(step_size, self.momentum.precise()?)))
    }
}
