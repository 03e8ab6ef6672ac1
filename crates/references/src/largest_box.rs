//! The largest flat box of a convex quadratic loss itself, corner by corner.

use clarabel::solver::SupportedConeT::{ExponentialConeT, SecondOrderConeT};
use theoria_models::{Matrix, Vector};

use super::ReferenceError;
use super::conic::Conic;

/// Axes up to which all corners are listed.
const AXES: usize = 10;

/// The half-widths δ of the axis-parallel box of largest volume with xᵀHx/2 <= ε on all of it, for a
/// positive definite H of at most 10 axes: Σ log δ_i is maximised subject to (s∘δ)ᵀH(s∘δ)/2 <= ε for
/// every vector of signs s, one second-order cone a corner, one exponential cone an axis.
///
/// The box that looks at |H| alone ([`FlatBox`](theoria_models::flatness::FlatBox)) is never larger; where flipping
/// axes makes all entries of H nonnegative, it is the same.
///
/// # Errors
/// If H is not a positive definite matrix of 1 to 10 rows or ε is not positive, or the solver gives up.
///
/// ```
/// use theoria_models::{Matrix, Vector};
/// use theoria_references::largest_box;
///
/// let hessian = Matrix::from_diagonal(&Vector::from_vec(vec![1.0, 4.0]));
/// let half_widths = largest_box(&hessian, 0.25).unwrap();
/// assert!((half_widths - Vector::from_vec(vec![0.5, 0.25])).amax() < 1e-8);
/// ```
pub fn largest_box(hessian: &Matrix, tolerance: f64) -> Result<Vector, ReferenceError> {
    let d = hessian.nrows();
    let sized = hessian.is_square() && (1..=AXES).contains(&d) && tolerance.is_finite();
    if !sized || tolerance <= 0.0 {
        return Err(ReferenceError::Input("a matrix of 1 to 10 rows, a positive tolerance"));
    }
    let Some(factor) = hessian.clone().cholesky() else {
        return Err(ReferenceError::Input("the Hessian is positive definite"));
    };
    let root = factor.l().transpose();
    // In units of the diagonal box, and relative to its tolerance.
    let unit = Vector::from_fn(d, |i, _| (2.0 * tolerance / (d as f64 * hessian[(i, i)])).sqrt());
    let corners = 1usize << (d - 1);
    let cone = d + 1;
    let mut rows = Matrix::zeros(3 * d + cone * corners, 2 * d);
    let mut right = Vector::zeros(rows.nrows());
    let mut cones = vec![ExponentialConeT(); d];
    // Variables δ in units, then t with t_i <= log δ_i: (t_i, 1, δ_i) in the exponential cone.
    for i in 0..d {
        rows[(3 * i, d + i)] = -1.0;
        right[3 * i + 1] = 1.0;
        rows[(3 * i + 2, i)] = -1.0;
    }
    for corner in 0..corners {
        let row = 3 * d + cone * corner;
        right[row] = 1.0;
        for i in 0..d {
            let sign = if corner >> i & 1 == 0 { 1.0 } else { -1.0 };
            let scale = sign * unit[i] / (2.0 * tolerance).sqrt();
            for k in 0..d {
                rows[(row + 1 + k, i)] = -scale * root[(k, i)];
            }
        }
        cones.push(SecondOrderConeT(cone));
    }
    let solved = Conic {
        quadratic: &Matrix::zeros(2 * d, 2 * d),
        cost: &Vector::from_fn(2 * d, |i, _| if i < d { 0.0 } else { -1.0 }),
        rows: &rows,
        right: &right,
        cones: &cones,
    }
    .solve()?;
    Ok(solved.point.rows(0, d).component_mul(&unit))
}
