//! The silver step-size schedule.

/// Step size, in units of 1/L, of step k = 0, 1, 2 ... of gradient descent with silver steps
/// (Altschuler, Parrilo 2024, "Acceleration by stepsize hedging II"): 1 + ρ^(ν-1) with the silver
/// ratio ρ = 1 + √2 and ν the number of times that 2 divides k + 1.
///
/// After N = 2^m - 1 steps on a convex L-smooth function f(x_N) - f* is O(N^(-1.2716)), the exponent
/// being log2 of ρ.
///
/// ```
/// use theoria_algorithms::silver_step;
/// assert!((silver_step(0) - 2f64.sqrt()).abs() < 1e-15);
/// assert_eq!(silver_step(1), 2.0);
/// assert_eq!(silver_step(2), silver_step(0));
/// ```
pub fn silver_step(step: usize) -> f64 {
    let silver_ratio = 1.0 + 2f64.sqrt();
    let exponent = (step + 1).trailing_zeros() as i32 - 1;
    1.0 + silver_ratio.powi(exponent)
}
