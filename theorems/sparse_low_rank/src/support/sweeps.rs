//! Sweeps of coordinate descent once the signs are those of the solution.

use theoria_elementary::hypot;
use theoria_models::Vector;
use theoria_models::numerics::maximum;
use theoria_verification::{Check, Claim, Hypothesis, Reading};

use super::lasso_runs::{
    identified, independent, strictly_complementary, sweep_matrix, sweep_points,
};
use super::penalised::{Penalised, diabetes};

/// Sweeps of a run.
const SWEEPS: usize = 300;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sweep {
    AsDerived,
    Transposed,
    AllColumns,
}

/// The sweeps from the signs of the solution on, before which the error is not yet near rounding.
fn after_identification(p: &Penalised, points: &[Vector]) -> Vec<usize> {
    let size = p.solution.norm();
    let moving = |k: &usize| (&points[*k] - &p.solution).norm() > 1e-7 * size;
    (identified(p, points)..points.len() - 1).filter(moving).collect()
}

fn in_time() -> Hypothesis<Penalised> {
    Hypothesis::new("signs found before the solution", |p: &Penalised, _| {
        let seen = after_identification(p, &sweep_points(p, SWEEPS)).len();
        Check::at_least(seen as f64, 1.0, "sweeps after the signs are found")
    })
}

pub(crate) fn sweeps(name: &str, formula: &str, which: Sweep) -> Claim<Penalised> {
    Claim::identity(name, formula, 1e-6)
        .assuming([independent(), strictly_complementary(), in_time()])
        .measuring_each(move |p: &Penalised| {
            let points = sweep_points(p, SWEEPS);
            let seen = after_identification(p, &points);
            let support = if which == Sweep::AllColumns {
                (0..p.solution.len()).collect()
            } else {
                p.support()
            };
            let columns = p.lasso.features().select_columns(&support);
            let gram = columns.tr_mul(&columns);
            let matrix = match which {
                Sweep::AsDerived | Sweep::AllColumns => sweep_matrix(&gram),
                Sweep::Transposed => {
                    let upper = gram.upper_triangle();
                    let lower = &gram - &upper;
                    upper.solve_upper_triangular(&lower).map_or_else(|| &gram * f64::NAN, |m| -m)
                }
            };
            let error = |k: usize| (&points[k] - &p.solution).select_rows(&support);
            let size = p.solution.norm();
            // Rounding of the points, relative to the error before the sweep.
            seen.into_iter()
                .map(|k| {
                    let before = error(k);
                    let off = (error(k + 1) - &matrix * &before).norm() / before.norm();
                    (k + 1, Reading::new(off, 1e-14 * size / before.norm()))
                })
                .collect()
        })
        .predicting(|_, _| 0.0)
}

pub(crate) fn radius() -> Claim<Penalised> {
    Claim::identity(
        "spectral_radius_of_a_sweep",
        "ρ((D + Uᵀ)⁻¹U) = 0.3869 at λ = 0.1 · 2|Xᵀy|_∞",
        2e-4,
    )
    .assuming([independent()])
    .on(diabetes([0.1]))
    .measuring([0.1], |p: &Penalised, once| {
        let columns = p.lasso.features().select_columns(&p.support());
        let matrix = sweep_matrix(&columns.tr_mul(&columns));
        let eigenvalues = matrix.complex_eigenvalues();
        once.read(|_| eigenvalues.iter().map(|z| hypot(z.re, z.im)).fold(0.0, maximum))
    })
    .predicting(|_, _| 0.3869)
}
