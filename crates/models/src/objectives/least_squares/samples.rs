//! Least squares sample by sample.

use super::LeastSquares;
use crate::point::Point;
use crate::stochastic::{FiniteSum, NoiseModel, SquaredLoss, add_linear_gradients};
use crate::{Constant, Ensemble, Matrix, Vector};

/// f_i(a) = (x_i·a - y_i)²/2 + ridge |a|²/2.
///
/// Without ridge, and where all samples can be fitted at once, the noise of one sample vanishes with
/// the residuals u = X(a - a*). With D = diag(|x_i|²), u in the range of X,
/// n E|g|² = uᵀDu, n (f - f*) = |u|²/2 and n² |∇f|² = |Xᵀu|², so the smallest σ² are generalized
/// eigenvalues: exact constants.
impl FiniteSum for LeastSquares {
    fn samples(&self) -> usize {
        self.targets.len()
    }

    fn sample_value(&self, sample: usize, a: &Vector) -> f64 {
        self.residual(sample, a).powi(2) / 2.0 + self.ridge * a.norm_squared() / 2.0
    }

    fn sample_gradient_into(&self, sample: usize, a: &Vector, into: &mut Vector) {
        into.copy_from(&self.rows.column(sample));
        into.scale_mut(self.residual(sample, a));
        into.axpy(self.ridge, a, 1.0);
    }

    fn add_sample_gradients(
        &self,
        samples: &[u32],
        weight: f64,
        at: &Ensemble,
        into: &mut Ensemble,
    ) {
        let targets = self.targets.as_slice();
        add_linear_gradients(&self.rows, samples, at, into, |_, sample, product| {
            weight * (product - targets[sample])
        });
        if self.ridge > 0.0 {
            into.axpy(weight * self.ridge, at);
        }
    }

    fn noise_of_one(&self, model: NoiseModel) -> Option<Constant> {
        if self.ridge > 0.0 || !self.decided || !self.interpolates() {
            return None;
        }
        // Orthonormal basis of the range of X, n x r, from X V = U diag(singular).
        let n = self.samples();
        let singular = self.spectrum.iter().map(|eigenvalue| (n * eigenvalue).sqrt());
        let singular = Vector::from_iterator(self.rank(), singular);
        let mut range = &self.features * &self.row_space;
        for (mut column, size) in range.column_iter_mut().zip(singular.iter()) {
            column /= *size;
        }
        let mut weighted = range.clone();
        for (mut row, sample) in weighted.row_iter_mut().zip(self.features.row_iter()) {
            row *= sample.norm_squared();
        }
        let second = range.tr_mul(&weighted);
        let squares = Matrix::from_diagonal(&singular.map(|size| size * size));
        let ratios = match model {
            NoiseModel::Additive => return None,
            NoiseModel::Vanishing => (second - squares / n) * 2.0,
            NoiseModel::Multiplicative => {
                let whitened = Matrix::from_diagonal(&singular.map(|size| 1.0 / size));
                &whitened * second * &whitened * n - Matrix::identity(self.rank(), self.rank())
            }
        };
        Some(Constant::exact(ratios.symmetric_eigenvalues().max().max(0.0)))
    }

    fn second_moment_within(&self, radius: f64) -> Option<Constant> {
        let bounds = self.features.row_iter().zip(self.targets.iter()).map(|(x, y)| {
            let size = x.norm();
            (size * (size * radius + y.abs()) + self.ridge * radius).powi(2)
        });
        let bound = bounds.sum::<f64>() / self.samples();
        bound.is_finite().then(|| Constant::certified(bound))
    }
}

impl SquaredLoss for LeastSquares {
    fn add_residual_gradients(
        &self,
        samples: &[u32],
        weights: &[f64],
        at: &Ensemble,
        into: &mut Ensemble,
    ) {
        add_linear_gradients(&self.rows, samples, at, into, |trial, _, _| weights[trial]);
    }
}

impl LeastSquares {
    fn residual(&self, sample: usize, a: &Vector) -> f64 {
        self.rows.column(sample).dot(a) - self.targets[sample]
    }

    /// Whether some a fits all samples at once, up to rounding. Not where the minimum is not known.
    pub fn interpolates(&self) -> bool {
        self.solution.as_ref().is_some_and(|(minimiser, _)| {
            let size = self.features.norm() * minimiser.norm() + self.targets.norm();
            let misfit = self.residuals(minimiser).norm();
            self.rank() == self.targets.len() || misfit <= 1e3 * f64::EPSILON * size
        })
    }
}
