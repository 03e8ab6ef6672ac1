//! Singular values and vectors.

use crate::{Matrix, Vector, exact_rank};
use theoria_elementary::hypot;

/// The thin singular value decomposition A = U diag(σ) Vᵀ of an n x d matrix, with min(n, d)
/// singular values, the largest first.
///
/// By one-sided Jacobi rotations after a QR decomposition (Hestenes 1958; Demmel, Veselić 1992):
/// constants of instances are read off it, so that it has to be exact to rounding for every matrix.
/// (The decomposition of nalgebra 0.35 is not: of random matrices of low rank it gets one in 60 wrong, by up to
/// half of their norm.)
///
/// ```
/// use theoria_models::{Matrix, Svd};
/// let a = Matrix::from_row_slice(3, 2, &[3.0, 0.0, 0.0, 0.0, 0.0, -5.0]);
/// let svd = Svd::of(&a);
/// assert!((svd.values()[0] - 5.0).abs() < 1e-14 && (svd.values()[1] - 3.0).abs() < 1e-14);
/// assert!((svd.with_values(|s| s) - a).norm() < 1e-14);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Svd {
    left: Matrix,
    values: Vector,
    right: Matrix,
}

/// What a singular value may be off by, relative to it, where it counts as known.
const CERTAIN: f64 = 1e-3;

/// Sweeps over all pairs of columns. Ten are plenty; more are made only if rounding keeps a pair
/// from settling.
const MOST_SWEEPS: usize = 40;

impl Svd {
    /// Decomposes a matrix. Entries that are not finite give values that are NaN.
    pub fn of(matrix: &Matrix) -> Self {
        if matrix.nrows() < matrix.ncols() {
            let Svd { left, values, right } = Self::of(&matrix.transpose());
            return Svd { left: right, values, right: left };
        }
        let (rows, columns) = matrix.shape();
        if matrix.iter().any(|entry| !entry.is_finite()) {
            return Svd {
                left: Matrix::from_element(rows, columns, f64::NAN),
                values: Vector::from_element(columns, f64::NAN),
                right: Matrix::from_element(columns, columns, f64::NAN),
            };
        }
        let scale = matrix.amax();
        if scale == 0.0 || matrix.is_empty() {
            return Svd {
                left: Matrix::zeros(rows, columns),
                values: Vector::zeros(columns),
                right: Matrix::identity(columns, columns),
            };
        }
        if columns == 1 {
            let direction = matrix / scale;
            let length = direction.norm();
            return Svd {
                left: direction / length,
                values: Vector::from_element(1, length * scale),
                right: Matrix::identity(1, 1),
            };
        }
        // Scaled, so that no square overflows or vanishes.
        let (basis, triangle) = (matrix / scale).qr().unpack();
        let mut rotated = triangle;
        let mut axes = Matrix::identity(columns, columns);
        make_orthogonal(&mut rotated, &mut axes);
        let norms: Vec<f64> = rotated.column_iter().map(|c| c.norm()).collect();
        let mut order: Vec<usize> = (0..norms.len()).collect();
        order.sort_by(|&i, &j| norms[j].total_cmp(&norms[i]));
        for (mut column, norm) in rotated.column_iter_mut().zip(&norms) {
            if *norm > 0.0 {
                column /= *norm;
            }
        }
        Svd {
            left: basis * rotated.select_columns(&order),
            values: Vector::from_iterator(order.len(), order.iter().map(|&i| norms[i] * scale)),
            right: axes.select_columns(&order),
        }
    }

    /// The singular values, the largest first.
    pub fn values(&self) -> &Vector {
        &self.values
    }

    /// U, n x min(n, d). Its columns are orthonormal but for those of singular values that are 0 to
    /// rounding, which may be anything of norm at most 1.
    pub fn left(&self) -> &Matrix {
        &self.left
    }

    /// V, d x min(n, d); as U.
    pub fn right(&self) -> &Matrix {
        &self.right
    }

    /// The numerical rank: the number of singular values above their [`rounding`](Self::rounding). That of
    /// the matrix itself may be larger; see [`decided_rank`](Self::decided_rank).
    pub fn rank(&self) -> usize {
        let negligible = self.rounding();
        self.values.iter().filter(|s| **s > negligible).count()
    }

