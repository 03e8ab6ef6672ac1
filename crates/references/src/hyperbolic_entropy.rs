//! The interpolator of least hyperbolic entropy.

use clarabel::solver::SupportedConeT::ExponentialConeT;
use theoria_elementary::{asinh, cosh, hypot, ln, sinh};
use theoria_models::{Matrix, Vector};

use super::ReferenceError;
use super::conic::Conic;

/// Newton steps on the dual; a handful suffice from the solver's multipliers.
const STEPS: usize = 50;

/// A point of least hyperbolic entropy with its dual certificate.
#[derive(Debug, Clone, PartialEq)]
pub struct EntropyMinimiser {
    /// The minimiser b, d.
    pub minimiser: Vector,
    /// λ, n, with arcsinh(b_j/(2 α_j²)) = (Xᵀλ)_j for all j.
    pub dual: Vector,
    /// |X b − y|_∞: with `dual` the whole of the conditions of optimality.
    pub residual: f64,
    /// The entropy of b minus the dual value y·λ − Σ 2α_j² (cosh (Xᵀλ)_j − 1): at most the entropy's
    /// distance to its minimum, up to rounding and residual.
    pub gap: f64,
}

/// Σ_j b_j arcsinh(b_j/(2α_j²)) − (4α_j⁴ + b_j²)^(1/2) + 2α_j², the potential whose mirror map is
/// arcsinh(b/(2α²)) (Ghai, Hazan, Singer 2020). Like |b|²/(4α²) for large α and like
/// log(1/α²) |b|_1 for small α.
///
/// # Panics
/// If the two have different lengths.
pub fn hyperbolic_entropy(point: &Vector, alpha: &Vector) -> f64 {
    assert_eq!(point.len(), alpha.len(), "as many scales as coordinates");
    let term = |(b, alpha): (&f64, &f64)| {
        let scale = 2.0 * alpha * alpha;
        // scale − (scale² + b²)^(1/2) without cancellation.
        b * asinh(b / scale) - b * b / (scale + hypot(scale, *b))
    };
    point.iter().zip(alpha.iter()).map(term).sum()
}

/// Minimises the [`hyperbolic_entropy`] subject to X b = y: the limit of gradient flow on a diagonal
/// linear network β = u∘u − v∘v from u = v = α (Woodworth et al. 2020, Theorem 1). `alpha`, d, is
/// positive and may differ from coordinate to coordinate.
///
/// The entropy of b is the least Σ KL(p_j|α_j²) + KL(m_j|α_j²) with p − m = b; the dual of this problem
/// is an exponential cone programme, whose solution Newton's method takes to rounding.
///
/// # Errors
/// If sizes do not fit or a scale is not positive, no b satisfies X b = y, or the solver gives up. For
/// data of size 1 it serves scales from 1e-6 to 1e3; beyond, the limits (least l1 norm, least Euclidean
/// norm) are reached to rounding or nearly so.
///
/// ```
/// use theoria_models::{Matrix, Vector};
/// use theoria_references::least_hyperbolic_entropy;
///
/// let features = Matrix::from_row_slice(1, 2, &[1.0, 2.0]);
/// let (targets, alpha) = (Vector::from_vec(vec![2.0]), Vector::from_vec(vec![0.1, 0.1]));
/// let found = least_hyperbolic_entropy(&features, &targets, &alpha).unwrap();
/// let mirrored = found.minimiser.map(|b| (b / 0.02).asinh());
/// assert!(found.residual < 1e-12 && (mirrored[1] - 2.0 * mirrored[0]).abs() < 1e-9);
/// ```
pub fn least_hyperbolic_entropy(
    features: &Matrix,
    targets: &Vector,
    alpha: &Vector,
) -> Result<EntropyMinimiser, ReferenceError> {
    if features.shape() != (targets.len(), alpha.len()) || features.is_empty() {
        return Err(ReferenceError::Input("X is n x d with n targets and d scales, not empty"));
    }
    if !alpha.iter().all(|a| *a > 0.0 && a.is_finite()) {
        return Err(ReferenceError::Input("the scales are positive"));
    }
    let start = by_exponential_cones(features, targets, alpha)?;
    let dual = by_newton(features, targets, alpha, start);
    let minimiser = primal(features, alpha, &dual);
    let value = dual_value(features, targets, alpha, &dual);
    Ok(EntropyMinimiser {
        gap: hyperbolic_entropy(&minimiser, alpha) - value,
        residual: (features * &minimiser - targets).amax(),
        minimiser,
        dual,
    })
}

