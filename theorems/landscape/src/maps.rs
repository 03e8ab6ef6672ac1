//! Maps with chosen singular values, and the modes of a map.

use rand_distr::{Distribution, StandardNormal};
use theoria_algorithms::gradient_flow;
use theoria_models::networks::haar_orthogonal;
use theoria_models::{Matrix, Objective, Vector};
use theoria_verification::Draw;

/// Local error of the integrated flows.
const TOLERANCE: f64 = 1e-13;

/// Singular values with their vectors: s_i, u_i and v_i.
#[derive(Debug, Clone)]
pub(super) struct Modes {
    pub(super) strengths: Vec<f64>,
    left: Matrix,
    right: Matrix,
}

impl Modes {
    /// Square, with vectors of the Haar law.
    pub(super) fn draw(strengths: &[f64], draw: &mut Draw) -> Self {
        let n = strengths.len();
        Modes {
            strengths: strengths.to_vec(),
            left: haar_orthogonal(n, n, draw.generator()),
            right: haar_orthogonal(n, n, draw.generator()),
        }
    }

    /// Σ u_i s_i v_iᵀ.
    pub(super) fn map(&self) -> Matrix {
        self.with(&self.strengths)
    }

    /// Σ u_i x_i v_iᵀ.
    pub(super) fn with(&self, values: &[f64]) -> Matrix {
        let diagonal = Matrix::from_diagonal(&Vector::from_column_slice(values));
        &self.left * diagonal * self.right.transpose()
    }

    /// u_iᵀ W v_i.
    pub(super) fn strength_in(&self, map: &Matrix, i: usize) -> f64 {
        (map * self.right.column(i)).dot(&self.left.column(i))
    }

    /// The vectors u_i, one a column.
    pub(super) fn left(&self) -> &Matrix {
        &self.left
    }

    /// The vectors v_i, one a column.
    pub(super) fn right(&self) -> &Matrix {
        &self.right
    }
}

/// Independent standard normal entries.
pub(super) fn gaussian_matrix(rows: usize, columns: usize, draw: &mut Draw) -> Matrix {
    Matrix::from_fn(rows, columns, |_, _| StandardNormal.sample(draw.generator()))
}

/// Gradient flow at these times.
pub(super) fn flow(objective: &dyn Objective, start: &Vector, times: &[f64]) -> Vec<Vector> {
    gradient_flow(objective, start, times, TOLERANCE).unwrap_or_else(|error| panic!("{error}"))
}

/// `count` numbers from `low` to `high`, equal distances apart.
pub(super) fn evenly(low: f64, high: f64, count: usize) -> Vec<f64> {
    let step = (high - low) / (count - 1) as f64;
    (0..count).map(|i| low + step * i as f64).collect()
}
