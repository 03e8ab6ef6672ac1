//! How the strength u of a mode grows towards s when a deep linear network learns it.

use theoria_elementary::{exp, ln};
use theoria_models::numerics::simpson;

/// The solution of u' = speed u (s - u).
pub(crate) fn sigmoid(speed: f64, s: f64, at_start: f64, t: f64) -> f64 {
    s / (1.0 + (s / at_start - 1.0) * exp(-speed * s * t))
}

/// When that solution is s/2: log((s - u₀)/u₀) / (speed s).
pub(crate) fn time_to_half(speed: f64, s: f64, at_start: f64) -> f64 {
    ln(s / at_start - 1.0) / (speed * s)
}

/// The time in which u' = N u^(2 - 2/N) (s - u) leads from `at_start` to `u`: with u = exp(N x), the integral of
/// exp((2 - N) x)/(s - u).
pub(crate) fn time_to(u: f64, s: f64, at_start: f64, depth: usize) -> f64 {
    let n = depth as f64;
    let speed = |x: f64| exp((2.0 - n) * x) / (s - exp(n * x));
    simpson(ln(at_start) / n, ln(u) / n, 500, speed)
}
