//! The squared norm, in dimensions in which no matrix is wanted.

use crate::{Constant, Minimum, Objective, Vector};

/// f(x) = |x|²: L = mu = 2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SquaredNorm {
    dimension: usize,
}

impl SquaredNorm {
    /// In this dimension.
    pub fn new(dimension: usize) -> Self {
        SquaredNorm { dimension }
    }
}

impl Objective for SquaredNorm {
    fn describe(&self) -> String {
        format!("|x|² in dimension {}", self.dimension)
    }

    fn dimension(&self) -> usize {
        self.dimension
    }

    fn value(&self, x: &Vector) -> f64 {
        x.norm_squared()
    }

    fn gradient_into(&self, x: &Vector, into: &mut Vector) {
        into.copy_from(x);
        into.scale_mut(2.0);
    }

    fn hessian_vector(&self, _x: &Vector, direction: &Vector) -> Option<Vector> {
        Some(direction * 2.0)
    }

    fn rounding(&self, x: &Vector) -> f64 {
        (16.0 + self.dimension as f64) * f64::EPSILON * self.value(x)
    }

    fn smoothness(&self) -> Option<Constant> {
        Some(Constant::exact(2.0))
    }

    fn strong_convexity(&self) -> Option<Constant> {
        Some(Constant::exact(2.0))
    }

    fn minimum(&self) -> Option<Minimum> {
        Some(Minimum::exact(0.0))
    }

    fn nearest_minimiser(&self, _x: &Vector) -> Option<Vector> {
        Some(Vector::zeros(self.dimension))
    }
}
