//! Ranks of matrices.

use crate::{Matrix, Svd};
use theoria_elementary::{exp, ln};

/// The number of singular values above `tolerance` times the largest; 0 for the zero matrix.
pub fn numerical_rank(matrix: &Matrix, tolerance: f64) -> usize {
    let svd = Svd::of(matrix);
    let values = svd.values();
    let largest = values.iter().copied().fold(0.0, f64::max);
    values.iter().filter(|s| **s > tolerance * largest).count()
}

/// exp of the entropy of the singular values over their sum (Roy, Vetterli 2007): between 1 and
/// the rank; 0 for the zero matrix.
///
/// ```
/// use theoria_models::{Matrix, networks::effective_rank};
/// assert!((effective_rank(&Matrix::identity(3, 3)) - 3.0).abs() < 1e-14);
/// ```
pub fn effective_rank(matrix: &Matrix) -> f64 {
    let svd = Svd::of(matrix);
    let values = svd.values();
    let sum = values.sum();
    if sum == 0.0 {
        return 0.0;
    }
    let shares = values.iter().map(|s| s / sum).filter(|p| *p > 0.0);
    exp(-shares.map(|p| p * ln(p)).sum::<f64>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::networks::Initialization;
    use proptest::prelude::*;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    proptest! {
        #[test]
        fn a_product_has_the_rank_of_its_narrowest_place(
            rows in 1..8usize, columns in 1..8usize, inner in 1..8usize, seed: u64,
        ) {
            let rng = &mut ChaCha8Rng::seed_from_u64(seed);
            let law = Initialization::Orthogonal { gain: 2.0 };
            let matrix = law.draw(rows, inner, rng) * law.draw(inner, columns, rng);
            let rank = numerical_rank(&matrix, 1e-12);
            prop_assert!(rank <= rows.min(columns).min(inner));
            prop_assert!(effective_rank(&matrix) <= rank as f64 * (1.0 + 1e-12));
        }
    }
}
