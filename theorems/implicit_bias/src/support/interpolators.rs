//! Interpolators of sparse regressions that others choose, and the mirror in which networks see them.

use theoria_instances::SparseRegression;
use theoria_models::{Matrix, Vector};
use theoria_references::{basis_pursuit, least_hyperbolic_entropy};

/// The interpolator of least hyperbolic entropy with these scales.
pub(crate) fn least_entropy(regression: &SparseRegression, alpha: &Vector) -> Vector {
    match least_hyperbolic_entropy(regression.features(), regression.targets(), alpha) {
        Ok(found) => found.minimiser,
        Err(error) => panic!("no reference solution: {error}"),
    }
}

/// The same with one scale.
pub(crate) fn least_entropy_at(regression: &SparseRegression, alpha: f64) -> Vector {
    least_entropy(regression, &regression.uniform(alpha))
}

/// The interpolator of least l1 norm.
pub(crate) fn least_sum(regression: &SparseRegression) -> Vector {
    match basis_pursuit(regression.features(), regression.targets()) {
        Ok(found) => found.minimiser,
        Err(error) => panic!("no reference solution: {error}"),
    }
}

/// How far z is from the row space of X: the part of its norm that lies across it.
pub(crate) fn share_across_rows(features: &Matrix, z: &Vector) -> f64 {
    let basis = features.transpose().qr().q();
    let along = &basis * basis.tr_mul(z);
    (z - along).norm() / z.norm()
}

/// arsinh(β_j/(2 α_j²)).
pub(crate) fn mirrored(predictor: &Vector, alpha: &Vector) -> Vector {
    predictor.zip_map(alpha, |b, a| (b / (2.0 * a * a)).asinh())
}
