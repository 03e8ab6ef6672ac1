//! The Euclidean ball.

use super::ConvexSet;
use crate::numerics::positive;
use crate::point::PerTrial;
use crate::{Ensemble, Vector};

/// |x| <= radius.
///
/// ```
/// use theoria_models::{Vector, sets::{Ball, ConvexSet}};
/// let mut x = Vector::from_vec(vec![3.0, 4.0]);
/// Ball::new(1.0).project(&mut x);
/// assert!((x - Vector::from_vec(vec![0.6, 0.8])).norm() < 1e-15);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ball {
    radius: f64,
}

impl Ball {
    /// About 0 with this radius, positive.
    ///
    /// # Panics
    /// If it is not positive and finite.
    pub fn new(radius: f64) -> Self {
        positive(radius, "the radius");
        Ball { radius }
    }
}

impl ConvexSet for Ball {
    fn describe(&self) -> String {
        format!("Euclidean ball of radius {:.4}", self.radius)
    }

    fn contains(&self, x: &Vector, tolerance: f64) -> bool {
        x.norm() <= self.radius + tolerance
    }

    fn project(&self, x: &mut Vector) {
        let norm = x.norm();
        if norm > self.radius {
            x.scale_mut(self.radius / norm);
        }
    }

    fn project_block(&self, points: &mut Ensemble) {
        let mut factors = vec![0.0; points.trials()];
        points.inner(points, &mut factors);
        for factor in &mut factors {
            let norm = factor.sqrt();
            *factor = if norm > self.radius { self.radius / norm } else { 1.0 };
        }
        for coordinate in 0..points.dimension() {
            let numbers = points.coordinate_mut(coordinate).iter_mut();
            for (number, factor) in numbers.zip(&factors) {
                *number *= factor;
            }
        }
    }

    fn linear_minimiser(&self, direction: &Vector) -> Vector {
        let norm = direction.norm();
        if norm == 0.0 {
            return Vector::zeros(direction.len());
        }
        direction * (-self.radius / norm)
    }

    fn diameter(&self, _dimension: usize) -> f64 {
        2.0 * self.radius
    }
}
