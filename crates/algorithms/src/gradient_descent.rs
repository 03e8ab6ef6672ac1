//! Gradient descent, and with a schedule the subgradient method.

use theoria_models::oracle::Oracle;
use theoria_models::point::Point;
use theoria_models::{Vector, Wide};

use crate::range::positive;
use crate::step_size::StepSize;
use crate::{Method, PreciseMethod, Scratch};

/// x ← x - h_k ∇f(x), with a constant step size or a schedule.
///
/// With a constant step size it converges for L-smooth functions when 0 < h < 2/L (Nesterov 2004,
/// section 1.2.3). Where the oracle gives subgradients this is the subgradient method (Shor;
/// Nesterov 2004, section 3.2), which needs a schedule or a step size fitted to the number of steps.
///
/// ```
/// use theoria_algorithms::{GradientDescent, Method};
/// use theoria_models::{Vector, objectives::Quadratic};
///
/// let f = Quadratic::diagonal(&[2.0]);
/// let mut x = Vector::from_vec(vec![1.0]);
/// GradientDescent::new(0.25).step(&f, &mut x);
/// assert_eq!(x[0], 0.5);
///
/// let mut decreasing = GradientDescent::with_schedule(|k| 0.25 / (k + 1) as f64);
/// decreasing.step(&f, &mut x);
/// decreasing.step(&f, &mut x);
/// assert_eq!(x[0], 0.1875);
/// ```
#[derive(Debug, Clone)]
pub struct GradientDescent<P: Point = Vector> {
    step_size: StepSize<P::Scalar>,
    step: usize,
    gradient: Scratch<P>,
}

impl<P: Point> GradientDescent<P> {
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
        GradientDescent { step_size, step: 0, gradient: Scratch::default() }
    }
}

impl<P: Point, O: Oracle<P> + ?Sized> Method<P, O> for GradientDescent<P> {
    fn step(&mut self, oracle: &O, x: &mut P) {
        let gradient = self.gradient.like(x);
        oracle.gradient(x, gradient);
        x.axpy(-self.step_size.at(self.step), gradient);
        self.step += 1;
    }

    fn in_higher_precision(&self) -> Option<Box<dyn PreciseMethod>> {
        let step_size = self.step_size.precise().filter(|_| self.step == 0)?;
        Some(Box::new(GradientDescent::<Wide>::with(step_size)))
    }
}
