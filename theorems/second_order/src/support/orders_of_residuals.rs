//! How fast Newton's method is whose systems are solved up to a residual: claims of the factor and of the order.

use theoria_elementary::exp;
use theoria_verification::{Claim, Readings};

use super::newton_with_residuals::{Residual, arrives, curved, lipschitz, no_faster_than_squares};

/// Steps at most; with a constant η each halves the gradient at least.
const STEPS: usize = 60;
/// Rounding.
const WHOLE: f64 = 1e-12;
/// Logarithms of gradients are off the line by a constant, and the last of them are some hundreds.
const ORDER: f64 = 1e-2;

pub(crate) fn factor(name: &str) -> Claim<Residual> {
    Claim::identity(name, "|g_{n+1}|/|g_n| → η", WHOLE)
        .assuming([curved(), arrives(STEPS)])
        .measuring_each(|it: &Residual| {
            let seen = match *it.logarithms(STEPS) {
                [.., before, last] => exp(last - before),
                _ => f64::NAN,
            };
            Readings::at(STEPS, seen)
        })
        .predicting(|it, _| it.factor())
}

pub(crate) fn limit(order: &str) -> String {
    format!("log(|g_{{n+1}}|/|g_n|)/log(|g_n|/|g_{{n−1}}|) → {order}")
}

/// The order that the last three gradients show, against what the formula says.
pub(crate) fn order(name: &str, formula: &str, told: fn(&Residual) -> f64) -> Claim<Residual> {
    Claim::identity(name, formula, ORDER)
        .assuming([curved(), lipschitz(), arrives(STEPS), no_faster_than_squares(STEPS)])
        .measuring_each(|it: &Residual| {
            let seen = match *it.logarithms(STEPS) {
                [.., a, b, c] => (c - b) / (b - a),
                _ => f64::NAN,
            };
            Readings::at(1, seen)
        })
        .predicting(move |it, _| told(it))
}
