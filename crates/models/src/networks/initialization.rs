//! Laws of initial weights.

use rand::Rng;
use rand_distr::{Distribution, StandardNormal};

use super::orthogonal::{haar_orthogonal, uncorrected_orthogonal};
use crate::Matrix;

/// The law of an initial weight matrix, n_out x n_in.
///
/// ```
/// use rand::{SeedableRng, rngs::Xoshiro256PlusPlus};
/// use theoria_models::networks::Initialization;
///
/// let rng = &mut Xoshiro256PlusPlus::seed_from_u64(1);
/// let weights = Initialization::He.draw(300, 200, rng);
/// let mean_square = weights.norm_squared() / 60_000.0;
/// assert!((mean_square * 200.0 - 2.0).abs() < 0.05);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Initialization {
    /// Independent N(0, c/n_in) entries with this variance factor c >= 0.
    Gaussian {
        /// The variance factor c.
        variance: f64,
    },
    /// Independent N(0, 2/n_in) entries (He, Zhang, Ren, Sun 2015).
    He,
    /// Independent N(0, 2/(n_in + n_out)) entries (Glorot, Bengio 2010).
    Glorot,
    /// A Haar orthogonal matrix (orthonormal rows or columns, where it is not square) times a gain
    /// (Saxe, McClelland, Ganguli 2014).
    Orthogonal {
        /// The gain: all singular values.
        gain: f64,
    },
    /// Orthogonal without the correction of signs, hence not of the Haar law; for controls.
    UncorrectedOrthogonal {
        /// The gain: all singular values.
        gain: f64,
    },
    /// Every entry this number.
    AllEqual(f64),
    /// Every entry 0.
    Zero,
}

impl Initialization {
    /// Draws a matrix, n_out x n_in.
    pub fn draw<R: Rng + ?Sized>(self, rows: usize, columns: usize, rng: &mut R) -> Matrix {
        let (n_in, n_out) = (columns as f64, rows as f64);
        match self {
            Initialization::Gaussian { variance } => {
                gaussian(rows, columns, (variance / n_in).sqrt(), rng)
            }
            Initialization::He => gaussian(rows, columns, (2.0 / n_in).sqrt(), rng),
            Initialization::Glorot => gaussian(rows, columns, (2.0 / (n_in + n_out)).sqrt(), rng),
            Initialization::Orthogonal { gain } => haar_orthogonal(rows, columns, rng) * gain,
            Initialization::UncorrectedOrthogonal { gain } => {
                uncorrected_orthogonal(rows, columns, rng) * gain
            }
            Initialization::AllEqual(value) => Matrix::from_element(rows, columns, value),
            Initialization::Zero => Matrix::zeros(rows, columns),
        }
    }
}

fn gaussian<R: Rng + ?Sized>(rows: usize, columns: usize, deviation: f64, rng: &mut R) -> Matrix {
    Matrix::from_fn(rows, columns, |_, _| {
        let normal: f64 = StandardNormal.sample(rng);
        deviation * normal
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    #[test]
    fn gaussian_laws_have_their_variances() {
        let mut rng = ChaCha8Rng::seed_from_u64(3);
        let (rows, columns) = (300, 100);
        for (law, variance) in [
            (Initialization::Gaussian { variance: 0.5 }, 0.005),
            (Initialization::He, 0.02),
            (Initialization::Glorot, 0.005),
            (Initialization::Orthogonal { gain: 3.0 }, 9.0 * 100.0 / 30_000.0),
        ] {
            let mean_square = law.draw(rows, columns, &mut rng).norm_squared() / 30_000.0;
            // The relative deviation of a mean of 30000 squares is sqrt(2/30000) = 0.8%.
            assert!((mean_square / variance - 1.0).abs() < 0.04, "{law:?}: {mean_square}");
        }
    }

    #[test]
    fn constant_laws_are_constant() {
        let mut rng = ChaCha8Rng::seed_from_u64(4);
        assert_eq!(Initialization::Zero.draw(2, 3, &mut rng), Matrix::zeros(2, 3));
        let equal = Initialization::AllEqual(0.7).draw(2, 3, &mut rng);
        assert!(equal.iter().all(|w| *w == 0.7));
    }
}
