//! Features of two-layer networks and their rank.

use super::Activation;
use crate::products::{Factor, product};
use crate::{Matrix, Svd, Vector};

/// The features φ(w_i·x_k + b_i), N x m: row k belongs to input k (row k of `inputs`, N x d), column
/// i to neuron i (row i of `weights`, m x d, and entry i of `biases`).
///
/// ```
/// use theoria_models::{Matrix, Vector, networks::{Activation, feature_matrix, numerical_rank}};
///
/// // Three samples on a line, three neurons with kinks in between.
/// let inputs = Matrix::from_row_slice(3, 1, &[1.0, 2.0, 3.0]);
/// let weights = Matrix::from_element(3, 1, 1.0);
/// let biases = Vector::from_vec(vec![0.0, -1.5, -2.5]);
/// let features = feature_matrix(Activation::Relu, &inputs, &weights, &biases);
/// assert_eq!(numerical_rank(&features, 1e-12), 3);
/// // Without the kinks all neurons are one.
/// let equal = feature_matrix(Activation::Relu, &inputs, &weights, &Vector::zeros(3));
/// assert_eq!(numerical_rank(&equal, 1e-12), 1);
/// ```
///
/// # Panics
/// If the sizes do not fit.
pub fn feature_matrix(
    activation: Activation,
    inputs: &Matrix,
    weights: &Matrix,
    biases: &Vector,
) -> Matrix {
    assert_eq!(inputs.ncols(), weights.ncols(), "weights of the inputs' dimension");
    assert_eq!(weights.nrows(), biases.len(), "a bias for each neuron");
    let mut features = product(Factor::of(inputs), Factor::of(weights).transpose());
    for (mut column, bias) in features.column_iter_mut().zip(biases) {
        column.apply(|h| *h = activation.value(*h + bias));
    }
    features
}

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
    (-shares.map(|p| p * p.ln()).sum::<f64>()).exp()
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

        #[test]
        fn linear_features_have_at_most_the_rank_of_affine_maps(seed: u64) {
            let rng = &mut ChaCha8Rng::seed_from_u64(seed);
            let (inputs, weights) = (Initialization::He.draw(9, 3, rng), Initialization::He.draw(12, 3, rng));
            let biases = Initialization::He.draw(12, 1, rng).column(0).into_owned();
            let rank = |phi| numerical_rank(&feature_matrix(phi, &inputs, &weights, &biases), 1e-12);
            prop_assert_eq!(rank(Activation::Linear), 4);
            prop_assert_eq!(rank(Activation::Tanh), 9);
        }
    }
}
