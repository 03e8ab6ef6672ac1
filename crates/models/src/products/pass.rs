//! Inner products with all columns, and sums of columns that they weigh, in one pass over memory.

use pulp::{Arch, Simd, WithSimd};

use super::combination::Terms;
use crate::{Matrix, Vector};

/// Columns that are taken at once: they stay in a near cache between the two uses.
const TOGETHER: usize = 8;

/// Partial sums of an inner product, whatever the width of the vectors: term j goes to sum j mod 8.
const SUMS: usize = 8;

/// The inner product of each column with `with`, in place of what stood in `into`.
///
/// ```
/// use theoria_models::{Matrix, Vector, products::inner_products};
///
/// let columns = Matrix::from_row_slice(2, 3, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
/// let mut products = [0.0; 3];
/// inner_products(&mut products, &columns, &Vector::from_vec(vec![1.0, -1.0]));
/// assert_eq!(products, [-3.0, -3.0, -3.0]);
/// ```
///
/// # Panics
/// If the sizes do not fit.
pub fn inner_products(into: &mut [f64], columns: &Matrix, with: &Vector) {
    assert_eq!(columns.ncols(), into.len(), "a place for each column");
    visit(columns, with, None, |column, product| {
        into[column] = product;
        0.0
    });
}

/// into += Σ_j w_j · column j, where w_j is the `weight` of j and of the inner product of column j with `with`. Each column is read from
/// memory once: what a linear model asks of its samples for a value and a gradient. Weights are asked for in the order of the
/// columns, and entries are summed in it.
///
/// ```
/// use theoria_models::{Matrix, Vector, products::add_weighed};
///
/// let columns = Matrix::from_row_slice(2, 3, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
/// let mut sum = Vector::zeros(2);
/// // X Xᵀ (1, 0)
/// add_weighed(&mut sum, &columns, &Vector::from_vec(vec![1.0, 0.0]), |_, product| product);
/// assert_eq!(sum.as_slice(), [14.0, 32.0]);
/// ```
///
/// # Panics
/// If the sizes do not fit.
pub fn add_weighed(
    into: &mut Vector,
    columns: &Matrix,
    with: &Vector,
    weight: impl FnMut(usize, f64) -> f64,
) {
    assert_eq!(columns.nrows(), into.len(), "columns as long as the sum");
    visit(columns, with, Some(into.as_mut_slice()), weight);
}

fn visit(
    columns: &Matrix,
    with: &Vector,
    into: Option<&mut [f64]>,
    mut weight: impl FnMut(usize, f64) -> f64,
) {
    assert_eq!(columns.nrows(), with.len(), "columns as long as the vector");
    if with.is_empty() {
        for column in 0..columns.ncols() {
            let _ = weight(column, 0.0);
        }
        return;
    }
    let (columns, with) = (columns.as_slice(), with.as_slice());
    Arch::new().dispatch(Pass { columns, with, into, weight });
}

struct Pass<'a, F> {
    columns: &'a [f64],
    with: &'a [f64],
    into: Option<&'a mut [f64]>,
    weight: F,
}

impl<F: FnMut(usize, f64) -> f64> WithSimd for Pass<'_, F> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Pass { columns, with, mut into, mut weight } = self;
        let mut done = 0;
        let mut blocks = columns.chunks_exact(TOGETHER * with.len());
        for block in &mut blocks {
            let mut terms: [(&[f64], f64); TOGETHER] = [(&[], 0.0); TOGETHER];
            for (term, column) in terms.iter_mut().zip(block.chunks_exact(with.len())) {
                term.0 = column;
            }
            let products = simd.vectorize(Products { columns: terms.map(|term| term.0), with });
            for (term, product) in terms.iter_mut().zip(products) {
                term.1 = weight(done, product);
                done += 1;
            }
            if let Some(into) = into.as_deref_mut() {
                simd.vectorize(Terms { into, terms: &terms });
            }
        }
        for column in blocks.remainder().chunks_exact(with.len()) {
            let [product] = simd.vectorize(Products { columns: [column], with });
            let terms = &[(column, weight(done, product))];
            done += 1;
            if let Some(into) = into.as_deref_mut() {
                simd.vectorize(Terms { into, terms });
            }
        }
    }
}

struct Products<'a, const N: usize> {
    columns: [&'a [f64]; N],
    with: &'a [f64],
}

impl<const N: usize> WithSimd for Products<'_, N> {
    type Output = [f64; N];

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> [f64; N] {
        // So many vectors as hold the partial sums.
        match S::F64_LANES {
            8 => self.summed::<S, 1>(simd),
            4 => self.summed::<S, 2>(simd),
            2 => self.summed::<S, 4>(simd),
            _ => self.summed::<S, SUMS>(simd),
        }
    }
}