/// b = 2α² sinh(Xᵀλ).
fn primal(features: &Matrix, alpha: &Vector, dual: &Vector) -> Vector {
    features.tr_mul(dual).zip_map(alpha, |slope, a| 2.0 * a * a * sinh(slope))
}

fn dual_value(features: &Matrix, targets: &Vector, alpha: &Vector, dual: &Vector) -> f64 {
    let slopes = features.tr_mul(dual);
    let conjugate = |(slope, a): (&f64, &f64)| 4.0 * a * a * sinh(slope / 2.0).powi(2);
    targets.dot(dual) - slopes.iter().zip(alpha.iter()).map(conjugate).sum::<f64>()
}

/// The multipliers λ, which maximise y·λ − Σ α_j² (exp((Xᵀλ)_j) + exp(−(Xᵀλ)_j)). Variables are λ, p, m
/// with p and m in units of `unit`; (±(Xᵀλ)_j + log(α_j²/unit_j), 1, p_j or m_j) in the exponential cone.
fn by_exponential_cones(
    features: &Matrix,
    targets: &Vector,
    alpha: &Vector,
) -> Result<Vector, ReferenceError> {
    let (n, d) = features.shape();
    let size = targets.amax() / features.amax().max(f64::MIN_POSITIVE);
    let unit = alpha.map(|a| (a * a).max(size));
    let mut cost = Vector::zeros(n + 2 * d);
    cost.rows_mut(0, n).copy_from(&-targets);
    let mut rows = Matrix::zeros(6 * d, n + 2 * d);
    let mut right = Vector::zeros(6 * d);
    for k in 0..2 * d {
        let (row, j) = (3 * k, k % d);
        let sign = if k < d { -1.0 } else { 1.0 };
        for i in 0..n {
            rows[(row, i)] = sign * features[(i, j)];
        }
        right[row] = ln(alpha[j].powi(2) / unit[j]);
        right[row + 1] = 1.0;
        rows[(row + 2, n + k)] = -1.0;
        cost[n + k] = unit[j];
    }
    let solved = Conic {
        quadratic: &Matrix::zeros(n + 2 * d, n + 2 * d),
        cost: &cost,
        rows: &rows,
        right: &right,
        cones: &vec![ExponentialConeT(); 2 * d],
    }
    .solve();
    match solved {
        Ok(solved) => Ok(solved.point.rows(0, n).into_owned()),
        Err(ReferenceError::Unbounded { ray }) => {
            Err(ReferenceError::Infeasible { certificate: -ray.rows(0, n) })
        }
        Err(other) => Err(other),
    }
}

fn by_newton(features: &Matrix, targets: &Vector, alpha: &Vector, start: Vector) -> Vector {
    let residual = |dual: &Vector| targets - features * primal(features, alpha, dual);
    let mut best = start;
    let mut left = residual(&best);
    for _ in 0..STEPS {
        let curvature = features.tr_mul(&best).zip_map(alpha, |s, a| 2.0 * a * a * cosh(s));
        let mut weighted = features.clone();
        for (mut column, weight) in weighted.column_iter_mut().zip(curvature.iter()) {
            column *= *weight;
        }
        let Some(factor) = (weighted * features.transpose()).cholesky() else {
            break;
        };
        let step = factor.solve(&left);
        let mut share = 1.0;
        let (mut ahead, mut after) = (best.clone(), left.clone());
        while share > 1e-6 {
            ahead = &best + &step * share;
            after = residual(&ahead);
            if after.norm() < left.norm() {
                break;
            }
            share /= 2.0;
        }
        // The residual falls until rounding; NaN is no fall either.
        if after.norm().partial_cmp(&left.norm()) != Some(std::cmp::Ordering::Less) {
            break;
        }
        (best, left) = (ahead, after);
    }
    best
}
