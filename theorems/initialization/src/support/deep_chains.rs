//! Scalar chains of many factors, all equal, and their limit as the depth grows.

use theoria_elementary::{ln, powf};
use theoria_models::numerics::bisect;
use theoria_verification::{Case, Check, Family, Hypothesis};

/// What the chains are to learn.
pub(crate) fn strengths() -> Family<Case<f64>> {
    Family::cases("strengths", [1.3f64, 1.7, 2.5], |s| format!("strength {s}"))
}

/// The chains start at 1.
pub(crate) fn beyond_the_start() -> Hypothesis<Case<f64>> {
    Hypothesis::new("s > 1", |s: &Case<f64>, _| Check::at_least(**s, 1.1, "strength of the target"))
}

/// The product of the factors at time 1, of a chain of L factors with step size 1/L², hence η = 1/L.
pub(crate) fn product_at_one(s: f64, depth: usize) -> f64 {
    let n = depth as f64;
    let w = (0..depth).fold(1.0f64, |w, _| {
        let before = powf(w, n - 1.0);
        w - before * (before * w - s) / (n * n)
    });
    powf(w, n)
}

/// u at time t of u' = u² (s − u) from 1, for s > 1: t = log(u (s − 1)/(s − u))/s² + (1 − 1/u)/s.
pub(crate) fn limit_at(s: f64, t: f64) -> f64 {
    let time = |u: f64| ln(u * (s - 1.0) / (s - u)) / (s * s) + (1.0 - 1.0 / u) / s;
    bisect(1.0, s, 0.0, |u| time(u) < t).0
}
