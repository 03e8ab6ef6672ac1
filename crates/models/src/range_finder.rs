//! Randomised approximation by matrices of low rank.

use rand::Rng;
use rand_distr::{Distribution, StandardNormal};

use crate::Matrix;

/// Q with orthonormal columns that span the range of (A Aᵀ)^q A Ω, for a test matrix Ω with as many columns as are wanted, k + p of
/// them where k are needed (Halko, Martinsson, Tropp 2011, algorithms 4.1 and 4.4). A is then about Q Qᵀ A, of rank k + p.
///
/// With independent normal entries of Ω and q = 0 the mean of |A - QQᵀA|_F² is at most 1 + k/(p - 1) times the least that rank k
/// allows, p >= 2 (theorem 10.5). Powers q bring the range nearer to that of the largest singular values: subspace iteration.
///
/// ```
/// use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
/// use theoria_models::{Matrix, RangeFinder};
///
/// let matrix = Matrix::from_fn(5, 4, |i, j| (i + 1) as f64 / (j + 1) as f64);
/// let basis = RangeFinder::new(1).basis(&matrix, &mut ChaCha8Rng::seed_from_u64(1));
/// let left = &matrix - &basis * basis.tr_mul(&matrix);
/// assert!(left.norm() < 1e-14 * matrix.norm(), "a matrix of rank 1 is found with one column");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RangeFinder {
    columns: usize,
    powers: usize,
}

impl RangeFinder {
    /// With so many columns, k + p, and no powers.
    ///
    /// # Panics
    /// If there is no column.
    pub fn new(columns: usize) -> Self {
        assert!(columns > 0, "at least one column");
        RangeFinder { columns, powers: 0 }
    }

    /// With q powers of A Aᵀ.
    #[must_use]
    pub fn with_powers(self, powers: usize) -> Self {
        RangeFinder { powers, ..self }
    }

    /// Q for independent normal entries.
    ///
    /// # Panics
    /// If the matrix has fewer rows or columns than are wanted.
    pub fn basis<R: Rng + ?Sized>(&self, matrix: &Matrix, rng: &mut R) -> Matrix {
        let test = Matrix::from_fn(matrix.ncols(), self.columns, |_, _| StandardNormal.sample(rng));
        self.basis_from(matrix, &test)
    }

    /// Q for this test matrix.
    ///
    /// # Panics
    /// If the matrix has fewer rows or columns than are wanted, or the test matrix has another shape.
    pub fn basis_from(&self, matrix: &Matrix, test: &Matrix) -> Matrix {
        let wanted = (matrix.ncols(), self.columns);
        assert_eq!(
            test.shape(),
            wanted,
            "a test matrix has as many rows as the matrix has columns"
        );
        let fits = self.columns <= matrix.nrows().min(matrix.ncols());
        assert!(fits, "no more columns than the matrix has rows or columns");
        let mut basis = (matrix * test).qr().q();
        for _ in 0..self.powers {
            // Orthonormal at every half step, lest the small directions drown in rounding.
            let across = matrix.tr_mul(&basis).qr().q();
            basis = (matrix * across).qr().q();
        }
        basis
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Svd;
    use proptest::prelude::*;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    proptest! {
        #[test]
        fn what_is_left_lies_between_the_best_and_all(
            rows in 2..12usize, columns in 2..12usize, wanted in 1..6usize, powers in 0..3usize, seed: u64,
        ) {
            let rng = &mut ChaCha8Rng::seed_from_u64(seed);
            let matrix = Matrix::from_fn(rows, columns, |_, _| StandardNormal.sample(rng));
            let wanted = wanted.min(rows).min(columns);
            let basis = RangeFinder::new(wanted).with_powers(powers).basis(&matrix, rng);
            prop_assert!((basis.tr_mul(&basis) - Matrix::identity(wanted, wanted)).amax() < 1e-13);
            let left = (&matrix - &basis * basis.tr_mul(&matrix)).norm();
            let best = (&matrix - Svd::of(&matrix).of_rank(wanted)).norm();
            prop_assert!(best - 1e-12 <= left && left <= matrix.norm());
        }
    }

    #[test]
    fn powers_find_the_largest_singular_vectors() {
        let rng = &mut ChaCha8Rng::seed_from_u64(3);
        let matrix = Matrix::from_fn(9, 7, |_, _| StandardNormal.sample(rng));
        let basis = RangeFinder::new(2).with_powers(400).basis(&matrix, rng);
        let best = Svd::of(&matrix).of_rank(2);
        assert!((&basis * basis.tr_mul(&matrix) - best).norm() < 1e-12 * matrix.norm());
    }
}
