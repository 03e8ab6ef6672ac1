//! Sparse regression: more coefficients than samples, of which few matter.

use theoria_models::data::{DataSet, sparse_regression};
use theoria_models::networks::DiagonalLinearNetwork;
use theoria_models::{Matrix, Vector};
use theoria_verification::{Draw, Instance};

/// Noiseless data with fewer samples than features, of which few matter.
///
/// ```
/// use theoria_instances::SparseRegression;
/// use theoria_verification::{Draw, Stream};
/// let mut draw = Draw::new(Stream::new(1).trial(0));
/// let regression = SparseRegression::drawn(6, 12, 2, &mut draw);
/// let least = regression.least_norm();
/// assert!((regression.features() * &least - regression.targets()).norm() < 1e-12);
/// assert!(least.norm() < regression.planted().norm());
/// ```
#[derive(Clone)]
pub struct SparseRegression {
    data: DataSet,
    planted: Vector,
}

impl SparseRegression {
    /// With these features, n x d, and the coefficients that make the targets.
    ///
    /// # Panics
    /// If there is not one coefficient a feature.
    pub fn new(features: Matrix, planted: Vector) -> Self {
        let targets = &features * &planted;
        SparseRegression {
            data: DataSet { name: "given features".into(), features, targets },
            planted,
        }
    }

    /// Standard normal features, n x d, and this number of ones among the coefficients.
    ///
    /// # Panics
    /// If there are more nonzeros than features.
    pub fn drawn(n: usize, d: usize, nonzeros: usize, draw: &mut Draw) -> Self {
        let (data, planted) = sparse_regression(n, d, nonzeros, draw.generator());
        SparseRegression { data, planted }
    }

    /// The coefficients that the targets were made from.
    pub fn planted(&self) -> &Vector {
        &self.planted
    }

    /// X, n x d.
    pub fn features(&self) -> &Matrix {
        &self.data.features
    }

    /// y, of length n.
    pub fn targets(&self) -> &Vector {
        &self.data.targets
    }

    /// The network β = u∘u − v∘v on these data.
    pub fn network(&self) -> DiagonalLinearNetwork {
        DiagonalLinearNetwork::new(self.data.features.clone(), self.data.targets.clone())
    }

    /// The interpolator of least Euclidean norm.
    ///
    /// # Panics
    /// If X lacks full row rank; drawn features almost surely have it.
    pub fn least_norm(&self) -> Vector {
        let Some(kernel) = (self.features() * self.features().transpose()).cholesky() else {
            panic!("X has full row rank");
        };
        self.features().tr_mul(&kernel.solve(self.targets()))
    }

    /// The scale α for every feature.
    pub fn uniform(&self, alpha: f64) -> Vector {
        Vector::from_element(self.features().ncols(), alpha)
    }
}

impl Instance for SparseRegression {
    fn description(&self) -> String {
        let (n, d) = self.features().shape();
        format!("{n} samples of {d} features, {} of which matter", self.planted.sum())
    }

    fn needs() -> String {
        "features with fewer samples than coefficients, and targets that few coefficients make"
            .into()
    }
}
