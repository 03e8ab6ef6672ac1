//! Three columns of which the third is correlated with the other two.

use theoria_models::objectives::Lasso;
use theoria_models::{Matrix, Vector};
use theoria_references::basis_pursuit;
use theoria_verification::{Case, Check, Claim, Family, Hypothesis, Reading};

/// Three columns of norm 1 with products 0, p, p; y is the sum of the first two.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Correlated {
    p: f64,
    weight: f64,
}

impl Correlated {
    fn features(self) -> Matrix {
        let p = self.p;
        let rest = (1.0 - 2.0 * p * p).sqrt();
        Matrix::from_row_slice(3, 3, &[1.0, 0.0, p, 0.0, 1.0, p, 0.0, 0.0, rest])
    }

    pub(crate) fn third(self) -> f64 {
        let p = self.p;
        self.weight * (2.0 * p - 1.0).max(0.0) / (2.0 * (1.0 - 2.0 * p * p))
    }

    fn targets(self) -> Vector {
        self.features() * Vector::from_vec(vec![1.0, 1.0, 0.0])
    }

    /// Up to here the first two coefficients are positive.
    fn largest_weight(self) -> f64 {
        let p = self.p;
        2.0 * ((1.0 - 2.0 * p * p) / (1.0 - p)).min(1.0)
    }
}

/// Correlations and weights.
pub(crate) fn correlated<const N: usize>(pairs: [(f64, f64); N]) -> Family<Case<Correlated>> {
    let cases = pairs.map(|(p, weight)| Correlated { p, weight });
    Family::cases("three columns", cases, |at| format!("p = {}, λ = {}", at.p, at.weight))
}

fn possible() -> Hypothesis<Case<Correlated>> {
    Hypothesis::new("0 ≤ p < 1/√2", |at: &Case<Correlated>, _| {
        let inside = at.p >= 0.0 && 2.0 * at.p * at.p < 1.0;
        Check::that(inside, format!("p = {}, 1/√2 = {:.6}", at.p, 0.5f64.sqrt()))
    })
}

fn small() -> Hypothesis<Case<Correlated>> {
    Hypothesis::new("small weight", |at: &Case<Correlated>, _| {
        Check::at_most(at.weight, at.largest_weight(), "λ, 2 min{1, (1 − 2p²)/(1 − p)}")
    })
}

fn coefficient(claim: Claim<Case<Correlated>>) -> Claim<Case<Correlated>> {
    claim.assuming([possible(), small()]).measuring([3usize], |at: &Case<Correlated>, once| {
        let lasso = Lasso::new(at.features(), at.targets(), at.weight);
        once.read(|_| Reading::new(lasso.solve().0[2], 1e-15))
    })
}

pub(crate) fn third(name: &str) -> Claim<Case<Correlated>> {
    coefficient(Claim::identity(name, "a_3 = λ max{2p − 1, 0}/(2(1 − 2p²))", 1e-9))
        .predicting(|at, _| at.third())
}

pub(crate) fn safe(name: &str, formula: &str) -> Claim<Case<Correlated>> {
    coefficient(Claim::identity(name, formula, 1e-9)).predicting(|_, _| 0.0)
}

pub(crate) fn least_norm() -> Claim<Case<Correlated>> {
    Claim::identity("least_norm_is_right", "of the least l1 norm with Xa = y: |a − a_0|₁ = 0", 1e-9)
        .assuming([possible()])
        .on(correlated([(0.3, 0.1), (0.55, 0.1), (0.6, 0.1), (0.65, 0.1)]))
        .measuring([0.0], |at: &Case<Correlated>, once| {
            let truth = Vector::from_vec(vec![1.0, 1.0, 0.0]);
            let off = basis_pursuit(&at.features(), &at.targets())
                .map_or(f64::INFINITY, |found| (found.minimiser - truth).lp_norm(1));
            once.read(|_| Reading::new(off, 1e-11))
        })
        .predicting(|_, _| 0.0)
}
