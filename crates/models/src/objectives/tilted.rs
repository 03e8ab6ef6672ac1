//! A quadratic with a slope, whose minimum over a set is known.

use super::Quadratic;
use crate::{Constant, Objective, Vector};

/// f(x) = q(x) + s·(x - x*), where q is a quadratic with its minimum 0 at x*.
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
pub struct Tilted {
    quadratic: Quadratic,
    at: Vector,
    slope: Vector,
}

impl Tilted {
    /// This quadratic moved to its minimum `at`, plus the slope there.
    pub fn new(quadratic: Quadratic, at: Vector, slope: Vector) -> Self {
        Tilted { quadratic: quadratic.centred_at(at.clone()), at, slope }
    }
}

impl Objective for Tilted {
    fn describe(&self) -> String {
        format!("{}, tilted", self.quadratic.describe())
    }

    fn dimension(&self) -> usize {
        self.quadratic.dimension()
    }

    fn value(&self, x: &Vector) -> f64 {
        self.quadratic.value(x) + self.slope.dot(&(x - &self.at))
    }

    fn gradient_into(&self, x: &Vector, into: &mut Vector) {
        self.quadratic.gradient_into(x, into);
        *into += &self.slope;
    }

    fn hessian_vector(&self, x: &Vector, direction: &Vector) -> Option<Vector> {
        self.quadratic.hessian_vector(x, direction)
    }

    fn rounding(&self, x: &Vector) -> f64 {
        let size = x.norm() + self.at.norm();
        self.quadratic.rounding(x) + 8.0 * f64::EPSILON * self.slope.norm() * size
    }

    fn smoothness(&self) -> Option<Constant> {
        self.quadratic.smoothness()
    }

    fn strong_convexity(&self) -> Option<Constant> {
        self.quadratic.strong_convexity()
    }
}
