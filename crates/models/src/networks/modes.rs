//! Linear maps with chosen singular values.

use rand::Rng;

use super::haar_orthogonal;
use crate::{Matrix, Vector};

/// Singular values with their vectors, s_i, u_i and v_i, in any order: the modes that a deep linear network
/// learns one after the other (Saxe, McClelland, Ganguli 2014).
///
/// ```
/// use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
/// let modes = theoria_models::networks::Modes::draw(&[3.0, 1.0], &mut ChaCha8Rng::seed_from_u64(1));
/// assert!((modes.strength_in(&modes.map(), 0) - 3.0).abs() < 1e-14);
/// ```
#[derive(Debug, Clone)]
pub struct Modes {
    strengths: Vec<f64>,
    left: Matrix,
    right: Matrix,
}

impl Modes {
    /// Square, with vectors of the Haar law.
    pub fn draw(strengths: &[f64], random: &mut impl Rng) -> Self {
        let n = strengths.len();
        Modes {
            strengths: strengths.to_vec(),
            left: haar_orthogonal(n, n, random),
            right: haar_orthogonal(n, n, random),
        }
    }

    /// The singular values s_i.
    pub fn strengths(&self) -> &[f64] {
        &self.strengths
    }

    /// The vectors u_i, one a column.
    pub fn left(&self) -> &Matrix {
        &self.left
    }

    /// The vectors v_i, one a column.
    pub fn right(&self) -> &Matrix {
        &self.right
    }

    /// Σ u_i s_i v_iᵀ.
    pub fn map(&self) -> Matrix {
        self.with(&self.strengths)
    }

    /// Σ u_i x_i v_iᵀ.
    ///
    /// # Panics
    /// If there are not as many x_i as modes.
    pub fn with(&self, values: &[f64]) -> Matrix {
        let diagonal = Matrix::from_diagonal(&Vector::from_column_slice(values));
        &self.left * diagonal * self.right.transpose()
    }

    /// u_iᵀ W v_i.
    ///
    /// # Panics
    /// If there is no mode i.
    pub fn strength_in(&self, map: &Matrix, i: usize) -> f64 {
        (map * self.right.column(i)).dot(&self.left.column(i))
    }
}
