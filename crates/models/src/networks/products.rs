//! Products of matrices and of their transposes, without copies and without allocation.
//!
//! By `faer`, since nalgebra 0.35 multiplies from a transpose slowly (`tr_mul` takes inner products
//! one by one: 5 times slower at 64 x 64) and is not sound for views with a stride (its issue 1616).
//! On one thread, so that results do not depend on their number.

use faer::linalg::matmul::matmul;
use faer::{Accum, MatMut, MatRef, Par};

use crate::Matrix;

/// The matrix, rows x columns, whose columns follow each other in `numbers`.
pub(super) fn laid(numbers: &[f64], rows: usize, columns: usize) -> MatRef<'_, f64> {
    MatRef::from_column_major_slice(numbers, rows, columns)
}

/// The same, to be written.
pub(super) fn laid_mut(numbers: &mut [f64], rows: usize, columns: usize) -> MatMut<'_, f64> {
    MatMut::from_column_major_slice_mut(numbers, rows, columns)
}

/// The whole matrix.
pub(super) fn whole(matrix: &Matrix) -> MatRef<'_, f64> {
    laid(matrix.as_slice(), matrix.nrows(), matrix.ncols())
}

/// The whole matrix, to be written.
pub(super) fn whole_mut(matrix: &mut Matrix) -> MatMut<'_, f64> {
    let (rows, columns) = matrix.shape();
    laid_mut(matrix.as_mut_slice(), rows, columns)
}

/// left · right, as a new matrix.
pub(super) fn product(left: MatRef<f64>, right: MatRef<f64>) -> Matrix {
    let mut into = Matrix::zeros(left.nrows(), right.ncols());
    set_product(whole_mut(&mut into), left, right);
    into
}

/// into = left · right.
pub(super) fn set_product(into: MatMut<f64>, left: MatRef<f64>, right: MatRef<f64>) {
    matmul(into, Accum::Replace, left, right, 1.0, Par::Seq);
}

/// into += factor · left · right.
pub(super) fn add_product(into: MatMut<f64>, factor: f64, left: MatRef<f64>, right: MatRef<f64>) {
    matmul(into, Accum::Add, left, right, factor, Par::Seq);
}
