//! The problem with a penalty and the one with a constraint, side by side.

use theoria_models::{Matrix, Vector};
use theoria_verification::Instance;

use crate::support::l1_constraint::{L1Constrained, Rule};
use crate::support::penalised::Penalised;

/// Enough for the condition number 470 of the diabetes data.
pub(crate) const STEPS: usize = 12_000;

/// The constrained problem with the penalised one that it equals.
pub(crate) struct L1Pair {
    pub(crate) penalised: Penalised,
    pub(crate) constrained: L1Constrained,
}

impl Instance for L1Pair {
    fn description(&self) -> String {
        self.constrained.description()
    }
}

impl L1Pair {
    pub(crate) fn new(penalised: Penalised, step: f64) -> Self {
        let features = penalised.lasso.features();
        let constrained = L1Constrained {
            name: penalised.description(),
            gram: features.tr_mul(features),
            products: features.tr_mul(penalised.lasso.targets()),
            square: penalised.scale(),
            radius: penalised.solution.lp_norm(1),
            rule: Rule::Projection,
            step,
            start: Vector::zeros(penalised.solution.len()),
        };
        L1Pair { penalised, constrained }
    }

    pub(crate) fn limit(&self, rule: Rule) -> Vector {
        self.constrained.by(rule).limit(STEPS)
    }

    /// |a - a_λ|/|a_λ|
    pub(crate) fn off(&self, a: &Vector) -> f64 {
        (a - &self.penalised.solution).norm() / self.penalised.solution.norm()
    }

    /// The μ with ∇f(a) = -μ a, if there is one.
    pub(crate) fn multiplier(&self, a: &Vector) -> f64 {
        -self.constrained.slope(a).dot(a) / a.norm_squared()
    }

    pub(crate) fn excess(&self, a: &Vector) -> f64 {
        self.constrained.value(a) / self.constrained.value(&self.penalised.solution) - 1.0
    }

    /// Of both, together.
    pub(crate) fn nonzeros(&self, a: &Vector) -> f64 {
        let count = |a: &Vector| a.iter().filter(|number| **number != 0.0).count();
        (count(&self.penalised.solution) + count(a)) as f64
    }
}

/// XᵀX = [[5, 2], [2, 1]], Xᵀy = (5.2, 2.1), t = 1.12.
pub(crate) fn counterexample(start: [f64; 2]) -> L1Constrained {
    L1Constrained {
        name: "XᵀX = [[5, 2], [2, 1]], Xᵀy = (5.2, 2.1)".into(),
        gram: Matrix::from_row_slice(2, 2, &[5.0, 2.0, 2.0, 1.0]),
        products: Vector::from_vec(vec![5.2, 2.1]),
        // X = [[2, 1], [1, 0]], y = (2.1, 1)
        square: 2.1 * 2.1 + 1.0,
        radius: 1.12,
        rule: Rule::Radial,
        step: 1.0,
        start: Vector::from_vec(start.to_vec()),
    }
}

pub(crate) const STARTS: [[f64; 2]; 3] = [[0.0, 0.0], [0.9, 0.2], [0.5, 0.6]];
