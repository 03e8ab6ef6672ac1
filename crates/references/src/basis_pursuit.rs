//! The interpolator of least l1 norm.

use theoria_models::{Matrix, Svd, Vector};

use super::{ConvexProgramme, ReferenceError};

/// A point of least l1 norm with its dual certificate.
#[derive(Debug, Clone, PartialEq)]
pub struct BasisPursuit {
    /// The minimiser b, d.
    pub minimiser: Vector,
    /// ν, n, with |Xᵀν|_∞ <= 1: every interpolator has |b|_1 >= y·ν.
    pub dual: Vector,
    /// |b|_1 − y·ν.
    pub gap: f64,
    /// |X b − y|_∞.
    pub residual: f64,
}

/// Minimises |b|_1 subject to X b = y, as a linear programme (Chen, Donoho, Saunders 1998). Where the
/// columns of the support are independent, b solves the equations on it to rounding.
///
/// # Errors
/// If sizes do not fit, no b satisfies X b = y, or the solver gives up.
///
/// ```
/// use theoria_models::{Matrix, Vector};
/// use theoria_references::basis_pursuit;
///
/// // b_1 + 2 b_2 = 2: the longer column serves best.
/// let found = basis_pursuit(&Matrix::from_row_slice(1, 2, &[1.0, 2.0]), &Vector::from_vec(vec![2.0]));
/// let found = found.unwrap();
/// assert!((found.minimiser - Vector::from_vec(vec![0.0, 1.0])).amax() < 1e-12 && found.gap < 1e-9);
/// ```
pub fn basis_pursuit(features: &Matrix, targets: &Vector) -> Result<BasisPursuit, ReferenceError> {
    let (samples, dimension) = features.shape();
    let mut parts = Matrix::zeros(samples, 2 * dimension);
    parts.columns_mut(0, dimension).copy_from(features);
    parts.columns_mut(dimension, dimension).copy_from(&-features);
    let solution = ConvexProgramme::linear(Vector::from_element(2 * dimension, 1.0))
        .equal(&parts, targets)
        .at_most(&-Matrix::identity(2 * dimension, 2 * dimension), &Vector::zeros(2 * dimension))
        .solve()?;
    let halves = &solution.point;
    let raw = halves.rows(0, dimension) - halves.rows(dimension, dimension);
    let minimiser = on_support(features, targets, &raw).unwrap_or(raw);
    let dual = -solution.equality_multipliers;
    let slope = features.tr_mul(&dual).amax();
    let dual = dual / slope.max(1.0);
    Ok(BasisPursuit {
        gap: minimiser.lp_norm(1) - targets.dot(&dual),
        residual: (features * &minimiser - targets).amax(),
        minimiser,
        dual,
    })
}

/// The solution of the equations on the coordinates that are not negligible, if it has their signs.
fn on_support(features: &Matrix, targets: &Vector, raw: &Vector) -> Option<Vector> {
    let support: Vec<usize> =
        (0..raw.len()).filter(|&j| raw[j].abs() > 1e-6 * raw.amax()).collect();
    if support.is_empty() || support.len() > features.nrows() {
        return None;
    }
    let svd = Svd::of(&features.select_columns(&support));
    let negligible = 1e-12 * svd.values()[0];
    let solved = svd.with_values(|s| if s > negligible { 1.0 / s } else { 0.0 }).tr_mul(targets);
    let mut polished = Vector::zeros(raw.len());
    for (value, &j) in solved.iter().zip(&support) {
        polished[j] = *value;
    }
    let moved = (&polished - raw).amax() <= 1e-4 * raw.amax();
    let rounding = 1e-12 * features.amax() * raw.lp_norm(1);
    let sound = (features * &polished - targets).amax() <= rounding;
    (moved && sound).then_some(polished)
}
