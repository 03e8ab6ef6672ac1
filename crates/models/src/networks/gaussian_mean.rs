//! Means under the standard normal law.

use std::f64::consts::PI;

use theoria_elementary::exp;

/// exp(-z²/2) is below 1e-20 of its maximum beyond.
const REACH: f64 = 9.6;

/// E f(z) for a standard normal z, by the trapezoidal rule with this step on |z| <= 9.6.
///
/// For f analytic in a strip about the real line the error falls like exp(-2π·width/step)
/// (Trefethen, Weideman 2014), so that 100 points give all digits; f must grow less than
/// exponentially. For a kink at 0 the error is of the order of step².
///
/// ```
/// let fourth = theoria_models::networks::gaussian_mean(|z| z.powi(4), 0.25);
/// assert!((fourth - 3.0).abs() < 1e-13);
/// ```
///
/// # Panics
/// If `step` is not positive.
pub fn gaussian_mean(f: impl Fn(f64) -> f64, step: f64) -> f64 {
    assert!(step > 0.0, "the step is positive");
    let points = (REACH / step).ceil() as i32;
    let (mut sum, mut weights) = (0.0, 0.0);
    for i in -points..=points {
        let z = f64::from(i) * step;
        let weight = exp(-z * z / 2.0);
        sum += weight * f(z);
        weights += weight;
    }
    sum / weights
}

/// The step with which the error of a function whose nearest pole, of order 4 at most, is at
/// i·`distance` is below 1e-17.
pub(super) fn step_for_pole(distance: f64) -> f64 {
    (2.0 * PI * distance / 60.0).min(0.25)
}
