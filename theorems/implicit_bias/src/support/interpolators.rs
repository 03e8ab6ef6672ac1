//! Interpolators of sparse regressions that others choose, and the mirror in which networks see them.

use theoria_elementary::{asinh, hypot};
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
    predictor.zip_map(alpha, |b, a| asinh(b / (2.0 * a * a)))
}

/// max over the predictors a and b of (4α_j⁴ + β_j²)^(1/2): how fast a coordinate between them moves with its mirror image.
pub(crate) fn steepest(alpha: &Vector, a: &Vector, b: &Vector) -> Vector {
    let farther = a.zip_map(b, |a, b| a.abs().max(b.abs()));
    farther.zip_map(alpha, |b, alpha| hypot(2.0 * alpha * alpha, b))
}

/// The least (Σ_j D_j (z − Xᵀμ)_j²)^(1/2) over μ, for positive weights D.
pub(crate) fn distance_from_rows(features: &Matrix, z: &Vector, weights: &Vector) -> f64 {
    let roots = weights.map(f64::sqrt);
    let mut rows = features.transpose();
    for mut column in rows.column_iter_mut() {
        column.component_mul_assign(&roots);
    }
    let weighted = z.component_mul(&roots);
    share_across_rows(&rows.transpose(), &weighted) * weighted.norm()
}