    /// What singular values may be off by: max(n, d) ε times the largest.
    pub fn rounding(&self) -> f64 {
        let size = self.left.nrows().max(self.right.nrows()) as f64;
        size * f64::EPSILON * self.values.iter().copied().next().unwrap_or(0.0)
    }

    /// The rank of the matrix that was decomposed, if it is beyond doubt: the large singular values
    /// are at least a thousand times larger than what they may be off by, and the others are 0, for the
    /// [exact rank](crate::exact_rank) is that of the large ones alone. None where a singular value is not 0
    /// but so small that neither it nor its vectors can be told from rounding: whatever is made of a
    /// pseudo-inverse would then speak of another matrix.
    ///
    /// ```
    /// use theoria_models::{Matrix, Svd};
    /// let equal = Matrix::from_row_slice(3, 2, &[1.0, 1.0, 2.0, 2.0, 0.1, 0.1]);
    /// assert_eq!(Svd::of(&equal).decided_rank(&equal), Some(1));
    /// let nearly = Matrix::from_row_slice(3, 2, &[1.0, 1.0, 2.0, 2.0, 0.1, 0.1 + 1e-16]);
    /// assert_eq!(Svd::of(&nearly).decided_rank(&nearly), None);
    /// ```
    pub fn decided_rank(&self, matrix: &Matrix) -> Option<usize> {
        let certain = self.values.iter().filter(|s| self.rounding() < CERTAIN * **s).count();
        let decided = certain == self.values.len() || exact_rank(matrix) == Some(certain);
        decided.then_some(certain)
    }

    /// The sine of the angle by which the first `rank` left or right singular vectors span another space than
    /// those of the matrix: at most the rounding of the singular values over the least of them (Wedin 1972).
    pub fn tilt(&self, rank: usize) -> f64 {
        match self.values.iter().take(rank).copied().reduce(f64::min) {
            Some(least) => self.rounding() / least,
            None => 0.0,
        }
    }

    /// An orthonormal basis of the row space, d x rank: the columns of V that count.
    pub fn row_space(&self) -> Matrix {
        self.right.columns(0, self.rank()).into_owned()
    }

    /// The best approximation of this rank, Σ_{i <= k} σ_i u_i v_iᵀ (Eckart, Young 1936); the matrix itself where k is the rank or more.
    ///
    /// ```
    /// use theoria_models::{Matrix, Svd};
    /// let a = Matrix::from_row_slice(2, 2, &[0.0, 5.0, -3.0, 0.0]);
    /// assert!((Svd::of(&a).of_rank(1) - Matrix::from_row_slice(2, 2, &[0.0, 5.0, 0.0, 0.0])).norm() < 1e-14);
    /// ```
    pub fn of_rank(&self, rank: usize) -> Matrix {
        let kept = rank.min(self.values.len());
        let mut scaled = self.left.columns(0, kept).into_owned();
        for (mut column, value) in scaled.column_iter_mut().zip(&self.values) {
            column *= *value;
        }
        // Copied, since strided views are not to be multiplied.
        scaled * self.right.columns(0, kept).into_owned().transpose()
    }

    /// U diag(f(σ)) Vᵀ.
    pub fn with_values(&self, f: impl Fn(f64) -> f64) -> Matrix {
        let mut scaled = self.left.clone();
        for (mut column, value) in scaled.column_iter_mut().zip(&self.values) {
            column *= f(*value);
        }
        scaled * self.right.transpose()
    }
}

/// Rotates pairs of columns of `columns`, and those of `axes` with them, until all are orthogonal
/// to rounding.
fn make_orthogonal(columns: &mut Matrix, axes: &mut Matrix) {
    let tolerance = f64::EPSILON * (columns.nrows() as f64).sqrt();
    for _ in 0..MOST_SWEEPS {
        let mut settled = true;
        for q in 1..columns.ncols() {
            for p in 0..q {
                let (first, second) = (columns.column(p), columns.column(q));
                let (square, other) = (first.norm_squared(), second.norm_squared());
                let inner = first.dot(&second);
                if inner.abs() > tolerance * (square * other).sqrt() {
                    settled = false;
                    let cotangent = (other - square) / (2.0 * inner);
                    let tangent = cotangent.signum() / (cotangent.abs() + hypot(cotangent, 1.0));
                    rotate(columns, p, q, tangent);
                    rotate(axes, p, q, tangent);
                }
            }
        }
        if settled {
            break;
        }
    }
}

