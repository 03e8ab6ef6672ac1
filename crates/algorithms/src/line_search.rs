//! Exact line searches as an ability of the oracle.

use theoria_models::numerics::DoubleDouble;
use theoria_models::oracle::Oracle;
use theoria_models::point::{InnerProduct, Point, Scalar};
use theoria_models::{PreciseObjective, Vector, Wide};

use crate::range::is_finite;

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

impl<O: Oracle<Vector> + ?Sized> LineSearch<Vector> for O {
    fn search_along(&self, gradient: &Vector, guess: Option<f64>, at: &mut Vector) -> Option<f64> {
        search(self, gradient, guess, at)
    }
}

impl LineSearch<Wide> for dyn PreciseObjective + '_ {
    fn search_along(
        &self,
        gradient: &Wide,
        guess: Option<DoubleDouble>,
        at: &mut Wide,
    ) -> Option<DoubleDouble> {
        search(self, gradient, guess, at)
    }
}

/// The best h is where the slope along the ray vanishes; it is found by bracketing and the Illinois form
/// of regula falsi, which on a quadratic needs a single step.
fn search<P, O>(oracle: &O, gradient: &P, guess: Option<P::Scalar>, at: &mut P) -> Option<P::Scalar>
where
    P: InnerProduct<Product = <P as Point>::Scalar>,
    O: Oracle<P> + ?Sized,
{
    let steepness = gradient.inner_product(gradient);
    if steepness == 0.0.into() {
        return None;
    }
    let (mut trial, mut there) = (at.clone(), at.zero_like());
    // The slope of h ↦ f(x - h ∇f(x)): -|∇f(x)|² at 0, increasing for convex f.
    let mut slope = |h: P::Scalar| {
        trial.clone_from(at);
        trial.axpy(-h, gradient);
        oracle.gradient(&trial, &mut there);
        -there.inner_product(gradient)
    };
    let resolved = P::Scalar::from(4.0 * P::ROUNDOFF) * steepness.clone();
    let step_size = root(&mut slope, -steepness, guess.unwrap_or(1.0.into()), &resolved);
    at.axpy(-step_size.clone(), gradient);
    Some(step_size)
}

/// Doublings and refinements of a search; each is far more than thirty digits need.
const SEARCHES: usize = 200;

/// The zero of an increasing function with value `at_zero` < 0 at 0; `guess` is where to look first, and values up to
/// `resolved` are zero.
pub(crate) fn root<S: Scalar>(
    slope: &mut impl FnMut(S) -> S,
    at_zero: S,
    guess: S,
    resolved: &S,
) -> S {
    let (zero, two) = (S::from(0.0), S::from(2.0));
    let (mut low, mut at_low) = (zero.clone(), at_zero);
    let (mut high, mut at_high) = (guess.clone(), slope(guess));
    for _ in 0..SEARCHES {
        if at_high >= zero || !is_finite(&at_high) {
            break;
        }
        (low, at_low) = (high.clone(), at_high);
        high = high * two.clone();
        at_high = slope(high.clone());
    }
    let mut last_side = 0;
    for _ in 0..SEARCHES {
        let width = high.clone() - low.clone();
        let middle = low.clone() - at_low.clone() * width / (at_high.clone() - at_low.clone());
        if !(low < middle && middle < high) {
            break;
        }
        let here = slope(middle.clone());
        if absolute(&here) <= *resolved {
            return middle;
        }
        // Illinois: an end that stays twice counts half.
        if here < zero {
            (low, at_low) = (middle, here);
            if last_side == -1 {
                at_high = at_high / two.clone();
            }
            last_side = -1;
        } else {
            (high, at_high) = (middle, here);
            if last_side == 1 {
                at_low = at_low / two.clone();
            }
            last_side = 1;
        }
    }
    if is_finite(&at_high) && absolute(&at_high) < absolute(&at_low) { high } else { low }
}

fn absolute<S: Scalar>(value: &S) -> S {
    if *value < S::from(0.0) { -value.clone() } else { value.clone() }
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
            let h = root(&mut slope, -1.0, guess, &(4.0 * f64::EPSILON));
            prop_assert!(slope(h).abs() < 1e-12, "{h} {}", slope(h));
        }
    }
}
