//! Where coefficients of ridge regression are zero.

use theoria_models::{Matrix, Vector};
use theoria_verification::{Claim, Family, Reading, Readings};

use crate::support::penalised::DIABETES;
use crate::support::ridge_path::RidgePath;
use crate::support::samples::{Samples, diabetes, full_column_rank};

/// Where coefficients of ridge regression on the diabetes data change their signs: coefficient, counted from 1, and weight.
const SIGN_CHANGES: [(f64, f64); 6] =
    [(1.0, 0.08259), (2.0, 11.993), (5.0, 0.8124), (6.0, 0.03212), (6.0, 2.191), (7.0, 0.003685)];

/// The largest number over the coefficients, on a grid of l from 10⁻⁶ to 10⁶ times |X|².
pub(crate) fn zeros_of_ridge(name: &str, formula: &str, less: f64) -> Claim<Samples> {
    let claim = Claim::bound(name, formula)
        .assuming([full_column_rank()])
        .measuring([1.0], |at: &Samples, once| {
            let ridge = at.ridge();
            let size = at.features.norm_squared();
            let changes = |j| ridge.sign_changes(j, 1e-6 * size, 1e6 * size, 400).len();
            let most = (0..at.dimension()).map(changes).max().unwrap_or(0);
            once.read(|_| Reading::new(most as f64, 0.0))
        })
        .predicting(move |at, _| at.dimension() as f64 - less);
    let family = Family::drawn("two or three features in numbers", |draw| {
        let d = draw.size(2..=3);
        let features = Matrix::from_fn(d, d, |_, _| draw.normal());
        Samples::new("drawn", features, Vector::from_fn(d, |_, _| draw.normal()))
    });
    if less > 1.0 {
        return claim.on(family.hunted(400)).on(alternating());
    }
    claim.on(family.hunted(400)).attained_on(alternating()).on(diabetes()).tight_to(0.99)
}

/// XᵀX = V diag(1, 10⁻², 10⁻⁴) Vᵀ and y such that the first coefficient is
/// 1/(1 + l) - 4·10⁻²/(10⁻² + l) + 16·10⁻⁴/(10⁻⁴ + l), which is zero twice; and its like with two features.
fn alternating() -> Family<Samples> {
    Family::listed("alternating terms", [2usize, 3], |&d| {
        // A reflection of which the first row has no zero.
        let across = Vector::from_fn(d, |i, _| if i == 0 { 1.0 } else { 2.0 }).normalize();
        let v = Matrix::identity(d, d) - &across * across.transpose() * 2.0;
        let singular = Vector::from_fn(d, |i, _| 0.1f64.powi(i as i32));
        let features = &v * Matrix::from_diagonal(&singular) * v.transpose();
        // Term i of the first coefficient is v_1i s_i (v_i·y)/(s_i² + l); this y makes it (-4)ⁱ s_i²/(s_i² + l).
        let along = Vector::from_fn(d, |i, _| (-4.0f64).powi(i as i32) * singular[i] / v[(0, i)]);
        Samples::new("alternating terms", features, &v * along)
    })
}

pub(crate) fn sign_changes() -> Claim<Samples> {
    let formula = "l at which a coefficient of ridge changes its sign: 0.08259 (age), 11.993, 0.8124, 0.03212, 2.191, 0.003685";
    Claim::identity("sign_changes_of_ridge_on_diabetes", formula, 3e-4)
        .assuming([full_column_rank()])
        .on(diabetes())
        .measuring_each(|at: &Samples| {
            let found = all_sign_changes(&at.ridge());
            Readings::over(1..=found.len(), |i| found[i - 1].1)
        })
        .predicting(|_, i| SIGN_CHANGES.get(i as usize - 1).map_or(0.0, |(_, weight)| *weight))
}

/// By coefficient, counted from 1, and weight.
pub(crate) fn all_sign_changes(ridge: &RidgePath) -> Vec<(f64, f64)> {
    let of = |j: usize| {
        let changes = ridge.sign_changes(j, 1e-6, 1e4, 2000);
        changes.into_iter().map(move |weight| (j as f64 + 1.0, weight))
    };
    (0..DIABETES.len()).flat_map(of).collect()
}

pub(crate) fn never_zero() -> Claim<Samples> {
    let formula = "number of zeros of coefficient j of ridge, for 0 < l < ∞, = 0";
    Claim::identity("ridge_coefficients_are_never_zero", formula, 1e-9)
        .assuming([full_column_rank()])
        .on(diabetes())
        .measuring(1..=10usize, |at: &Samples, coefficients| {
            let ridge = at.ridge();
            coefficients.read(|j| ridge.sign_changes(j - 1, 1e-6, 1e4, 2000).len() as f64)
        })
        .predicting(|_, _| 0.0)
}
