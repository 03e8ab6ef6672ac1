//! The direction of largest margin.

use theoria_models::{Matrix, Vector};

use super::{ConvexProgramme, ReferenceError};

/// The norm that measures the direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MarginNorm {
    /// |w|_2 = 1: the hard-margin support vector machine, the limit of gradient descent.
    Euclidean,
    /// |w|_∞ = 1: the limit of sign descent.
    Maximum,
}

/// A direction of largest margin with its dual certificate.
#[derive(Debug, Clone, PartialEq)]
pub struct Margin {
    /// w, d, of norm 1 in the chosen norm.
    pub direction: Vector,
    /// min_i y_i x_i·w: this direction attains it.
    pub margin: f64,
    /// λ >= 0, n, Σ λ_i = 1: every direction has a margin of at most |Σ λ_i y_i x_i| in the dual norm.
    pub multipliers: Vector,
    /// That bound minus the margin.
    pub gap: f64,
}

/// The w with |w| <= 1 that maximises min_i y_i x_i·w, for features X, n x d, and labels y = ±1; a
/// constant feature gives the hyperplane an offset. For the maximum norm it need not be unique.
///
/// The Euclidean one by the quadratic programme min |v|²/2 with y_i x_i·v >= 1 (Boser, Guyon, Vapnik
/// 1992), solved on its support vectors; the other one by its linear programme.
///
/// # Errors
/// If sizes do not fit, the classes are not separable, or the solver gives up.
///
/// ```
/// use theoria_models::{Matrix, Vector};
/// use theoria_references::{MarginNorm, largest_margin};
///
/// let points = Matrix::from_row_slice(2, 2, &[2.0, 1.0, -1.0, -2.0]);
/// let labels = Vector::from_vec(vec![1.0, -1.0]);
/// let found = largest_margin(&points, &labels, MarginNorm::Euclidean).unwrap();
/// assert!((found.margin - 4.5f64.sqrt()).abs() < 1e-9 && found.gap < 1e-9);
/// ```
pub fn largest_margin(
    features: &Matrix,
    labels: &Vector,
    norm: MarginNorm,
) -> Result<Margin, ReferenceError> {
    if features.nrows() != labels.len() || features.is_empty() {
        return Err(ReferenceError::Input("as many labels as samples, at least one"));
    }
    let mut signed = features.clone();
    for (mut row, label) in signed.row_iter_mut().zip(labels.iter()) {
        row *= *label;
    }
    let (direction, weights) = match norm {
        MarginNorm::Euclidean => euclidean(&signed)?,
        MarginNorm::Maximum => maximum(&signed)?,
    };
    let size = match norm {
        MarginNorm::Euclidean => direction.norm(),
        MarginNorm::Maximum => direction.amax(),
    };
    let direction = direction / size;
    let margin = (&signed * &direction).min();
    if margin.is_nan() || margin <= 0.0 {
        return Err(ReferenceError::NotSeparable);
    }
    let multipliers = weights.map(|weight| weight.max(0.0));
    let multipliers = &multipliers / multipliers.sum();
    let combined = signed.tr_mul(&multipliers);
    let bound = match norm {
        MarginNorm::Euclidean => combined.norm(),
        MarginNorm::Maximum => combined.lp_norm(1),
    };
    Ok(Margin { direction, margin, multipliers, gap: bound - margin })
}

fn euclidean(signed: &Matrix) -> Result<(Vector, Vector), ReferenceError> {
    let (samples, dimension) = signed.shape();
    let solution = ConvexProgramme::quadratic(
        Matrix::identity(dimension, dimension),
        Vector::zeros(dimension),
    )
    .at_most(&-signed, &Vector::from_element(samples, -1.0))
    .solve()
    .map_err(|error| match error {
        ReferenceError::Infeasible { .. } => ReferenceError::NotSeparable,
        other => other,
    })?;
    let weights = solution.inequality_multipliers;
    Ok(on_support_vectors(signed, &weights).unwrap_or((solution.point, weights)))
}

/// The solution with the margin 1 at exactly the support vectors, if it is one.
fn on_support_vectors(signed: &Matrix, weights: &Vector) -> Option<(Vector, Vector)> {
    let support: Vec<usize> =
        (0..weights.len()).filter(|&i| weights[i] > 1e-6 * weights.amax()).collect();
    let rows = signed.select_rows(&support);
    let gram = &rows * rows.transpose();
    let solved = gram.cholesky()?.solve(&Vector::from_element(support.len(), 1.0));
    let direction = rows.tr_mul(&solved);
    let mut polished = Vector::zeros(weights.len());
    for (weight, &i) in solved.iter().zip(&support) {
        polished[i] = *weight;
    }
    let sound = solved.min() >= 0.0 && (signed * &direction).min() >= 1.0 - 1e-9;
    sound.then_some((direction, polished))
}

/// In (w, γ): maximise γ subject to y_i x_i·w >= γ and |w_j| <= 1.
fn maximum(signed: &Matrix) -> Result<(Vector, Vector), ReferenceError> {
    let (samples, dimension) = signed.shape();
    let mut cost = Vector::zeros(dimension + 1);
    cost[dimension] = -1.0;
    let margins = (-signed).insert_column(dimension, 1.0);
    let below = Matrix::identity(dimension, dimension + 1);
    let ones = Vector::from_element(dimension, 1.0);
    let solution = ConvexProgramme::linear(cost)
        .at_most(&margins, &Vector::zeros(samples))
        .at_most(&below, &ones)
        .at_most(&-&below, &ones)
        .solve()?;
    Ok((
        solution.point.rows(0, dimension).into_owned(),
        solution.inequality_multipliers.rows(0, samples).into_owned(),
    ))
}
