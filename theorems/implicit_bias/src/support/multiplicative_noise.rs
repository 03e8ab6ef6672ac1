//! SGD near a minimiser that all samples share: products of random factors.

use theoria_models::flatness::FactorLaw;
use theoria_models::objectives::RandomCurvatures;

/// The law of 1 − η a_i for uniform i.
///
/// # Panics
/// If η is not finite.
pub(crate) fn factors(curvatures: &RandomCurvatures, step: f64) -> FactorLaw {
    FactorLaw::uniform(curvatures.factors(step)).unwrap_or_else(|error| panic!("{error}"))
}

/// The smallest step size η at which E log|1 − η a_i| rises to 0, to rounding.
///
/// # Panics
/// If it does not rise to 0 up to 10 over the mean curvature.
pub(crate) fn lyapunov_threshold(curvatures: &RandomCurvatures) -> f64 {
    let unstable = |step: f64| factors(curvatures, step).lyapunov_exponent() >= 0.0;
    let stride = 1e-3 / curvatures.mean();
    let Some(first) = (1..10_000).find(|k| unstable(f64::from(*k) * stride)) else {
        panic!("single samples are stable at every step size");
    };
    let mut high = f64::from(first) * stride;
    let mut low = high - stride;
    while high - low > 4.0 * f64::EPSILON * high {
        let middle = low + (high - low) / 2.0;
        if unstable(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    low
}
