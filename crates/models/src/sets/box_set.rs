//! Boxes.

use super::{ConvexSet, PreciseProjection};
use crate::Vector;
use crate::numerics::written;

/// low <= x_i <= high for every coordinate.
///
/// ```
/// use theoria_models::{Vector, sets::{BoxSet, ConvexSet}};
/// let mut x = Vector::from_vec(vec![-3.0, 0.5]);
/// BoxSet::new(-1.0, 1.0).project(&mut x);
/// assert_eq!(x.as_slice(), [-1.0, 0.5]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BoxSet {
    low: f64,
    high: f64,
}

impl BoxSet {
    /// Between `low` and `high`, `low <= high`.
    ///
    /// # Panics
    /// If `low` is not at most `high`.
    pub fn new(low: f64, high: f64) -> Self {
        assert!(low <= high, "low is at most high, not {low} beside {high}");
        BoxSet { low, high }
    }
}

impl ConvexSet for BoxSet {
    fn describe(&self) -> String {
        format!("box [{}, {}]^d", written(self.low), written(self.high))
    }

    fn contains(&self, x: &Vector, tolerance: f64) -> bool {
        x.iter().all(|&v| v >= self.low - tolerance && v <= self.high + tolerance)
    }

    fn project(&self, x: &mut Vector) {
        x.apply(|v| *v = v.clamp(self.low, self.high));
    }

    fn precise_projection(&self) -> Option<Box<PreciseProjection<'_>>> {
        Some(Box::new(|x| {
            for v in x {
                *v = v.clamp(self.low, self.high);
            }
        }))
    }

    fn linear_minimiser(&self, direction: &Vector) -> Vector {
        direction.map(|slope| if slope > 0.0 { self.low } else { self.high })
    }

    fn diameter(&self, dimension: usize) -> f64 {
        (self.high - self.low) * (dimension as f64).sqrt()
    }
}
