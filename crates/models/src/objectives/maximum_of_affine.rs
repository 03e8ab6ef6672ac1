//! The largest of several affine functions.

use crate::{Constant, Matrix, Minimum, Objective, Svd, Vector};

/// f(x) = max_i a_i·(x - x̂) for slopes a_1, ..., a_m and a last one that is minus their sum: convex and
/// piecewise linear, with f* = 0, attained where all slopes are orthogonal to x - x̂.
///
/// ```
/// use theoria_models::{Matrix, Objective, Vector, objectives::MaximumOfAffine};
/// let f = MaximumOfAffine::new(&Matrix::identity(2, 2), Vector::zeros(2));
/// assert_eq!(f.value(&Vector::from_vec(vec![3.0, -1.0])), 3.0);
/// assert_eq!(f.value(&Vector::from_vec(vec![-3.0, 1.0])), 2.0);
/// assert_eq!(f.lipschitz().unwrap().value, 2f64.sqrt());
/// ```
#[derive(Debug, Clone)]
pub struct MaximumOfAffine {
    slopes: Matrix,
    centre: Vector,
    row_space: Matrix,
}

impl MaximumOfAffine {
    /// With all slopes but the last, m x d, and the minimiser x̂.
    ///
    /// # Panics
    /// If the slopes have not the dimension of the minimiser.
    pub fn new(slopes: &Matrix, centre: Vector) -> Self {
        let (count, dimension) = slopes.shape();
        assert_eq!(dimension, centre.len(), "slopes of the minimiser's dimension");
        let mut all = slopes.clone().resize_vertically(count + 1, 0.0);
        all.set_row(count, &-slopes.row_sum());
        MaximumOfAffine { row_space: Svd::of(&all).row_space(), slopes: all, centre }
    }
}

impl Objective for MaximumOfAffine {
    fn describe(&self) -> String {
        let (count, dimension) = self.slopes.shape();
        format!("largest of {count} affine functions, in dimension {dimension}")
    }

    fn dimension(&self) -> usize {
        self.centre.len()
    }

    fn value(&self, x: &Vector) -> f64 {
        (&self.slopes * (x - &self.centre)).max()
    }

    fn gradient_into(&self, x: &Vector, into: &mut Vector) {
        let largest = (&self.slopes * (x - &self.centre)).imax();
        into.tr_copy_from(&self.slopes.row(largest));
    }

    fn rounding(&self, x: &Vector) -> f64 {
        let dimension = self.dimension() as f64;
        let size = x.norm() + self.centre.norm();
        4.0 * f64::EPSILON * dimension.sqrt() * self.steepest() * size
    }

    fn lipschitz(&self) -> Option<Constant> {
        Some(Constant::exact(self.steepest()))
    }

    fn minimum(&self) -> Option<Minimum> {
        Some(Minimum::exact(0.0))
    }

    fn nearest_minimiser(&self, x: &Vector) -> Option<Vector> {
        let offset = x - &self.centre;
        Some(x - &self.row_space * self.row_space.tr_mul(&offset))
    }
}

impl MaximumOfAffine {
    fn steepest(&self) -> f64 {
        let squares = self.slopes.row_iter().map(|slope| slope.norm_squared());
        squares.fold(0.0, f64::max).sqrt()
    }
}
