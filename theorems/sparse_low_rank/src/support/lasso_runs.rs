//! Runs on the LASSO, and what decides about them near the solution.

use std::ops::ControlFlow;

use theoria_algorithms::{
    CoordinateDescent, Fista, Method, Momentum, ProximalGradient, Trajectory, iterate,
};
use theoria_models::numerics::maximum;
use theoria_models::objectives::Composite;
use theoria_models::{Matrix, Vector};
use theoria_verification::{Check, Hypothesis};

use super::penalised::{Penalised, equicorrelated_columns};

/// What a run is to reach: duality gap over value.
const ACCURACY: f64 = 1e-10;

pub(crate) fn independent() -> Hypothesis<Penalised> {
    Hypothesis::new("independent columns on the support", |p: &Penalised, _| {
        equicorrelated_columns(p)
    })
}

/// |2X_j·r| < λ off the support.
pub(crate) fn strictly_complementary() -> Hypothesis<Penalised> {
    Hypothesis::new("strictly complementary", |p: &Penalised, _| {
        let products = p.lasso.features().tr_mul(&p.lasso.residual(&p.solution)) * 2.0;
        let idle = (0..products.len()).filter(|&j| p.solution[j] == 0.0);
        let largest = idle.map(|j| products[j].abs()).fold(0.0, maximum);
        Check::at_most(largest / p.lasso.weight(), 1.0 - 1e-6, "largest |2X_j·r|/λ off the support")
    })
}

/// The iterates of proximal gradient steps of 1/L from 0.
pub(crate) fn proximal(p: &Penalised, steps: usize) -> Vec<Vector> {
    let start = Vector::zeros(p.solution.len());
    let method = ProximalGradient::new(1.0 / p.smoothness());
    Trajectory::of(method, &p.composite(), &start, steps).points().to_vec()
}

/// The points after each sweep of coordinate descent from 0.
pub(crate) fn sweep_points(p: &Penalised, sweeps: usize) -> Vec<Vector> {
    let start = Vector::zeros(p.solution.len());
    Trajectory::of(CoordinateDescent, &p.lasso, &start, sweeps).points().to_vec()
}

/// From where on the signs are those of the solution.
pub(crate) fn identified(p: &Penalised, points: &[Vector]) -> usize {
    let sign = |number: f64| if number == 0.0 { 0.0 } else { number.signum() };
    let right = |a: &Vector| a.iter().zip(&p.solution).all(|(own, its)| sign(*own) == sign(*its));
    points.iter().rposition(|a| !right(a)).map_or(0, |last| last + 1)
}

/// The smallest singular value of the columns of the support.
pub(crate) fn least_on_support(p: &Penalised) -> f64 {
    p.lasso.features().select_columns(&p.support()).singular_values().min()
}

/// -(D + Uᵀ)⁻¹ U
pub(crate) fn sweep_matrix(gram: &Matrix) -> Matrix {
    let lower = gram.lower_triangle();
    let upper = gram - &lower;
    lower.solve_lower_triangular(&upper).map_or_else(|| gram * f64::NAN, |product| -product)
}

/// The first step with a duality gap of at most 10⁻¹⁰ of the value.
pub(crate) fn steps_to_accuracy(p: &Penalised, method: usize) -> usize {
    fn count<O>(p: &Penalised, method: impl Method<Vector, O>, oracle: &O) -> usize {
        let mut a = Vector::zeros(p.solution.len());
        let mut needed = 5000;
        iterate(method, oracle, &mut a, 5000, |k, a| {
            if p.lasso.gap(a) <= ACCURACY * p.lasso.value(a) {
                needed = k;
                return ControlFlow::Break(());
            }
            ControlFlow::Continue(())
        });
        needed
    }
    let step = 1.0 / p.smoothness();
    let composite: Composite = p.composite();
    match method {
        0 => count(p, ProximalGradient::new(step), &composite),
        1 => count(p, Fista::new(step, Momentum::Sequence), &composite),
        _ => count(p, CoordinateDescent, &p.lasso),
    }
}
