//! A stiff valley along a parabola.

use crate::{Matrix, Minimum, Objective, Vector};

/// f(x, y) = x²/2 + s (y - x²)²/2 with the stiffness s: along the valley y = x² it is flat, across it has the curvature s (1 + 4x²) about.
///
/// ```
/// use theoria_models::{Objective, Vector, objectives::CurvedValley};
/// let f = CurvedValley::new(100.0);
/// assert_eq!(f.value(&Vector::from_vec(vec![1.0, 1.0])), 0.5);
/// assert_eq!(f.value(&Vector::from_vec(vec![1.0, 2.0])), 50.5);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CurvedValley {
    stiffness: f64,
}

impl CurvedValley {
    /// With this stiffness s.
    ///
    /// # Panics
    /// If it is not positive and finite.
    pub fn new(stiffness: f64) -> Self {
        assert!(
            stiffness > 0.0 && stiffness.is_finite(),
            "the stiffness is positive and finite, not {stiffness}"
        );
        CurvedValley { stiffness }
    }
}

impl Objective for CurvedValley {
    fn describe(&self) -> String {
        format!("curved valley x²/2 + {} (y − x²)²/2", self.stiffness)
    }

    fn dimension(&self) -> usize {
        2
    }

    fn value(&self, x: &Vector) -> f64 {
        x[0] * x[0] / 2.0 + self.stiffness * (x[1] - x[0] * x[0]).powi(2) / 2.0
    }

    fn gradient_into(&self, x: &Vector, into: &mut Vector) {
        let across = self.stiffness * (x[1] - x[0] * x[0]);
        into[0] = x[0] - 2.0 * x[0] * across;
        into[1] = across;
    }

    fn hessian_vector(&self, x: &Vector, direction: &Vector) -> Option<Vector> {
        self.hessian(x).map(|hessian| hessian * direction)
    }

    fn hessian(&self, x: &Vector) -> Option<Matrix> {
        let (s, off) = (self.stiffness, -2.0 * self.stiffness * x[0]);
        let first = 1.0 + s * (6.0 * x[0] * x[0] - 2.0 * x[1]);
        Some(Matrix::from_row_slice(2, 2, &[first, off, off, s]))
    }

    fn minimum(&self) -> Option<Minimum> {
        Some(Minimum::exact(0.0))
    }

    fn nearest_minimiser(&self, _: &Vector) -> Option<Vector> {
        Some(Vector::zeros(2))
    }
}
