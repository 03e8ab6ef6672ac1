//! Exact line searches as an ability of the oracle.

use theoria_models::Vector;
use theoria_models::oracle::Oracle;
use theoria_models::point::Point;

/// Exact line searches along the gradient.
///
/// For vectors it is a search. For symbolic points there is nothing to compute: the oracle answers with
/// a new point, and records what an exact search means, that the gradient there is orthogonal to the
/// gradient before and to the step.
#[diagnostic::on_unimplemented(
    message = "`{Self}` gives no exact line search for these points",
    label = "the method asks this for the least point along a ray",
    note = "everything that gives gradients at vectors can be searched along a ray; for ensembles of \
            trials `Armijo` shares its search"
)]
pub trait LineSearch<P: Point>: Oracle<P> {
    /// Replaces `at` by the point z = at - h ∇f(at), h >= 0, at which f is least, for convex f: there
    /// ∇f(z) is orthogonal to ∇f(at). `gradient` is ∇f(at), `guess` where to look for h first.
    ///
    /// Gives h; none if the point stays, because the gradient vanishes, or if h is no number.
    fn search_along(&self, gradient: &P, guess: Option<P::Scalar>, at: &mut P)
    -> Option<P::Scalar>;
}

/// The best h is where the slope along the ray vanishes; it is found by bracketing and the Illinois form
/// of regula falsi, which on a quadratic needs a single step.
impl<O: Oracle<Vector> + ?Sized> LineSearch<Vector> for O {
    fn search_along(&self, gradient: &Vector, guess: Option<f64>, at: &mut Vector) -> Option<f64> {
        let steepness = gradient.norm_squared();
        if steepness == 0.0 {
            return None;
        }
        let (mut trial, mut there) = (at.clone(), at.zero_like());
        // The slope of h ↦ f(x - h ∇f(x)): -|∇f(x)|² at 0, increasing for convex f.
        let mut slope = |h: f64| {
            trial.copy_from(at);
            trial.axpy(-h, gradient, 1.0);
            self.gradient(&trial, &mut there);
            -there.dot(gradient)
        };
        let step_size = root(&mut slope, -steepness, guess.unwrap_or(1.0));
        at.axpy(-step_size, gradient, 1.0);
        Some(step_size)
    }
}

/// Doublings and refinements of a search; each is far more than double precision needs.
const SEARCHES: usize = 200;

/// The zero of an increasing function with value `at_zero` < 0 at 0; `guess` is where to look first.
fn root(slope: &mut impl FnMut(f64) -> f64, at_zero: f64, guess: f64) -> f64 {
    let (mut low, mut at_low) = (0.0, at_zero);
    let (mut high, mut at_high) = (guess, slope(guess));
    for _ in 0..SEARCHES {
        if at_high >= 0.0 || !at_high.is_finite() {
            break;
        }
        (low, at_low) = (high, at_high);
        high *= 2.0;
        at_high = slope(high);
    }
    let mut last_side = 0;
    for _ in 0..SEARCHES {
        let middle = low - at_low * (high - low) / (at_high - at_low);
        if !(low < middle && middle < high) {
            break;
        }
        let here = slope(middle);
        if here.abs() <= 4.0 * f64::EPSILON * at_zero.abs() {
            return middle;
        }
        // Illinois: an end that stays twice counts half.
        if here < 0.0 {
            (low, at_low) = (middle, here);
            if last_side == -1 {
                at_high /= 2.0;
            }
            last_side = -1;
        } else {
            (high, at_high) = (middle, here);
            if last_side == 1 {
                at_low /= 2.0;
            }
            last_side = 1;
        }
    }
    if at_high.is_finite() && at_high.abs() < at_low.abs() { high } else { low }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_slope_vanishes_at_the_step_that_is_found(
            curvature in 1e-3..1e3f64, cubic in 0.0..10.0f64, guess in 1e-4..1e4f64,
        ) {
            let mut slope = |h: f64| -1.0 + curvature * h + cubic * h * h * h;
            let h = root(&mut slope, -1.0, guess);
            prop_assert!(slope(h).abs() < 1e-12, "{h} {}", slope(h));
        }
    }
}
