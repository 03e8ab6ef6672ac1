//! The simplex.

use super::ConvexSet;
use crate::Vector;
use crate::numerics::positive;

/// x_i >= 0, Σ x_i = total.
///
/// The projection subtracts one number from all coordinates and cuts at 0; the number is found by
/// sorting (Held, Wolfe, Crowder 1974).
///
/// ```
/// use theoria_models::{Vector, sets::{ConvexSet, Simplex}};
/// let mut x = Vector::from_vec(vec![1.0, 0.5, -1.0]);
/// Simplex::new(1.0).project(&mut x);
/// assert_eq!(x.as_slice(), [0.75, 0.25, 0.0]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Simplex {
    total: f64,
}

impl Simplex {
    /// With this sum of coordinates, positive.
    ///
    /// # Panics
    /// If it is not positive and finite.
    pub fn new(total: f64) -> Self {
        positive(total, "the sum");
        Simplex { total }
    }
}

/// The number θ with Σ max(x_i - θ, 0) = total.
pub(super) fn threshold(numbers: impl Iterator<Item = f64>, total: f64) -> f64 {
    let mut sorted: Vec<f64> = numbers.collect();
    sorted.sort_by(|a, b| b.total_cmp(a));
    let mut sum = 0.0;
    let mut theta = f64::NEG_INFINITY;
    for (count, number) in sorted.iter().enumerate() {
        sum += number;
        let candidate = (sum - total) / (count + 1) as f64;
        if *number <= candidate {
            break;
        }
        theta = candidate;
    }
    theta
}

impl ConvexSet for Simplex {
    fn describe(&self) -> String {
        format!("simplex of sum {:.4}", self.total)
    }

    fn contains(&self, x: &Vector, tolerance: f64) -> bool {
        x.iter().all(|&v| v >= -tolerance) && (x.sum() - self.total).abs() <= tolerance
    }

    fn project(&self, x: &mut Vector) {
        let theta = threshold(x.iter().copied(), self.total);
        x.apply(|v| *v = (*v - theta).max(0.0));
    }

    fn linear_minimiser(&self, direction: &Vector) -> Vector {
        let mut vertex = Vector::zeros(direction.len());
        vertex[direction.imin()] = self.total;
        vertex
    }

    fn diameter(&self, dimension: usize) -> f64 {
        if dimension > 1 { self.total * 2f64.sqrt() } else { 0.0 }
    }
}
