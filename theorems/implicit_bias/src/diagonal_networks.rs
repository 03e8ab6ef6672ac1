//! Sparse regression by diagonal linear networks, with its reference solutions.

use theoria_models::data::{DataSet, sparse_regression};
use theoria_models::networks::DiagonalLinearNetwork;
use theoria_models::{Matrix, Vector};
use theoria_verification::{Draw, Instance};

use theoria_references::{basis_pursuit, least_hyperbolic_entropy};

/// Noiseless data with fewer samples than features, of which few matter.
pub(super) struct SparseRegression {
    data: DataSet,
    planted: Vector,
}

impl SparseRegression {
    /// Standard normal features, n x d, and this number of ones.
    pub(super) fn drawn(n: usize, d: usize, nonzeros: usize, draw: &mut Draw) -> Self {
        let (data, planted) = sparse_regression(n, d, nonzeros, draw.generator());
        SparseRegression { data, planted }
    }

    /// The coefficients that the targets were made from.
    pub(super) fn planted(&self) -> &Vector {
        &self.planted
    }

    /// X.
    pub(super) fn features(&self) -> &Matrix {
        &self.data.features
    }

    /// y.
    pub(super) fn targets(&self) -> &Vector {
        &self.data.targets
    }

    /// The network β = u∘u − v∘v on these data.
    pub(super) fn network(&self) -> DiagonalLinearNetwork {
        DiagonalLinearNetwork::new(self.data.features.clone(), self.data.targets.clone())
    }

    /// The interpolator of least hyperbolic entropy with these scales.
    pub(super) fn least_entropy(&self, alpha: &Vector) -> Vector {
        match least_hyperbolic_entropy(self.features(), self.targets(), alpha) {
            Ok(found) => found.minimiser,
            Err(error) => panic!("no reference solution: {error}"),
        }
    }

    /// The same with one scale.
    pub(super) fn least_entropy_at(&self, alpha: f64) -> Vector {
        self.least_entropy(&self.uniform(alpha))
    }

    /// The interpolator of least l1 norm.
    pub(super) fn least_sum(&self) -> Vector {
        match basis_pursuit(self.features(), self.targets()) {
            Ok(found) => found.minimiser,
            Err(error) => panic!("no reference solution: {error}"),
        }
    }

    /// The interpolator of least Euclidean norm.
    pub(super) fn least_norm(&self) -> Vector {
        let Some(kernel) = (self.features() * self.features().transpose()).cholesky() else {
            panic!("X has full row rank");
        };
        self.features().tr_mul(&kernel.solve(self.targets()))
    }

    /// The same scale for every feature.
    pub(super) fn uniform(&self, alpha: f64) -> Vector {
        Vector::from_element(self.features().ncols(), alpha)
    }
}

impl Instance for SparseRegression {
    fn description(&self) -> String {
        let (n, d) = self.features().shape();
        format!("{n} samples of {d} normal features, {} of which matter", self.planted.sum())
    }
}

/// How far z is from the row space of X: the part of its norm that lies across it.
pub(super) fn share_across_rows(features: &Matrix, z: &Vector) -> f64 {
    let basis = features.transpose().qr().q();
    let along = &basis * basis.tr_mul(z);
    (z - along).norm() / z.norm()
}

/// arsinh(β_j/(2 α_j²)).
pub(super) fn mirrored(predictor: &Vector, alpha: &Vector) -> Vector {
    predictor.zip_map(alpha, |b, a| (b / (2.0 * a * a)).asinh())
}
