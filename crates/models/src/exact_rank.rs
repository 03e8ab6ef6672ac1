//! The rank of a matrix of floating-point numbers, without rounding.

use crate::Matrix;

/// The largest primes below 2⁶¹. Two, for 2⁶¹ is 1 modulo the first, which entries may know.
const PRIMES: [u64; 2] = [(1 << 61) - 1, (1 << 61) - 31];

/// The rank of the matrix of exactly these numbers, by elimination modulo two primes.
///
/// Floating-point numbers are fractions whose denominators are powers of two, so a rank modulo a prime is
/// defined, and it is at most the rank: the larger of the two is certified from below. It is too small only
/// where both primes divide every minor of the size of the rank, which for numbers that do not conspire has
/// a probability of about 1e-30.
///
/// None where an entry is not finite.
///
/// ```
/// use theoria_models::{Matrix, exact_rank};
/// assert_eq!(exact_rank(&Matrix::from_element(3, 2, 0.1)), Some(1));
/// // 0.1 + 0.2 is not 0.3, so this is no matrix of rank 1.
/// assert_eq!(exact_rank(&Matrix::from_row_slice(2, 2, &[0.1 + 0.2, 0.3, 1.0, 1.0])), Some(2));
/// ```
pub fn exact_rank(matrix: &Matrix) -> Option<usize> {
    matrix
        .iter()
        .all(|entry| entry.is_finite())
        .then(|| PRIMES.into_iter().map(|prime| rank_modulo(matrix, prime)).max().unwrap_or(0))
}

fn rank_modulo(matrix: &Matrix, prime: u64) -> usize {
    let mut rows: Vec<Vec<u64>> = matrix
        .row_iter()
        .map(|row| row.iter().map(|entry| residue(*entry, prime)).collect())
        .collect();
    let mut rank = 0;
    for column in 0..matrix.ncols() {
        let Some(pivot) = (rank..rows.len()).find(|&i| rows[i][column] != 0) else { continue };
        rows.swap(rank, pivot);
        let (done, below) = rows.split_at_mut(rank + 1);
        let pivot = &done[rank];
        let inverse = power(pivot[column], prime - 2, prime);
        for row in below.iter_mut().filter(|row| row[column] != 0) {
            let factor = prime - product(row[column], inverse, prime);
            for (own, of_pivot) in row[column..].iter_mut().zip(&pivot[column..]) {
                *own = (*own + product(factor, *of_pivot, prime)) % prime;
            }
        }
        rank += 1;
    }
    rank
}

/// A floating-point number, mantissa times a power of two, modulo a prime.
fn residue(number: f64, prime: u64) -> u64 {
    let bits = number.to_bits();
    let (biased, fraction) = ((bits >> 52) & 0x7ff, bits & ((1 << 52) - 1));
    let mantissa = if biased == 0 { fraction } else { fraction | (1 << 52) };
    let exponent = biased.max(1) as i64 - 1075;
    // 2 to a negative power is the power of its inverse, (p + 1)/2.
    let base = if exponent < 0 { prime.div_ceil(2) } else { 2 };
    let size = product(mantissa % prime, power(base, exponent.unsigned_abs(), prime), prime);
    if number < 0.0 && size > 0 { prime - size } else { size }
}

fn product(a: u64, b: u64, prime: u64) -> u64 {
    ((u128::from(a) * u128::from(b)) % u128::from(prime)) as u64
}

fn power(base: u64, exponent: u64, prime: u64) -> u64 {
    let (mut result, mut square, mut left) = (1, base, exponent);
    while left > 0 {
        if left % 2 == 1 {
            result = product(result, square, prime);
        }
        square = product(square, square, prime);
        left /= 2;
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn products_of_whole_numbers_have_the_rank_of_their_factors(
            rows in 1..9usize, columns in 1..9usize, inner in 1..9usize, exponent in -900..900i32, seed: u64,
        ) {
            // Linear congruences, of which full rank is all but certain.
            let mut state = seed;
            let mut whole = || {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (state >> 44) as f64 - 524_288.0
            };
            let left = Matrix::from_fn(rows, inner, |_, _| whole());
            let right = Matrix::from_fn(inner, columns, |_, _| whole());
            let scaled = (left * right) * 2f64.powi(exponent);
            prop_assert_eq!(exact_rank(&scaled), Some(rows.min(columns).min(inner)));
        }
    }

    #[test]
    fn a_minor_that_one_prime_divides_is_seen_by_the_other() {
        let conspiring = Matrix::from_row_slice(2, 2, &[1.0, 1.0, 1.0, 2f64.powi(61)]);
        assert_eq!(exact_rank(&conspiring), Some(2));
        assert_eq!(exact_rank(&Matrix::from_element(1, 1, f64::NAN)), None);
        assert_eq!(exact_rank(&Matrix::from_element(2, 2, 5e-324)), Some(1));
        assert_eq!(exact_rank(&Matrix::zeros(2, 3)), Some(0));
    }
}
