//! The function on which heavy ball cycles.

use crate::{Constant, Minimum, Objective, Vector};

/// f'(x) = 25x for x < 1, x + 24 for 1 <= x < 2, 25x - 24 for x >= 2, on R: 1-strongly convex and
/// 25-smooth, minimal at 0 with value 0 (Lessard, Recht, Packard 2016). Heavy ball with the parameters
/// that are optimal on quadratics ends in a cycle from certain starts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CyclingQuadratic;

impl Objective for CyclingQuadratic {
    fn describe(&self) -> String {
        "piecewise quadratic of curvatures 25, 1, 25".into()
    }

    fn dimension(&self) -> usize {
        1
    }

    fn value(&self, x: &Vector) -> f64 {
        let x = x[0];
        if x < 1.0 {
            12.5 * x * x
        } else if x < 2.0 {
            x * x / 2.0 + 24.0 * x - 12.0
        } else {
            12.5 * x * x - 24.0 * x + 36.0
        }
    }

    fn gradient_into(&self, x: &Vector, into: &mut Vector) {
        let x = x[0];
        into[0] = if x < 1.0 {
            25.0 * x
        } else if x < 2.0 {
            x + 24.0
        } else {
            25.0 * x - 24.0
        };
    }

    fn hessian_vector(&self, x: &Vector, direction: &Vector) -> Option<Vector> {
        let curvature = if (1.0..2.0).contains(&x[0]) { 1.0 } else { 25.0 };
        Some(direction * curvature)
    }

    fn rounding(&self, x: &Vector) -> f64 {
        // The terms of each piece are at most four times its value.
        16.0 * f64::EPSILON * self.value(x)
    }

    fn smoothness(&self) -> Option<Constant> {
        Some(Constant::exact(25.0))
    }

    fn strong_convexity(&self) -> Option<Constant> {
        Some(Constant::exact(1.0))
    }

    fn minimum(&self) -> Option<Minimum> {
        Some(Minimum::exact(0.0))
    }

    fn nearest_minimiser(&self, _x: &Vector) -> Option<Vector> {
        Some(Vector::zeros(1))
    }
}
