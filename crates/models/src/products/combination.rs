//! Linear combinations of columns: products of a matrix and a vector.

use pulp::{Arch, Simd, WithSimd};

use crate::{Matrix, Vector};

/// Columns that are added in one pass over the sum.
const TOGETHER: usize = 8;

/// into += Σ_j weights_j · column j. A column whose weight is 0 is not looked at, so that sparse
/// weights take the time that their other entries take. Entries are summed in the order of the
/// columns.
///
/// ```
/// use theoria_models::{Matrix, Vector, products::add_combination};
///
/// let mut sum = Vector::from_vec(vec![10.0, 20.0]);
/// let columns = Matrix::from_row_slice(2, 3, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
/// add_combination(&mut sum, &columns, &Vector::from_vec(vec![1.0, 0.0, -1.0]));
/// assert_eq!(sum.as_slice(), [8.0, 18.0]);
/// ```
///
/// # Panics
/// If the sizes do not fit.
pub fn add_combination(into: &mut Vector, columns: &Matrix, weights: &Vector) {
    assert_eq!(columns.nrows(), into.len(), "columns as long as the sum");
    assert_eq!(columns.ncols(), weights.len(), "a weight for each column");
    if !into.is_empty() {
        let (columns, weights) = (columns.as_slice(), weights.as_slice());
        Arch::new().dispatch(Combination { into: into.as_mut_slice(), columns, weights });
    }
}

struct Combination<'a> {
    into: &'a mut [f64],
    columns: &'a [f64],
    weights: &'a [f64],
}

impl WithSimd for Combination<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Combination { into, columns, weights } = self;
        let columns = columns.chunks_exact(into.len());
        let mut used = columns.zip(weights).filter(|(_, weight)| **weight != 0.0);
        loop {
            let mut terms: [(&[f64], f64); TOGETHER] = [(&[], 0.0); TOGETHER];
            let mut count = 0;
            while count < TOGETHER
                && let Some((column, weight)) = used.next()
            {
                terms[count] = (column, *weight);
                count += 1;
            }
            if count < TOGETHER {
                for term in &terms[..count] {
                    simd.vectorize(Terms { into, terms: std::array::from_ref(term) });
                }
                return;
            }
            simd.vectorize(Terms { into, terms: &terms });
        }
    }
}

pub(super) struct Terms<'a, const N: usize> {
    pub(super) into: &'a mut [f64],
    pub(super) terms: &'a [(&'a [f64], f64); N],
}

impl<const N: usize> WithSimd for Terms<'_, N> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let (into, rest) = S::as_mut_simd_f64s(self.into);
        let mut columns: [(&[S::f64s], &[f64]); N] = [(&[], &[]); N];
        let mut weights = [simd.splat_f64s(0.0); N];
        for (j, (column, weight)) in self.terms.iter().enumerate() {
            columns[j] = S::as_simd_f64s(column);
            weights[j] = simd.splat_f64s(*weight);
        }
        for (i, number) in into.iter_mut().enumerate() {
            let mut sum = *number;
            for (weight, (column, _)) in weights.iter().zip(&columns) {
                let Some(term) = column.get(i) else { return };
                sum = simd.mul_add_e_f64s(*weight, *term, sum);
            }
            *number = sum;
        }
        if !rest.is_empty() {
            let mut sum = simd.partial_load_f64s(rest);
            for (weight, (_, column)) in weights.iter().zip(&columns) {
                sum = simd.mul_add_e_f64s(*weight, simd.partial_load_f64s(column), sum);
            }
            simd.partial_store_f64s(rest, sum);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rand::RngExt;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    proptest! {
        #[test]
        fn combinations_are_products(rows in 0..30usize, columns in 0..30usize, seed: u64) {
            let rng = &mut ChaCha8Rng::seed_from_u64(seed);
            let matrix = Matrix::from_fn(rows, columns, |_, _| rng.random_range(-1.0..1.0));
            let before = Vector::from_fn(rows, |_, _| rng.random_range(-1.0..1.0));
            let weights = Vector::from_fn(columns, |_, _| f64::from(rng.random_range(-1..=1)));
            let mut sum = before.clone();
            add_combination(&mut sum, &matrix, &weights);
            let error = f64::EPSILON * (columns + 1).pow(2) as f64;
            prop_assert!((sum - (before + matrix * weights)).iter().all(|x| x.abs() <= error));
        }
    }
}
