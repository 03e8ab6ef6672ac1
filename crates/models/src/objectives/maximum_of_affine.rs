//! The largest of several affine functions.

use crate::{Constant, Matrix, Minimum, Objective, Svd, Vector};

/// f(x) = max_i a_i·(x - x̂) + b_i: convex and piecewise linear.
///
/// For [slopes whose sum is 0](MaximumOfAffine::new) and no offsets f* = 0 is attained at x̂, and wherever all
/// slopes are orthogonal to x - x̂. With [offsets](MaximumOfAffine::with_offsets) the minimum is known where a
/// [certificate](MaximumOfAffine::minimal_with) is given.
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
    offsets: Vector,
    solution: Solution,
}

/// What is known of the minimum.
#[derive(Debug, Clone)]
enum Solution {
    /// f* = 0 where all slopes are orthogonal to the way from the centre; with the row space, where its
    /// dimension is beyond doubt.
    Balanced(Option<Matrix>),
    /// This value at the centre.
    At(f64),
    Unknown,
}

impl MaximumOfAffine {
    /// With all slopes but the last, m x d, which is minus their sum, no offsets, and the minimiser x̂.
    ///
    /// # Panics
    /// If the slopes have not the dimension of the minimiser.
    pub fn new(slopes: &Matrix, centre: Vector) -> Self {
        let (count, dimension) = slopes.shape();
        assert_eq!(dimension, centre.len(), "slopes of the minimiser's dimension");
        let svd = Svd::of(slopes);
        let row_space =
            svd.decided_rank(slopes).map(|rank| svd.right().columns(0, rank).into_owned());
        let mut all = slopes.clone().resize_vertically(count + 1, 0.0);
        all.set_row(count, &-slopes.row_sum());
        MaximumOfAffine {
            slopes: all,
            centre,
            offsets: Vector::zeros(count + 1),
            solution: Solution::Balanced(row_space),
        }
    }

    /// max_i a_i·x + b_i for the rows a_i of `slopes`, m x d, and m offsets b_i.
    ///
    /// ```
    /// use theoria_models::{Matrix, Objective, Vector, objectives::MaximumOfAffine};
    /// // The larger of x and 1 - x, least where they cross.
    /// let slopes = Matrix::from_column_slice(2, 1, &[1.0, -1.0]);
    /// let f = MaximumOfAffine::with_offsets(slopes, Vector::from_vec(vec![0.0, 1.0]));
    /// assert_eq!(f.value(&Vector::from_vec(vec![2.0])), 2.0);
    /// assert!(f.minimum().is_none());
    ///
    /// let crossing = Vector::from_vec(vec![0.5]);
    /// let f = f.minimal_with(crossing, &Vector::from_vec(vec![0.5, 0.5]));
    /// assert_eq!(f.minimum().unwrap().value, 0.5);
    /// ```
    ///
    /// # Panics
    /// If there is no slope, or not one offset for each.
    pub fn with_offsets(slopes: Matrix, offsets: Vector) -> Self {
        assert!(slopes.nrows() > 0, "at least one slope");
        assert_eq!(slopes.nrows(), offsets.len(), "one offset for each slope");
        let centre = Vector::zeros(slopes.ncols());
        MaximumOfAffine { slopes, centre, offsets, solution: Solution::Unknown }
    }

    /// The same function with a minimiser and what shows that it is one: weights λ_i, not negative and of sum
    /// 1, with Σ λ_i a_i = 0, on functions that are the largest at the minimiser. For then
    /// f(x) >= Σ λ_i (a_i·x + b_i) is constant in x.
    ///
    /// # Panics
    /// If the weights show it not, up to rounding.
    #[must_use]
    pub fn minimal_with(mut self, minimiser: Vector, weights: &Vector) -> Self {
        assert_eq!(weights.len(), self.offsets.len(), "one weight for each function");
        assert!(weights.iter().all(|weight| *weight >= 0.0), "weights are not negative");
        let values = self.values(&minimiser);
        let (least, rounding) = (values.max(), 4.0 * self.rounding(&minimiser));
        let balance = self.slopes.tr_mul(weights).norm();
        assert!((weights.sum() - 1.0).abs() <= 1e-12, "weights have the sum 1");
        assert!(balance <= 1e-12 * self.steepest(), "the weighted slopes have the sum 0");
        assert!(least - weights.dot(&values) <= rounding, "weights are on the largest functions");
        // From now on relative to the minimiser, where values then are exact.
        self.offsets = values;
        self.centre = minimiser;
        self.solution = Solution::At(least);
        self
    }

    fn values(&self, x: &Vector) -> Vector {
        &self.slopes * (x - &self.centre) + &self.offsets
    }

    fn steepest(&self) -> f64 {
        let squares = self.slopes.row_iter().map(|slope| slope.norm_squared());
        squares.fold(0.0, f64::max).sqrt()
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
        self.values(x).max()
    }

    fn gradient_into(&self, x: &Vector, into: &mut Vector) {
        into.tr_copy_from(&self.slopes.row(self.values(x).imax()));
    }

    fn rounding(&self, x: &Vector) -> f64 {
        let dimension = self.dimension() as f64;
        let size = self.steepest() * (x.norm() + self.centre.norm());
        4.0 * f64::EPSILON * dimension.sqrt() * (size + self.offsets.amax())
    }

    fn lipschitz(&self) -> Option<Constant> {
        Some(Constant::exact(self.steepest()))
    }

    fn minimum(&self) -> Option<Minimum> {
        match self.solution {
            Solution::Balanced(_) => Some(Minimum::exact(0.0)),
            Solution::At(value) => {
                Some(Minimum { value, error: 4.0 * self.rounding(&self.centre) })
            }
            Solution::Unknown => None,
        }
    }

    /// With offsets the minimiser that was given, not always the nearest.
    fn nearest_minimiser(&self, x: &Vector) -> Option<Vector> {
        match &self.solution {
            Solution::Balanced(row_space) => {
                let row_space = row_space.as_ref()?;
                let nearest = |x: &Vector| x - row_space * row_space.tr_mul(&(x - &self.centre));
                // Once more, lest the rounding of an x that is far off remain.
                Some(nearest(&nearest(x)))
            }
            Solution::At(_) => Some(self.centre.clone()),
            Solution::Unknown => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[should_panic(expected = "weights are on the largest functions")]
    fn a_point_that_is_not_minimal_is_refused() {
        let slopes = Matrix::from_column_slice(2, 1, &[1.0, -0.5]);
        let f = MaximumOfAffine::with_offsets(slopes, Vector::from_vec(vec![0.0, 1.0]));
        _ = f.minimal_with(
            Vector::from_vec(vec![1.0]),
            &Vector::from_vec(vec![1.0 / 3.0, 2.0 / 3.0]),
        );
    }

    #[test]
    #[should_panic(expected = "the weighted slopes have the sum 0")]
    fn weights_that_do_not_balance_are_refused() {
        let slopes = Matrix::from_column_slice(2, 1, &[1.0, -0.5]);
        let f = MaximumOfAffine::with_offsets(slopes, Vector::from_vec(vec![0.0, 1.0]));
        _ = f.minimal_with(Vector::from_vec(vec![2.0 / 3.0]), &Vector::from_vec(vec![0.5, 0.5]));
    }
}
