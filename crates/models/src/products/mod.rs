//! Products of matrices and of their transposes, without copies and without allocation.
//!
//! nalgebra 0.35 multiplies from a transpose slowly (`tr_mul` takes inner products one by one) and
//! is not sound for views with a stride (its issue 1616). The kernels here are written on `pulp`,
//! which chooses AVX-512, AVX2 or NEON while the program runs. They use one thread, and sum every
//! entry in one order whatever the width of the vectors: processors that fuse multiplication and
//! addition give the same bits.
//!
//! ```
//! use theoria_models::Matrix;
//! use theoria_models::products::{Factor, add_product, product};
//!
//! let w = Matrix::from_row_slice(2, 2, &[1.0, 2.0, 3.0, 4.0]);
//! let mut gram = product(Factor::of(&w).transpose(), Factor::of(&w));
//! assert_eq!(gram, Matrix::from_row_slice(2, 2, &[10.0, 14.0, 14.0, 20.0]));
//! add_product(&mut gram, -1.0, Factor::of(&w), Factor::of(&w).transpose());
//! assert_eq!(gram, Matrix::from_row_slice(2, 2, &[5.0, 3.0, 3.0, -5.0]));
//! ```

mod combination;
mod kernel;
mod pass;

pub use combination::add_combination;
pub use pass::{add_weighed, inner_products};

use crate::Matrix;

/// A matrix as it enters a product: as its numbers lie, column after column, or transposed.
#[derive(Debug, Clone, Copy)]
pub struct Factor<'a> {
    numbers: &'a [f64],
    rows: usize,
    columns: usize,
    transposed: bool,
}

impl<'a> Factor<'a> {
    /// The matrix, rows x columns, whose columns follow each other in `numbers`.
    ///
    /// # Panics
    /// If there are not rows · columns numbers.
    pub fn laid(numbers: &'a [f64], rows: usize, columns: usize) -> Self {
        assert_eq!(numbers.len(), rows * columns, "as many numbers as entries");
        Factor { numbers, rows, columns, transposed: false }
    }

    /// The whole matrix.
    pub fn of(matrix: &'a Matrix) -> Self {
        Self::laid(matrix.as_slice(), matrix.nrows(), matrix.ncols())
    }

    /// The transpose of this factor.
    #[must_use]
    pub fn transpose(self) -> Self {
        Factor { rows: self.columns, columns: self.rows, transposed: !self.transposed, ..self }
    }

    /// How far apart in memory the columns begin that are stored.
    fn stride(self) -> usize {
        if self.transposed { self.columns } else { self.rows }
    }
}

/// left · right, as a new matrix.
///
/// # Panics
/// If `left` has not as many columns as `right` has rows.
pub fn product(left: Factor, right: Factor) -> Matrix {
    let mut into = Matrix::zeros(left.rows, right.columns);
    kernel::multiply(into.as_mut_slice(), false, 1.0, left, right);
    into
}

/// into = left · right.
///
/// # Panics
/// If the sizes do not fit.
pub fn set_product(into: &mut Matrix, left: Factor, right: Factor) {
    assert_eq!(into.nrows(), left.rows, "the product has its left factor's rows");
    kernel::multiply(into.as_mut_slice(), false, 1.0, left, right);
}

/// into += factor · left · right.
///
/// # Panics
/// If the sizes do not fit.
pub fn add_product(into: &mut Matrix, factor: f64, left: Factor, right: Factor) {
    assert_eq!(into.nrows(), left.rows, "the product has its left factor's rows");
    add_product_to(into.as_mut_slice(), factor, left, right);
}

/// The same for a sum whose columns follow each other in `into`.
pub(crate) fn add_product_to(into: &mut [f64], factor: f64, left: Factor, right: Factor) {
    kernel::multiply(into, true, factor, left, right);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rand::RngExt;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    fn drawn(rows: usize, columns: usize, rng: &mut ChaCha8Rng) -> Matrix {
        Matrix::from_fn(rows, columns, |_, _| rng.random_range(-1.0..1.0))
    }

    proptest! {
        #[test]
        fn products_are_those_of_nalgebra(
            m in 0..40usize, n in 0..40usize, k in (0..40usize).prop_union(120..300usize),
            turned: [bool; 2], seed: u64,
        ) {
            let rng = &mut ChaCha8Rng::seed_from_u64(seed);
            let (left, right, before) = (drawn(m, k, rng), drawn(k, n, rng), drawn(m, n, rng));
            let expected = &left * &right;
            let stored = [(left, turned[0]), (right, turned[1])]
                .map(|(matrix, turned)| (if turned { matrix.transpose() } else { matrix }, turned));
            let [left, right] = [&stored[0], &stored[1]].map(|(matrix, turned)| {
                let factor = Factor::of(matrix);
                if *turned { factor.transpose() } else { factor }
            });
            let error = 4.0 * f64::EPSILON * k as f64;
            let near = |a: &Matrix, b: &Matrix| a.iter().zip(b).all(|(a, b)| (a - b).abs() <= error);
            let fresh = product(left, right);
            prop_assert!(near(&fresh, &expected));
            let mut into = before.clone();
            set_product(&mut into, left, right);
            prop_assert_eq!(&into, &fresh);
            into.copy_from(&before);
            add_product(&mut into, -0.5, left, right);
            prop_assert!(near(&into, &(before - expected * 0.5)));
        }
    }

    #[test]
    fn entries_are_summed_in_one_order_whatever_the_vectors() {
        let rng = &mut ChaCha8Rng::seed_from_u64(1);
        for n in [1, 3, 7, 8, 17, 64] {
            let (left, right) = (drawn(n, n, rng), drawn(n, n, rng));
            let expected = Matrix::from_fn(n, n, |i, j| {
                (0..n).fold(0.0, |sum: f64, k| left[(i, k)].mul_add(right[(k, j)], sum))
            });
            let fused = !matches!(pulp::Arch::new(), pulp::Arch::Scalar);
            let seen = product(Factor::of(&left), Factor::of(&right));
            assert!(!fused || seen == expected, "{n}");
        }
    }

    #[test]
    #[should_panic(expected = "as many columns")]
    fn factors_must_fit() {
        product(Factor::of(&Matrix::zeros(2, 3)), Factor::of(&Matrix::zeros(2, 3)));
    }
}
