//! Linear functions.

use crate::{Constant, Objective, Vector};

/// f(x) = slope·x, which has a minimum on bounded sets only (see
/// [`Constrained`](super::Constrained)). L = 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Linear {
    slope: Vector,
}

impl Linear {
    /// With this slope.
    pub fn new(slope: Vector) -> Self {
        Linear { slope }
    }
}

impl Objective for Linear {
    fn describe(&self) -> String {
        format!("linear function in dimension {}", self.slope.len())
    }

    fn dimension(&self) -> usize {
        self.slope.len()
    }

    fn value(&self, x: &Vector) -> f64 {
        self.slope.dot(x)
    }

    fn gradient_into(&self, _x: &Vector, into: &mut Vector) {
        into.copy_from(&self.slope);
    }

    fn rounding(&self, x: &Vector) -> f64 {
        8.0 * f64::EPSILON * self.slope.norm() * x.norm() * (x.len() as f64).sqrt()
    }

    fn smoothness(&self) -> Option<Constant> {
        Some(Constant::exact(0.0))
    }

    fn lipschitz(&self) -> Option<Constant> {
        Some(Constant::exact(self.slope.norm()))
    }
}
