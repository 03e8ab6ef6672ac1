//! An objective with a slope, whose minimum over a set is known.

use super::Quadratic;
use crate::numerics::{DoubleDouble, written};
use crate::{Constant, Objective, PreciseObjective, Vector};

/// f(x) = q(x) + s·(x - x*), where q has its minimum 0 at x*: a quadratic, say.
///
/// Where -s is normal to a convex set at x*, that is the minimiser over the set, and f(x*) = 0: so
/// constrained and composite problems are made whose solution is known exactly.
///
/// ```
/// use theoria_models::{Objective, Vector, objectives::{Quadratic, Tilted}};
/// // Over x >= 1, where the normal at 1 points down.
/// let f = Tilted::new(Quadratic::diagonal(&[2.0]), Vector::from_vec(vec![1.0]), Vector::from_vec(vec![3.0]));
/// assert_eq!(f.value(&Vector::from_vec(vec![1.0])), 0.0);
/// assert_eq!(f.value(&Vector::from_vec(vec![2.0])), 4.0);
/// ```
#[derive(Debug, Clone)]
pub struct Tilted<F = Quadratic> {
    level: F,
    at: Vector,
    slope: Vector,
}

impl Tilted {
    /// This quadratic moved to its minimum `at`, plus the slope there.
    pub fn new(quadratic: Quadratic, at: Vector, slope: Vector) -> Self {
        Tilted { level: quadratic.centred_at(at.clone()), at, slope }
    }
}

impl<F: Objective> Tilted<F> {
    /// This objective, which has its minimum 0 at `at`, plus the slope there.
    ///
    /// ```
    /// use theoria_models::{Objective, Vector, objectives::{Huber, Tilted}};
    /// let one = |x| Vector::from_element(1, x);
    /// let f = Tilted::about(Huber::new(1.0, 1.0), one(0.0), one(2.0));
    /// assert_eq!(f.value(&one(-1.0)), 0.5 - 2.0);
    /// ```
    pub fn about(level: F, at: Vector, slope: Vector) -> Self {
        Tilted { level, at, slope }
    }
}

impl<F: Objective> Objective for Tilted<F> {
    fn describe(&self) -> String {
        let level = self.level.describe();
        match (self.slope.as_slice(), self.at.as_slice()) {
            ([0.0], _) => level,
            ([slope], [0.0]) => format!("{level}, plus {} x", written(*slope)),
            ([slope], [at]) => format!("{level}, plus {} (x - {})", written(*slope), written(*at)),
            _ => format!("{level}, tilted"),
        }
    }

    fn dimension(&self) -> usize {
        self.level.dimension()
    }

    fn value(&self, x: &Vector) -> f64 {
        self.level.value(x) + self.slope.dot(&(x - &self.at))
    }

    fn gradient_into(&self, x: &Vector, into: &mut Vector) {
        self.level.gradient_into(x, into);
        *into += &self.slope;
    }

    fn hessian_vector(&self, x: &Vector, direction: &Vector) -> Option<Vector> {
        self.level.hessian_vector(x, direction)
    }

    fn rounding(&self, x: &Vector) -> f64 {
        let size = x.norm() + self.at.norm();
        self.level.rounding(x) + 8.0 * f64::EPSILON * self.slope.norm() * size
    }

    fn knots(&self) -> Option<Vec<Vec<f64>>> {
        self.level.knots()
    }

    fn smoothness(&self) -> Option<Constant> {
        self.level.smoothness()
    }

    fn strong_convexity(&self) -> Option<Constant> {
        self.level.strong_convexity()
    }

    fn in_higher_precision(&self) -> Option<Box<dyn PreciseObjective + '_>> {
        let level = self.level.in_higher_precision()?;
        Some(Box::new(PreciselyTilted { level, at: &self.at, slope: &self.slope }))
    }
}

/// The same in higher precision.
struct PreciselyTilted<'a> {
    level: Box<dyn PreciseObjective + 'a>,
    at: &'a Vector,
    slope: &'a Vector,
}

impl PreciseObjective for PreciselyTilted<'_> {
    fn value(&self, x: &[DoubleDouble]) -> DoubleDouble {
        let parts = self.slope.iter().zip(x.iter().zip(self.at));
        parts.fold(self.level.value(x), |sum, (&slope, (&x, &at))| {
            sum + DoubleDouble::from(slope) * (x - at.into())
        })
    }

    fn gradient_into(&self, x: &[DoubleDouble], into: &mut [DoubleDouble]) {
        self.level.gradient_into(x, into);
        for (own, &slope) in into.iter_mut().zip(self.slope) {
            *own = *own + slope.into();
        }
    }
}
