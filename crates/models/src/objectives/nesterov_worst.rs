//! The function on which no first-order method is fast.

use crate::numerics::positive;
use crate::{Constant, Minimum, Objective, Vector};
use theoria_elementary::sin;

/// f(x) = (L/4) ((x_1² + Σ (x_i - x_{i+1})² + x_k²)/2 - x_1) in dimension k (Nesterov 2004, section
/// 2.1.2): L-smooth and convex; f* = (L/8)(1/(k+1) - 1), x*_i = 1 - i/(k+1).
///
/// From 0, each gradient reveals one more coordinate, so after N steps of any method that stays in the
/// span of the gradients all but N coordinates are 0.
///
/// ```
/// use theoria_models::{Objective, Vector, objectives::NesterovWorst};
/// let f = NesterovWorst::new(1.0, 5);
/// let gradient = f.gradient_at(&Vector::zeros(5));
/// assert_eq!(gradient.as_slice(), [-0.25, 0.0, 0.0, 0.0, 0.0]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NesterovWorst {
    smoothness: f64,
    dimension: usize,
}

impl NesterovWorst {
    /// With smoothness L > 0 in dimension k >= 1.
    ///
    /// # Panics
    /// If L is not positive and finite, or the dimension 0.
    pub fn new(smoothness: f64, dimension: usize) -> Self {
        positive(smoothness, "the smoothness L");
        assert!(dimension > 0, "the dimension is at least 1");
        NesterovWorst { smoothness, dimension }
    }

    /// The tridiagonal matrix with 2 on the diagonal and -1 beside it, times x.
    fn second_difference(x: &Vector, i: usize) -> f64 {
        let before = if i > 0 { x[i - 1] } else { 0.0 };
        let after = x.get(i + 1).copied().unwrap_or(0.0);
        2.0 * x[i] - before - after
    }

    fn minimiser(&self) -> Vector {
        let k = self.dimension as f64;
        Vector::from_fn(self.dimension, |i, _| 1.0 - (i as f64 + 1.0) / (k + 1.0))
    }
}

impl Objective for NesterovWorst {
    fn describe(&self) -> String {
        format!("Nesterov's lower-bound function in dimension {}", self.dimension)
    }

    fn dimension(&self) -> usize {
        self.dimension
    }

    fn value(&self, x: &Vector) -> f64 {
        let ends = x[0].powi(2) + x[self.dimension - 1].powi(2);
        let between: f64 = (1..self.dimension).map(|i| (x[i] - x[i - 1]).powi(2)).sum();
        self.smoothness / 4.0 * ((ends + between) / 2.0 - x[0])
    }

    fn gradient_into(&self, x: &Vector, into: &mut Vector) {
        for i in 0..self.dimension {
            into[i] = self.smoothness / 4.0 * Self::second_difference(x, i);
        }
        into[0] -= self.smoothness / 4.0;
    }

    fn hessian_vector(&self, _x: &Vector, direction: &Vector) -> Option<Vector> {
        let image = |i, _| self.smoothness / 4.0 * Self::second_difference(direction, i);
        Some(Vector::from_fn(self.dimension, image))
    }

    fn rounding(&self, x: &Vector) -> f64 {
        4.0 * f64::EPSILON * self.smoothness * (1.0 + x.norm_squared())
    }

    fn smoothness(&self) -> Option<Constant> {
        Some(Constant::certified(self.smoothness))
    }

    fn strong_convexity(&self) -> Option<Constant> {
        // The eigenvalues of the second difference are 4 sin²(jπ/(2(k+1))).
        let angle = std::f64::consts::PI / (2.0 * (self.dimension as f64 + 1.0));
        Some(Constant::exact(self.smoothness * sin(angle).powi(2)))
    }

    fn minimum(&self) -> Option<Minimum> {
        let k = self.dimension as f64;
        Some(Minimum::exact(self.smoothness / 8.0 * (1.0 / (k + 1.0) - 1.0)))
    }

    fn nearest_minimiser(&self, _x: &Vector) -> Option<Vector> {
        Some(self.minimiser())
    }
}
