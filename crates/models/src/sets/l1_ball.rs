//! The l1 ball.

use super::ConvexSet;
use super::simplex::threshold;
use crate::Vector;
use crate::numerics::positive;

/// Σ |x_i| <= radius.
///
/// The projection is a soft threshold whose level is found by sorting (Duchi, Shalev-Shwartz, Singer,
/// Chandra 2008). It is not the radial rescaling x · radius/|x|_1.
///
/// ```
/// use theoria_models::{Vector, sets::{ConvexSet, L1Ball}};
/// let mut x = Vector::from_vec(vec![2.0, 1.0]);
/// L1Ball::new(1.0).project(&mut x);
/// assert_eq!(x.as_slice(), [1.0, 0.0]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct L1Ball {
    radius: f64,
}

impl L1Ball {
    /// About 0 with this radius, positive.
    ///
    /// # Panics
    /// If it is not positive and finite.
    pub fn new(radius: f64) -> Self {
        positive(radius, "the radius");
        L1Ball { radius }
    }
}

impl ConvexSet for L1Ball {
    fn describe(&self) -> String {
        format!("l1 ball of radius {:.4}", self.radius)
    }

    fn contains(&self, x: &Vector, tolerance: f64) -> bool {
        x.lp_norm(1) <= self.radius + tolerance
    }

    fn project(&self, x: &mut Vector) {
        if x.lp_norm(1) > self.radius {
            let theta = threshold(x.iter().map(|v| v.abs()), self.radius);
            x.apply(|v| *v = v.signum() * (v.abs() - theta).max(0.0));
        }
    }

    fn linear_minimiser(&self, direction: &Vector) -> Vector {
        let mut vertex = Vector::zeros(direction.len());
        let steepest = direction.iamax();
        vertex[steepest] = -self.radius * direction[steepest].signum();
        vertex
    }

    fn diameter(&self, _dimension: usize) -> f64 {
        2.0 * self.radius
    }
}
