//! Matrix completion by the nuclear norm.

use theoria_models::{Matrix, Svd};

use super::ReferenceError;

/// Proximal steps before the completion is given up.
const STEPS: usize = 20_000;

/// Relative duality gap at which the completion is good enough.
const GAP: f64 = 1e-9;

/// A completed matrix with its dual certificate.
#[derive(Debug, Clone, PartialEq)]
pub struct Completion {
    /// The minimiser M.
    pub matrix: Matrix,
    /// Its value |P(M − A)|_F²/2 + weight |M|_*.
    pub value: f64,
    /// The value minus that of a feasible dual point: at least the distance to the minimum.
    pub gap: f64,
}

/// Minimises |P(M − A)|_F²/2 + `weight` |M|_*, where P keeps the entries that were observed: those with
/// `mask` not 0.
///
/// By proximal gradient steps with Nesterov's momentum and restarts (Toh, Yun 2010); the conic solver would need LAPACK for semidefinite cones. The certificate is the dual
/// value <Y, A> − |Y|²/2 of Y = P(A − M), shrunk to spectral norm `weight`.
///
/// # Errors
/// If sizes do not fit, the weight is not positive, or the gap stays above 1e-9 of |P A|²/2.
///
/// ```
/// use theoria_models::{Matrix, Vector};
/// use theoria_references::complete_by_nuclear_norm;
///
/// // All is observed: singular values lose the weight.
/// let all = Matrix::from_element(2, 2, 1.0);
/// let diagonal = Matrix::from_diagonal(&Vector::from_vec(vec![3.0, 0.5]));
/// let found = complete_by_nuclear_norm(&diagonal, &all, 1.0).unwrap();
/// assert!((found.matrix - Matrix::from_diagonal(&Vector::from_vec(vec![2.0, 0.0]))).amax() < 1e-8);
/// ```
pub fn complete_by_nuclear_norm(
    observed: &Matrix,
    mask: &Matrix,
    weight: f64,
) -> Result<Completion, ReferenceError> {
    if observed.shape() != mask.shape() || observed.is_empty() {
        return Err(ReferenceError::Input("the mask has the shape of the matrix"));
    }
    if !(weight > 0.0 && weight.is_finite()) {
        return Err(ReferenceError::Input("the weight is positive"));
    }
    let seen = |m: &Matrix| m.zip_map(mask, |entry, kept| if kept == 0.0 { 0.0 } else { entry });
    let given = seen(observed);
    let tolerance = GAP * given.norm_squared().max(f64::MIN_POSITIVE) / 2.0;
    let mut matrix = Matrix::zeros(observed.nrows(), observed.ncols());
    let mut ahead = matrix.clone();
    let (mut momentum, mut value) = (1.0f64, f64::INFINITY);
    for step in 0..STEPS {
        let (next, norm) = shrunk(&(&ahead - seen(&ahead) + &given), weight);
        let residual = &given - seen(&next);
        value = residual.norm_squared() / 2.0 + weight * norm;
        // The momentum points uphill: start it anew (O'Donoghue, Candès 2015).
        if (&ahead - &next).dot(&(&next - &matrix)) > 0.0 {
            momentum = 1.0;
        }
        let after = (1.0 + (1.0 + 4.0 * momentum * momentum).sqrt()) / 2.0;
        ahead = &next + (&next - &matrix) * ((momentum - 1.0) / after);
        (matrix, momentum) = (next, after);
        if step % 10 == 0 && duality_gap(&given, &residual, weight, value) <= tolerance {
            break;
        }
    }
    let gap = duality_gap(&given, &(&given - seen(&matrix)), weight, value);
    if gap > tolerance {
        return Err(ReferenceError::NotSolved(format!("duality gap {gap:e}")));
    }
    Ok(Completion { matrix, value, gap })
}

/// The matrix with its singular values lowered by `weight`, and its nuclear norm.
fn shrunk(matrix: &Matrix, weight: f64) -> (Matrix, f64) {
    let svd = Svd::of(matrix);
    let lowered = |s: f64| (s - weight).max(0.0);
    (svd.with_values(lowered), svd.values().iter().copied().map(lowered).sum())
}

fn duality_gap(given: &Matrix, residual: &Matrix, weight: f64, value: f64) -> f64 {
    let size = Svd::of(residual).values().max();
    let dual = residual * (weight / size.max(weight));
    value - (dual.dot(given) - dual.norm_squared() / 2.0)
}
