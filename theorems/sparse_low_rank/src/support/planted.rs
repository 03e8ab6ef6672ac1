//! Sparse regressions with noise, and how near the best of LASSO and ridge come to what was planted.

use theoria_models::numerics::minimum;
use theoria_models::objectives::LassoPath;
use theoria_models::{Matrix, Vector};
use theoria_verification::{Case, Check, Claim, Family, Generator, Hypothesis, TrialClaim};

use super::descent_cone::normal;
use super::ridge_path::logarithmic;
use super::samples::Samples;

/// What the mean of the best squared errors is at most, of the LASSO, and at least, of ridge; and what they are not.
pub(crate) const LASSO_ERROR: f64 = 0.31;
pub(crate) const LESS_ERROR: f64 = 0.2;
pub(crate) const RIDGE_ERROR: f64 = 3.6;
pub(crate) const MORE_ERROR: f64 = 4.0;

/// 50 samples of 200 standard normal features, with noise of deviation 1/2, and the coefficients that made them.
pub(crate) struct Planted {
    samples: Samples,
    truth: Vector,
}

impl Planted {
    /// The sum of the squared coefficients.
    pub(crate) const SQUARE: f64 = 5.0;

    /// With so many equal coefficients that are not zero.
    pub(crate) fn drawn(nonzeros: usize, random: &mut Generator) -> Self {
        let features = Matrix::from_fn(50, 200, |_, _| normal(random));
        let size = (Self::SQUARE / nonzeros as f64).sqrt();
        let truth = Vector::from_fn(200, |j, _| if j < nonzeros { size } else { 0.0 });
        let targets = &features * &truth + Vector::from_fn(50, |_, _| normal(random)) * 0.5;
        Planted { samples: Samples::new("Gaussian", features, targets), truth }
    }

    /// The least |a - a*|² of the LASSO, on a grid of weights from 0.03 of the threshold on.
    pub(crate) fn lasso_error(&self) -> f64 {
        let most = self.samples.threshold();
        let least = 0.03 * most;
        let path = LassoPath::down_to(least, &self.samples.features, &self.samples.targets);
        let errors = logarithmic(least, most, 40).into_iter();
        errors
            .map(|weight| (path.at(weight) - &self.truth).norm_squared())
            .fold(Self::SQUARE, minimum)
    }

    /// The same of ridge regression, by the eigenvalues of XXᵀ.
    pub(crate) fn ridge_error(&self) -> f64 {
        let x = &self.samples.features;
        let eigen = (x * x.transpose()).symmetric_eigen();
        let along = eigen.eigenvectors.tr_mul(&self.samples.targets);
        let shown = eigen.eigenvectors.tr_mul(&(x * &self.truth));
        // a = Xᵀ U w: |a|² = Σ s_i w_i², a·a* = Σ w_i (Uᵀ X a*)_i.
        let error = |l: f64| {
            let parts = (0..along.len()).map(|i| {
                let (s, w) = (eigen.eigenvalues[i], along[i] / (eigen.eigenvalues[i] + l));
                s * w * w - 2.0 * w * shown[i]
            });
            Self::SQUARE + parts.sum::<f64>()
        };
        logarithmic(1e-2, 1e5, 100).into_iter().map(error).fold(Self::SQUARE, minimum)
    }
}

/// 50 samples of 200 features, noise of deviation 1/2, so many equal coefficients whose squares sum to 5.
pub(crate) fn planted(nonzeros: usize) -> Family<Case<usize>> {
    Family::cases("50 samples of 200 features", [nonzeros], |nonzeros| {
        format!("50 samples of 200 features, {nonzeros} of which matter")
    })
}

fn few() -> Hypothesis<Case<usize>> {
    Hypothesis::new("few coefficients matter", |nonzeros: &Case<usize>, _| {
        Check::at_most(**nonzeros as f64, 5.0, "number of coefficients that matter, 5")
    })
}

pub(crate) fn lasso_error_of(name: &str) -> TrialClaim<Case<usize>> {
    Claim::expected_bound(name, &format!("E min{{1, min over λ |a − a*|²}} ≤ {LASSO_ERROR}"))
        .assuming([few()])
        .trials(800)
        .bounded_by(|_, _| 1.0)
        .sampling(|nonzeros, block| {
            block.each_value(1, |random| Planted::drawn(**nonzeros, random).lasso_error().min(1.0))
        })
        .predicting(|_, _| LASSO_ERROR)
}

/// The same for ridge, by the eigenvalues of XXᵀ; 0 is the limit of large l, and errs by |a*|² = 5.
pub(crate) fn ridge_error_of() -> TrialClaim<Case<usize>> {
    Claim::expected_lower_bound(
        "error_of_ridge",
        &format!("E min over l |a − a*|² ≥ {RIDGE_ERROR}"),
    )
    .assuming([few()])
    .trials(800)
    .bounded_by(|_, _| Planted::SQUARE)
    .sampling(|nonzeros, block| {
        block.each_value(1, |random| Planted::drawn(**nonzeros, random).ridge_error())
    })
    .predicting(|_, _| RIDGE_ERROR)
}
