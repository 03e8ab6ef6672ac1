//! Steepest descent with exact line search.

use theoria_models::Vector;
use theoria_models::oracle::Oracle;

use crate::{Method, Scratch};

/// x ← x - h ∇f(x) with the h >= 0 that minimises f along the ray, for convex f (Cauchy 1847).
///
/// The best h is where the slope along the ray vanishes; it is found by bracketing and the Illinois
/// form of regula falsi, which on a quadratic needs a single step. It moves vectors only: the search
/// takes a different number of gradients for each trial, so nothing would be shared in a block.
///
/// ```
/// use theoria_algorithms::{ExactLineSearch, Method};
/// use theoria_models::{Vector, objectives::Quadratic};
///
/// let f = Quadratic::diagonal(&[5.0]);
/// let mut x = Vector::from_vec(vec![1.0]);
/// ExactLineSearch::default().step(&f, &mut x);
/// assert!(x[0].abs() < 1e-15);
/// ```
#[derive(Debug, Clone, Default)]
pub struct ExactLineSearch {
    step_size: Option<f64>,
    gradient: Scratch<Vector>,
    trial: Scratch<Vector>,
    slope: Scratch<Vector>,
}

/// Doublings and refinements of a search; each is far more than double precision needs.
const SEARCHES: usize = 200;

impl ExactLineSearch {
    /// The step size of the last step, if one was made.
    pub fn step_size(&self) -> Option<f64> {
        self.step_size
    }
}

impl<O: Oracle<Vector> + ?Sized> Method<Vector, O> for ExactLineSearch {
    fn step(&mut self, oracle: &O, x: &mut Vector) {
        let gradient = self.gradient.like(x);
        oracle.gradient(x, gradient);
        let steepness = gradient.norm_squared();
        if steepness == 0.0 {
            return;
        }
        let (trial, there) = (self.trial.like(x), self.slope.like(x));
        // The slope of h ↦ f(x - h ∇f(x)): -|∇f(x)|² at 0, increasing for convex f.
        let mut slope = |h: f64| {
            trial.copy_from(x);
            trial.axpy(-h, gradient, 1.0);
            oracle.gradient(trial, there);
            -there.dot(gradient)
        };
        let step_size = root(&mut slope, -steepness, self.step_size.unwrap_or(1.0));
        x.axpy(-step_size, gradient, 1.0);
        self.step_size = Some(step_size);
    }
}

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
