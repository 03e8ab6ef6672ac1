//! Simple convex sets with exact projections, one a file.

mod ball;
mod box_set;
mod l1_ball;
mod simplex;

pub use ball::Ball;
pub use box_set::BoxSet;
pub use l1_ball::L1Ball;
pub use simplex::Simplex;

use crate::numerics::DoubleDouble;
use crate::{Ensemble, Vector};

/// A projection in higher precision: the point is replaced.
pub type PreciseProjection<'a> = dyn Fn(&mut [DoubleDouble]) + 'a;

/// A closed convex set.
///
/// ```
/// use theoria_models::{Vector, sets::{Ball, ConvexSet, L1Ball}};
/// let mut x = Vector::from_vec(vec![2.0, 1.0]);
/// L1Ball::new(1.0).project(&mut x);
/// assert_eq!(x.as_slice(), [1.0, 0.0]);
/// assert!(Ball::new(1.0).contains(&x, 1e-12));
/// ```
pub trait ConvexSet: Send + Sync {
    /// What it is, in a few words.
    fn describe(&self) -> String;

    /// Whether `x` lies within `tolerance` of satisfying every constraint.
    fn contains(&self, x: &Vector, tolerance: f64) -> bool;

    /// Replaces `x` by the nearest point of the set.
    fn project(&self, x: &mut Vector);

    /// The same in higher precision, where it knows how.
    fn precise_projection(&self) -> Option<Box<PreciseProjection<'_>>> {
        None
    }

    /// Projects many trials at once; sets for which a block is faster override it.
    fn project_block(&self, points: &mut Ensemble) {
        points.for_each_trial(|point| self.project(point));
    }

    /// A point of the set that minimises the inner product with `direction`.
    fn linear_minimiser(&self, direction: &Vector) -> Vector;

    /// The largest distance of two of its points, in dimension `dimension`.
    fn diameter(&self, dimension: usize) -> f64;
}
