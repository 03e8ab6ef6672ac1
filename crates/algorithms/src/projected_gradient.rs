//! Projected gradient descent.

use theoria_models::oracle::{Oracle, Projection};
use theoria_models::point::Point;
use theoria_models::{Vector, Wide};

use crate::range::positive;
use crate::step_size::StepSize;
use crate::{Method, PreciseMethod, Scratch};

/// x ← P(x - h ∇f(x)), P the projection onto a convex set (Goldstein 1964; Levitin, Polyak 1966). The
/// oracle answers for the objective and for the set.
///
/// For convex and L-smooth f it converges with a constant step size when 0 < h < 2/L. Where the oracle is
/// noisy this is projected SGD.
///
/// ```
/// use theoria_algorithms::{ProjectedGradient, Trajectory};
/// use theoria_models::{Vector, objectives::{Constrained, Quadratic}, sets::L1Ball};
///
/// let centred = Quadratic::diagonal(&[2.0, 2.0]).centred_at(Vector::from_vec(vec![2.0, 1.0]));
/// let problem = Constrained::new(centred, L1Ball::new(1.0));
/// let run = Trajectory::of(ProjectedGradient::new(0.5), &problem, &Vector::zeros(2), 50);
/// assert!((run.last().point() - Vector::from_vec(vec![1.0, 0.0])).norm() < 1e-12);
/// ```
#[derive(Debug, Clone)]
pub struct ProjectedGradient<P: Point = Vector> {
    step_size: StepSize<P::Scalar>,
    step: usize,
    gradient: Scratch<P>,
}

impl<P: Point> ProjectedGradient<P> {
    /// With the same step size h in every step.
    ///
    /// # Panics
    /// If h is not positive and finite.
    pub fn new(step_size: P::Scalar) -> Self {
        Self::with(StepSize::Constant(positive(step_size, "the step size h")))
    }

    /// With step size `schedule(k)` in step k = 0, 1, 2 ...
    ///
    /// # Panics
    /// A step panics if its step size is negative or not finite.
    pub fn with_schedule(schedule: impl Fn(usize) -> P::Scalar + Send + Sync + 'static) -> Self {
        Self::with(StepSize::schedule(schedule))
    }

    fn with(step_size: StepSize<P::Scalar>) -> Self {
        ProjectedGradient { step_size, step: 0, gradient: Scratch::default() }
    }
}

impl<P: Point, O: Oracle<P> + Projection<P> + ?Sized> Method<P, O> for ProjectedGradient<P> {
    fn step(&mut self, oracle: &O, x: &mut P) {
        let gradient = self.gradient.like(x);
        oracle.gradient(x, gradient);
        x.axpy(-self.step_size.at(self.step), gradient);
        oracle.project(x);
        self.step += 1;
    }

    fn in_higher_precision(&self) -> Option<Box<dyn PreciseMethod>> {
        let step_size = self.step_size.precise().filter(|_| self.step == 0)?;
        Some(Box::new(ProjectedGradient::<Wide>::with(step_size)))
    }
}
