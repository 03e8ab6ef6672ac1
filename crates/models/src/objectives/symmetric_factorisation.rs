//! A symmetric matrix as a matrix times its transpose.

use crate::{Matrix, Minimum, Objective, Vector};

/// f(U) = |A - UUᵀ|_F²/4 for a symmetric n x n matrix A and U, n x k, as a function of the entries of U, column by column.
///
/// UUᵀ is positive semidefinite, so the minimum keeps the k largest positive eigenvalues of A: the squares of all others, over 4.
///
/// ```
/// use theoria_models::{Matrix, Objective, objectives::SymmetricFactorisation};
/// let target = Matrix::from_row_slice(2, 2, &[1.0, 0.0, 0.0, -3.0]);
/// let f = SymmetricFactorisation::new(target, 2);
/// assert_eq!(f.minimum().unwrap().value, 9.0 / 4.0);
/// ```
#[derive(Debug, Clone)]
pub struct SymmetricFactorisation {
    target: Matrix,
    width: usize,
}

impl SymmetricFactorisation {
    /// Of this matrix, by so many columns.
    ///
    /// # Panics
    /// If the matrix is not symmetric, or there is no column.
    pub fn new(target: Matrix, width: usize) -> Self {
        assert!(target == target.transpose(), "a matrix times its transpose is symmetric");
        assert!(width > 0, "at least one column");
        SymmetricFactorisation { target, width }
    }

    /// U of these entries.
    ///
    /// # Panics
    /// If there are not n k of them.
    pub fn factor(&self, entries: &Vector) -> Matrix {
        Matrix::from_column_slice(self.target.nrows(), self.width, entries.as_slice())
    }

    /// UUᵀ - A
    fn residual(&self, factor: &Matrix) -> Matrix {
        factor * factor.transpose() - &self.target
    }
}

impl Objective for SymmetricFactorisation {
    fn describe(&self) -> String {
        let n = self.target.nrows();
        format!("a symmetric {n} x {n} matrix as a square of {} columns", self.width)
    }

    fn dimension(&self) -> usize {
        self.target.nrows() * self.width
    }

    fn value(&self, x: &Vector) -> f64 {
        self.residual(&self.factor(x)).norm_squared() / 4.0
    }

    fn gradient_into(&self, x: &Vector, into: &mut Vector) {
        let factor = self.factor(x);
        into.copy_from_slice((self.residual(&factor) * &factor).as_slice());
    }

    /// (UUᵀ - A) D + (DUᵀ + UDᵀ) U
    fn hessian_vector(&self, x: &Vector, direction: &Vector) -> Option<Vector> {
        let (factor, moved) = (self.factor(x), self.factor(direction));
        let turned = &moved * factor.transpose();
        let product = self.residual(&factor) * moved + (&turned + turned.transpose()) * factor;
        Some(Vector::from_column_slice(product.as_slice()))
    }

    fn rounding(&self, x: &Vector) -> f64 {
        let factor = self.factor(x);
        let (n, k) = (self.target.nrows() as f64, self.width as f64);
        let error = f64::EPSILON * (k * factor.norm_squared() + self.target.norm());
        let value = self.value(x);
        error * (2.0 * value.sqrt() + error) + n * n * f64::EPSILON * value
    }

    fn gradient_rounding(&self, x: &Vector) -> f64 {
        let factor = self.factor(x);
        let terms = (self.target.nrows() + self.width) as f64;
        terms * f64::EPSILON * (factor.norm_squared() + self.target.norm()) * factor.norm()
    }

    fn bounded_below(&self) -> Option<f64> {
        Some(0.0)
    }

    fn minimum(&self) -> Option<Minimum> {
        let mut eigenvalues: Vec<f64> =
            self.target.symmetric_eigenvalues().iter().copied().collect();
        eigenvalues.sort_by(|a, b| b.total_cmp(a));
        let kept = |(i, value): &(usize, &f64)| *i < self.width && **value > 0.0;
        let left = eigenvalues.iter().enumerate().filter(|it| !kept(it));
        let error = f64::EPSILON * eigenvalues.len() as f64 * self.target.norm_squared();
        Some(Minimum { value: left.map(|(_, value)| value * value).sum::<f64>() / 4.0, error })
    }
}