impl<const N: usize> Products<'_, N> {
    #[inline(always)]
    fn summed<S: Simd, const V: usize>(self, simd: S) -> [f64; N] {
        let mut sums = [[simd.splat_f64s(0.0); V]; N];
        let (with, with_rest) = self.with.as_chunks::<SUMS>();
        let mut columns: [(&[[f64; SUMS]], &[f64]); N] = [(&[], &[]); N];
        for (parts, column) in columns.iter_mut().zip(self.columns) {
            *parts = column.as_chunks::<SUMS>();
        }
        for (i, with) in with.iter().enumerate() {
            for (sums, (column, _)) in sums.iter_mut().zip(&columns) {
                let Some(column) = column.get(i) else { break };
                add_products(simd, sums, column, with);
            }
        }
        if !with_rest.is_empty() {
            for (sums, (_, column)) in sums.iter_mut().zip(&columns) {
                add_products(simd, sums, &filled(column), &filled(with_rest));
            }
        }
        sums.map(|sums| {
            let mut numbers = [0.0; SUMS];
            let places = S::as_mut_simd_f64s(&mut numbers).0.iter_mut();
            places.zip(sums).for_each(|(place, sum)| *place = sum);
            let [a, b, c, d, e, f, g, h] = numbers;
            ((a + e) + (c + g)) + ((b + f) + (d + h))
        })
    }
}

#[inline(always)]
fn add_products<S: Simd, const V: usize>(
    simd: S,
    sums: &mut [S::f64s; V],
    column: &[f64; SUMS],
    with: &[f64; SUMS],
) {
    let (column, with) = (S::as_simd_f64s(column).0, S::as_simd_f64s(with).0);
    for (sum, (column, with)) in sums.iter_mut().zip(column.iter().zip(with)) {
        *sum = simd.mul_add_e_f64s(*column, *with, *sum);
    }
}

/// With zeros where there is nothing.
#[inline(always)]
fn filled(rest: &[f64]) -> [f64; SUMS] {
    let mut numbers = [0.0; SUMS];
    numbers.iter_mut().zip(rest).for_each(|(number, rest)| *number = *rest);
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rand::RngExt;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    fn drawn(rows: usize, columns: usize, seed: u64) -> (Matrix, Vector) {
        let rng = &mut ChaCha8Rng::seed_from_u64(seed);
        let mut number = || rng.random_range(-1.0..1.0);
        (Matrix::from_fn(rows, columns, |_, _| number()), Vector::from_fn(rows, |_, _| number()))
    }

    proptest! {
        #[test]
        fn a_pass_is_a_product_and_its_transpose(rows in 0..40usize, columns in 0..40usize, seed: u64) {
            let (matrix, with) = drawn(rows, columns, seed);
            let products = matrix.tr_mul(&with);
            let mut seen = vec![0.0; columns];
            inner_products(&mut seen, &matrix, &with);
            let error = 4.0 * f64::EPSILON * (rows + 1) as f64;
            prop_assert!(seen.iter().zip(&products).all(|(a, b)| (a - b).abs() <= error));
            let (mut sum, mut order) = (with.clone(), Vec::new());
            add_weighed(&mut sum, &matrix, &with, |column, product| {
                order.push((column, product));
                -product
            });
            prop_assert_eq!(order, seen.into_iter().enumerate().collect::<Vec<_>>());
            let error = error * (columns + 1).pow(2) as f64;
            prop_assert!((sum - (with - &matrix * products)).iter().all(|x| x.abs() <= error));
        }
    }

    #[test]
    fn inner_products_are_summed_in_one_order_whatever_the_vectors() {
        for n in [1, 7, 8, 9, 64, 100] {
            let (matrix, with) = drawn(n, 9, n as u64);
            let mut seen = [0.0; 9];
            inner_products(&mut seen, &matrix, &with);
            for (column, seen) in matrix.column_iter().zip(seen) {
                let mut sums = [0.0f64; SUMS];
                for j in 0..n {
                    sums[j % SUMS] = column[j].mul_add(with[j], sums[j % SUMS]);
                }
                let halves: Vec<f64> = (0..4).map(|j| sums[j] + sums[j + 4]).collect();
                let expected = (halves[0] + halves[2]) + (halves[1] + halves[3]);
                let fused = !matches!(Arch::new(), Arch::Scalar);
                assert!(!fused || seen == expected, "{n}");
            }
        }
    }
}