/// Columns p < q by the angle of this tangent.
fn rotate(matrix: &mut Matrix, p: usize, q: usize, tangent: f64) {
    let cosine = 1.0 / hypot(tangent, 1.0);
    let sine = cosine * tangent;
    let rows = matrix.nrows();
    let (before, after) = matrix.as_mut_slice().split_at_mut(q * rows);
    let first = &mut before[p * rows..(p + 1) * rows];
    for (x, y) in first.iter_mut().zip(&mut after[..rows]) {
        (*x, *y) = (cosine * *x - sine * *y, sine * *x + cosine * *y);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;
    use rand_distr::{Distribution, StandardNormal};

    fn gaussian(rows: usize, columns: usize, rng: &mut ChaCha8Rng) -> Matrix {
        Matrix::from_fn(rows, columns, |_, _| StandardNormal.sample(rng))
    }

    fn off_orthonormal(columns: &Matrix) -> f64 {
        (columns.tr_mul(columns) - Matrix::identity(columns.ncols(), columns.ncols())).amax()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(500))]

        #[test]
        fn matrices_of_every_shape_and_rank_are_decomposed_to_rounding(
            rows in 1..24usize, columns in 1..24usize, inner in 1..24usize, exponent in -300..300i32, seed: u64,
        ) {
            let rng = &mut ChaCha8Rng::seed_from_u64(seed);
            let scale = 10f64.powi(exponent);
            let matrix = gaussian(rows, inner, rng) * gaussian(inner, columns, rng) * scale;
            let svd = Svd::of(&matrix);
            let rank = rows.min(columns).min(inner);
            prop_assert_eq!(svd.rank(), rank);
            prop_assert!((svd.with_values(|s| s) - &matrix).amax() <= 1e-13 * matrix.amax());
            prop_assert!(off_orthonormal(&svd.row_space()) < 1e-13);
            prop_assert!(off_orthonormal(&svd.left().columns(0, rank).into_owned()) < 1e-13);
            prop_assert!(svd.values().as_slice().is_sorted_by(|a, b| a >= b));
        }

        #[test]
        fn small_singular_values_of_graded_matrices_are_exact(size in 2..8usize, seed: u64) {
            let rng = &mut ChaCha8Rng::seed_from_u64(seed);
            let grades: Vec<f64> = (0..size).map(|i| 10f64.powi(-3 * i as i32)).collect();
            let basis = gaussian(size + 3, size, rng).qr().q();
            let matrix = basis * Matrix::from_diagonal(&Vector::from_row_slice(&grades));
            for (value, grade) in Svd::of(&matrix).values().iter().zip(&grades) {
                prop_assert!((value / grade - 1.0).abs() < 1e-13);
            }
        }
    }

    #[test]
    fn the_zero_matrix_has_rank_0() {
        let svd = Svd::of(&Matrix::zeros(3, 5));
        assert_eq!((svd.rank(), svd.row_space().shape()), (0, (5, 0)));
        assert_eq!(svd.with_values(|s| s), Matrix::zeros(3, 5));
    }

    #[test]
    fn a_number_that_is_none_gives_values_that_are_none() {
        for entries in [[f64::NAN, 0.0], [0.0, f64::NAN], [f64::NAN, 1.0], [1.0, f64::NAN]] {
            for (rows, columns) in [(2, 1), (1, 2)] {
                let svd = Svd::of(&Matrix::from_row_slice(rows, columns, &entries));
                assert!(svd.values()[0].is_nan(), "{entries:?}, {rows} x {columns}");
            }
            let square = Matrix::from_row_slice(2, 2, &[entries[0], entries[1], 1.0, 2.0]);
            assert!(Svd::of(&square).values().iter().all(|value| value.is_nan()), "{square}");
        }
    }
}
