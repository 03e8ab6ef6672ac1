//! Runs of gradient descent from close to the minimiser (2, 1/2) of (xy − 1)²/2, by the step size times its sharpness.

use theoria_algorithms::{GradientDescent, Trajectory};
use theoria_models::Vector;
use theoria_models::networks::ScalarChain;
use theoria_verification::{Case, Check, Claim, Curve, Family, Hypothesis, Reading};

/// A minimiser of xy = 1.
const MINIMISER: [f64; 2] = [2.0, 0.5];

/// The names of the hypotheses.
pub(crate) const BELOW_THE_EDGE: &str = "η s < 2";
pub(crate) const BEYOND_THE_EDGE: &str = "η s > 2";

/// η s along the slider.
const PRODUCTS: [f64; 20] = [
    0.1, 0.3, 0.5, 0.7, 0.9, 1.1, 1.3, 1.5, 1.6, 1.7, 1.8, 1.9, 1.95, 1.99, 2.0, 2.01, 2.05, 2.1,
    2.2, 2.5,
];
/// The number of the one that is shown first, from 0.
pub(crate) const FIRST: usize = 11;

/// The step size that makes this product with the sharpness of the minimiser.
fn step_size(product: f64) -> f64 {
    product / ScalarChain::new(2).sharpness(&Vector::from_row_slice(&MINIMISER))
}

/// |xy − 1| along gradient descent from close to the minimiser, by η times the sharpness.
pub(crate) fn residuals(product: f64, steps: usize) -> Vec<f64> {
    let start = Vector::from_row_slice(&MINIMISER).map(|w| w * (1.0 + 1e-8));
    let method = GradientDescent::new(step_size(product));
    let run = Trajectory::of(method, &ScalarChain::new(2), &start, steps);
    run.points().iter().map(|w| (w.product() - 1.0).abs()).collect()
}

fn at(product: f64) -> String {
    let ([x, y], step) = (MINIMISER, step_size(product));
    format!("({x:.4}, {y:.4}), η = {step:.4}, η times sharpness {product}")
}

/// By η times the sharpness of the minimiser.
pub(crate) fn minimisers<const N: usize>(name: &str, products: [f64; N]) -> Family<Case<f64>> {
    Family::cases(name, products, |&product| at(product))
}

/// On both sides of the edge, and at it.
pub(crate) fn along() -> Family<Case<f64>> {
    Family::along("step sizes along the slider", PRODUCTS, |product| {
        Case::new(at(product), product)
    })
}

pub(crate) fn close() -> Hypothesis<Case<f64>> {
    let why = "every run starts at 1 + 10⁻⁸ times the minimiser (2, 1/2)";
    Hypothesis::by_construction("start close to a minimiser", why)
}

/// `share` is 1 in the theorem.
pub(crate) fn returns(name: &str, formula: &str, share: f64) -> Claim<Case<f64>> {
    let below = Hypothesis::new(BELOW_THE_EDGE, |at: &Case<f64>, _| {
        Check::that(**at < 2.0, format!("η s = {}", **at))
    });
    Claim::bound(name, formula).assuming([close(), below]).experiment(move |at: &Case<f64>| {
        let residuals = residuals(at.value, 200);
        let reading = |k: usize| Reading::new(residuals[k], 4.0 * f64::EPSILON);
        Curve::over(1..=200, reading, |_| share * residuals[0])
    })
}

/// As long as the deviation is small.
pub(crate) fn escapes(name: &str) -> Claim<Case<f64>> {
    let formula = "|x_k y_k − 1| ≥ |x₀y₀ − 1| and growing, until it is 10⁻³";
    let beyond = Hypothesis::new(BEYOND_THE_EDGE, |at: &Case<f64>, _| {
        Check::that(**at > 2.0, format!("η s = {}", **at))
    });
    let claim = Claim::lower_bound(name, formula).assuming([close(), beyond]);
    claim.tight_to(0.95).experiment(|at: &Case<f64>| {
        let residuals = residuals(at.value, 400);
        let small = residuals.iter().take_while(|residual| **residual <= 1e-3).count();
        let reading = |k: usize| Reading::new(residuals[k], 4.0 * f64::EPSILON);
        Curve::over(1..small, reading, |k| residuals[k - 1])
    })
}
