//! A double well in every coordinate.

use crate::{Matrix, Minimum, Objective, Vector};

/// f(x) = Σ (x_i² - 1)²/4 on R^d: 2^d minima, one maximum at 0, and 3^d critical points in all.
///
/// ```
/// use theoria_models::{Objective, Vector, objectives::DoubleWells};
/// let f = DoubleWells::new(2);
/// assert_eq!(f.value(&Vector::from_vec(vec![0.0, -1.0])), 0.25);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DoubleWells {
    dimension: usize,
}

impl DoubleWells {
    /// In this dimension.
    ///
    /// # Panics
    /// If it is 0.
    pub fn new(dimension: usize) -> Self {
        assert!(dimension > 0, "a point has at least one coordinate");
        DoubleWells { dimension }
    }
}

impl Objective for DoubleWells {
    fn describe(&self) -> String {
        format!("double wells in dimension {}", self.dimension)
    }

    fn dimension(&self) -> usize {
        self.dimension
    }

    fn value(&self, x: &Vector) -> f64 {
        x.iter().map(|x| ((x - 1.0) * (x + 1.0)).powi(2) / 4.0).sum()
    }

    fn gradient_into(&self, x: &Vector, into: &mut Vector) {
        into.zip_apply(x, |slope, x| *slope = x * (x - 1.0) * (x + 1.0));
    }

    fn hessian_vector(&self, x: &Vector, direction: &Vector) -> Option<Vector> {
        Some(direction.zip_map(x, |along, x| along * (3.0 * x * x - 1.0)))
    }

    fn hessian(&self, x: &Vector) -> Option<Matrix> {
        Some(Matrix::from_diagonal(&x.map(|x| 3.0 * x * x - 1.0)))
    }

    fn minimum(&self) -> Option<Minimum> {
        Some(Minimum::exact(0.0))
    }

    fn nearest_minimiser(&self, x: &Vector) -> Option<Vector> {
        Some(x.map(|x| if x < 0.0 { -1.0 } else { 1.0 }))
    }
}
