//! Random orthogonal matrices.

use rand::Rng;
use rand_distr::{Distribution, StandardNormal};

use crate::Matrix;

/// A matrix, rows x columns, of the Haar law: orthogonal where it is square, with orthonormal
/// columns where it is tall, with orthonormal rows where it is wide, and in law unchanged by any
/// rotation from the left or the right.
///
/// It is the factor Q of a Gaussian matrix whose factor R has a positive diagonal. The sign matters
/// (Mezzadri 2007): see [`uncorrected_orthogonal`].
///
/// ```
/// use rand::{SeedableRng, rngs::Xoshiro256PlusPlus};
/// use theoria_models::networks::haar_orthogonal;
///
/// let q = haar_orthogonal(4, 2, &mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert!((q.tr_mul(&q) - theoria_models::Matrix::identity(2, 2)).amax() < 1e-14);
/// ```
pub fn haar_orthogonal<R: Rng + ?Sized>(rows: usize, columns: usize, rng: &mut R) -> Matrix {
    let (mut q, diagonal) = factor(rows, columns, rng);
    for (mut column, r) in q.column_iter_mut().zip(diagonal) {
        if r < 0.0 {
            column.neg_mut();
        }
    }
    lay(q, rows, columns)
}

/// What a QR factorisation with Householder reflections gives if the signs are left as they fall
/// (the convention of LAPACK). It is orthogonal, but not of the Haar law: its first entry is never
/// positive.
pub fn uncorrected_orthogonal<R: Rng + ?Sized>(rows: usize, columns: usize, rng: &mut R) -> Matrix {
    lay(factor(rows, columns, rng).0, rows, columns)
}

/// Factors a tall Gaussian matrix: Q with orthonormal columns, and the diagonal of R.
fn factor<R: Rng + ?Sized>(rows: usize, columns: usize, rng: &mut R) -> (Matrix, Vec<f64>) {
    let (long, short) = (rows.max(columns), rows.min(columns));
    householder(Matrix::from_fn(long, short, |_, _| StandardNormal.sample(rng)))
}

fn lay(tall: Matrix, rows: usize, columns: usize) -> Matrix {
    if rows < columns { tall.transpose() } else { tall }
}

/// Q, rows x columns, and the diagonal of R for a matrix with no more columns than rows, by
/// reflections I - 2 v vᵀ that take column j to -sign(a_jj) |a| e_j.
fn householder(mut a: Matrix) -> (Matrix, Vec<f64>) {
    let (rows, columns) = a.shape();
    let mut diagonal = Vec::with_capacity(columns);
    let mut mirrors = Vec::with_capacity(columns);
    for j in 0..columns {
        let mut mirror = a.view((j, j), (rows - j, 1)).column(0).into_owned();
        let r = -mirror.norm().copysign(mirror[0]);
        mirror[0] -= r;
        mirror.try_normalize_mut(0.0);
        for k in j + 1..columns {
            let mut rest = a.view_mut((j, k), (rows - j, 1));
            let along = rest.column(0).dot(&mirror);
            rest.column_mut(0).axpy(-2.0 * along, &mirror, 1.0);
        }
        diagonal.push(r);
        mirrors.push(mirror);
    }
    let mut q = Matrix::identity(rows, columns);
    for (j, mirror) in mirrors.iter().enumerate().rev() {
        for k in j..columns {
            let mut rest = q.view_mut((j, k), (rows - j, 1));
            let along = rest.column(0).dot(mirror);
            rest.column_mut(0).axpy(-2.0 * along, mirror, 1.0);
        }
    }
    (q, diagonal)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    proptest! {
        #[test]
        fn rows_or_columns_are_orthonormal(rows in 1..12usize, columns in 1..12usize, seed: u64) {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            let short = rows.min(columns);
            for q in [haar_orthogonal(rows, columns, &mut rng), uncorrected_orthogonal(rows, columns, &mut rng)] {
                let gram = if rows < columns { &q * q.transpose() } else { q.tr_mul(&q) };
                prop_assert!((gram - Matrix::identity(short, short)).amax() < 1e-13);
            }
        }

        #[test]
        fn the_factors_multiply_to_the_matrix(seed: u64) {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            let a = Matrix::from_fn(6, 4, |_, _| StandardNormal.sample(&mut rng));
            let (q, diagonal) = householder(a.clone());
            let r = q.tr_mul(&a);
            prop_assert!((&q * &r - a).amax() < 1e-13);
            prop_assert!(r.lower_triangle().iter().zip(Matrix::from_diagonal(&diagonal.into()).iter())
                .all(|(r, d)| (r - d).abs() < 1e-13));
        }
    }

    /// For Haar O(n): E q_11 = 0, E q_11² = 1/n, E q_11⁴ = 3/(n(n+2)), and E q_11 q_22 = 0.
    #[test]
    fn entries_have_the_moments_of_the_haar_law_only_with_the_signs_corrected() {
        let mut rng = ChaCha8Rng::seed_from_u64(5);
        let (n, draws) = (3, 40_000);
        let mut mean = [0.0; 5];
        for _ in 0..draws {
            let q = haar_orthogonal(n, n, &mut rng);
            let raw = uncorrected_orthogonal(n, n, &mut rng);
            let seen = [
                q[(0, 0)],
                q[(0, 0)].powi(2),
                q[(0, 0)].powi(4),
                q[(0, 0)] * q[(1, 1)],
                raw[(0, 0)],
            ];
            for (mean, seen) in mean.iter_mut().zip(seen) {
                *mean += seen / f64::from(draws);
            }
        }
        // Five standard deviations of each mean.
        for (mean, expected) in mean.into_iter().zip([0.0, 1.0 / 3.0, 0.2, 0.0]) {
            assert!(
                (mean - expected).abs() < 5.0 * 0.58 / f64::from(draws).sqrt(),
                "{mean} {expected}"
            );
        }
        // |q_11| is uniform on [0, 1] for n = 3, so the biased mean is -1/2.
        assert!((mean[4] + 0.5).abs() < 0.01);
    }
}
