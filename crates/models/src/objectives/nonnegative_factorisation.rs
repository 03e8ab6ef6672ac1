//! A matrix without negative entries as a product of two such.

use std::ops::Range;

use crate::oracle::SplitGradient;
use crate::{Matrix, Objective, Vector};

/// f(U, V) = |A - UV|_F²/2 for U, n x k, and V, k x m, as a function of the entries of U and then of V, column by column; A has no negative
/// entry, and U and V are meant to have none.
///
/// Its gradient is a difference of two matrices without negative entries, (UVVᵀ - AVᵀ, UᵀUV - UᵀA): see [`SplitGradient`].
///
/// ```
/// use theoria_models::{Matrix, Objective, Vector, objectives::NonnegativeFactorisation};
/// let f = NonnegativeFactorisation::new(Matrix::from_diagonal(&Vector::from_vec(vec![2.0, 1.0])), 1);
/// // (0, 1)ᵀ (0, 1) leaves the 2.
/// assert_eq!(f.value(&Vector::from_vec(vec![0.0, 1.0, 0.0, 1.0])), 2.0);
/// ```
#[derive(Debug, Clone)]
pub struct NonnegativeFactorisation {
    target: Matrix,
    width: usize,
}

impl NonnegativeFactorisation {
    /// Of this matrix, with so many columns of U.
    ///
    /// # Panics
    /// If an entry is negative or not finite, or U has no column.
    pub fn new(target: Matrix, width: usize) -> Self {
        let sound = target.iter().all(|entry| *entry >= 0.0 && entry.is_finite());
        assert!(sound, "a matrix without negative entries");
        assert!(width > 0, "at least one column");
        NonnegativeFactorisation { target, width }
    }

    /// A
    pub fn target(&self) -> &Matrix {
        &self.target
    }

    /// U and V of a point.
    pub fn factors(&self, x: &Vector) -> (Matrix, Matrix) {
        let (n, m) = self.target.shape();
        let (first, second) = x.as_slice().split_at(n * self.width);
        let first = Matrix::from_column_slice(n, self.width, first);
        (first, Matrix::from_column_slice(self.width, m, second))
    }

    fn at(first: &Matrix, second: &Matrix) -> Vector {
        let entries = first.iter().chain(second.iter()).copied();
        Vector::from_iterator(first.len() + second.len(), entries)
    }
}

impl SplitGradient<Vector> for NonnegativeFactorisation {
    fn blocks(&self) -> Vec<Range<usize>> {
        let cut = self.target.nrows() * self.width;
        vec![0..cut, cut..self.dimension()]
    }

    fn split(&self, block: usize, at: &Vector) -> (Vector, Vector) {
        let (first, second) = self.factors(at);
        let (positive, negative) = if block == 0 {
            let across = second.transpose();
            (&first * (&second * &across), &self.target * across)
        } else {
            (first.tr_mul(&first) * &second, first.tr_mul(&self.target))
        };
        let flat = |matrix: &Matrix| Vector::from_column_slice(matrix.as_slice());
        (flat(&positive), flat(&negative))
    }
}

impl Objective for NonnegativeFactorisation {
    fn describe(&self) -> String {
        let (n, m) = self.target.shape();
        format!("{n} x {m} matrix as a product of two without negative entries, k = {}", self.width)
    }

    fn dimension(&self) -> usize {
        self.width * (self.target.nrows() + self.target.ncols())
    }

    fn value(&self, x: &Vector) -> f64 {
        let (first, second) = self.factors(x);
        (first * second - &self.target).norm_squared() / 2.0
    }

    fn gradient_into(&self, x: &Vector, into: &mut Vector) {
        let (first, second) = self.factors(x);
        let residual = &first * &second - &self.target;
        into.copy_from(&Self::at(&(&residual * second.transpose()), &first.tr_mul(&residual)));
    }

    fn hessian_vector(&self, x: &Vector, direction: &Vector) -> Option<Vector> {
        let ((first, second), (left, right)) = (self.factors(x), self.factors(direction));
        let residual = &first * &second - &self.target;
        let moved = &left * &second + &first * &right;
        let by_first = &residual * right.transpose() + &moved * second.transpose();
        let by_second = left.tr_mul(&residual) + first.tr_mul(&moved);
        Some(Self::at(&by_first, &by_second))
    }

    fn rounding(&self, x: &Vector) -> f64 {
        let (first, second) = self.factors(x);
        let size = self.width as f64 * first.norm() * second.norm() + self.target.norm();
        let error = f64::EPSILON * size;
        let value = self.value(x);
        error * ((2.0 * value).sqrt() + error)
            + (self.target.len() as f64 + 16.0) * f64::EPSILON * value
    }

    fn gradient_rounding(&self, x: &Vector) -> f64 {
        let (first, second) = self.factors(x);
        let terms = (self.width + self.target.nrows().max(self.target.ncols())) as f64;
        let size = first.norm() * second.norm() + self.target.norm();
        terms * f64::EPSILON * size * x.norm()
    }

    fn bounded_below(&self) -> Option<f64> {
        Some(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_parts_make_the_gradient(entries in prop::collection::vec(0.0..3.0f64, 12 + 14)) {
            let target = Matrix::from_column_slice(4, 3, &entries[..12]);
            let f = NonnegativeFactorisation::new(target, 2);
            let x = Vector::from_column_slice(&entries[12..]);
            let gradient = f.gradient_at(&x);
            for (block, range) in f.blocks().into_iter().enumerate() {
                let (positive, negative) = f.split(block, &x);
                prop_assert!(positive.min() >= 0.0 && negative.min() >= 0.0);
                let own = gradient.rows(range.start, range.len());
                prop_assert!((positive - negative - own).amax() < 1e-12 * (1.0 + x.norm()).powi(3));
            }
        }
    }
}
