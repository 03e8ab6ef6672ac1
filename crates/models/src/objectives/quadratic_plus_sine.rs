//! The standard example of PL without convexity.

mod samples;

use std::sync::LazyLock;

use crate::numerics::bisect;
use crate::trigonometry::sines;
use crate::{Constant, Ensemble, Minimum, Objective, Vector};
use theoria_elementary::{cos, sin};

/// f(x) = x² + 3 sin² x on R: not convex, one critical point, PL (Karimi, Nutini, Schmidt 2016).
///
/// f'' = 2 + 6 cos 2x, so L = 8. The PL constant is the infimum of f'²/(2f), attained at
/// x = 2.2017 with value 0.17553 (the 1/32 in circulation is safe but loose). It is certified from
/// below by an interval search over [0.1, 20]; nearer to 0, f' >= 8x - 4x³ and f <= 4x² give at
/// least 7.9, and beyond 20, |f'| >= 2|x| - 3 and f <= x² + 3 give at least 1.6.
///
/// ```
/// use theoria_models::{Objective, objectives::QuadraticPlusSine};
/// assert_eq!(QuadraticPlusSine.smoothness().unwrap().value, 8.0);
/// let mu = QuadraticPlusSine.lojasiewicz().unwrap().value;
/// assert!(0.1755 < mu && mu < 0.1756, "1/32, often quoted, is safe but loose");
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct QuadraticPlusSine;

impl QuadraticPlusSine {
    fn at(x: f64) -> f64 {
        x * x + 3.0 * sin(x).powi(2)
    }

    fn slope(x: f64) -> f64 {
        2.0 * x + 3.0 * sin(2.0 * x)
    }

    /// A lower bound of f'²/(2f) on [centre - radius, centre + radius], for 0 < radius < centre:
    /// f' changes by at most 8 a unit, and f is largest at the right end, for where this bound is
    /// positive on every interval f' has no zero.
    fn ratio_from_below(centre: f64, radius: f64) -> f64 {
        let slope = (Self::slope(centre).abs() - 8.0 * radius).max(0.0);
        slope * slope / (2.0 * Self::at(centre + radius))
    }

    /// Whether the ratio is at least `target` on [0.1, 20]: intervals on which the bound falls
    /// below it are halved until none is left, or one is too short to go on.
    fn certifies(target: f64) -> bool {
        let mut pending = vec![(0.1, 20.0)];
        while let Some((low, high)) = pending.pop() {
            let (centre, radius) = (f64::midpoint(low, high), (high - low) / 2.0);
            if Self::ratio_from_below(centre, radius) < target {
                if radius < 1e-9 {
                    return false;
                }
                pending.extend([(low, centre), (centre, high)]);
            }
        }
        true
    }
}

/// Found by bisection on what the interval search can certify.
static LOJASIEWICZ: LazyLock<f64> = LazyLock::new(|| {
    let (certified, _) = bisect(1.0 / 32.0, 1.0, 1e-9, QuadraticPlusSine::certifies);
    certified
});

impl Objective for QuadraticPlusSine {
    fn describe(&self) -> String {
        "x² + 3 sin² x".into()
    }

    fn dimension(&self) -> usize {
        1
    }

    fn value(&self, x: &Vector) -> f64 {
        Self::at(x[0])
    }

    fn gradient_into(&self, x: &Vector, into: &mut Vector) {
        into[0] = Self::slope(x[0]);
    }

    fn gradient_block(&self, at: &Ensemble, into: &mut Ensemble) {
        let doubled: Vec<f64> = at.coordinate(0).iter().map(|x| 2.0 * x).collect();
        let slopes = into.coordinate_mut(0).iter_mut().zip(&doubled);
        for ((slope, doubled), sine) in slopes.zip(sines(&doubled)) {
            *slope = doubled + 3.0 * sine;
        }
    }

    fn value_block(&self, at: &Ensemble, into: &mut [f64]) {
        let x = at.coordinate(0);
        for ((value, x), sine) in into.iter_mut().zip(x).zip(sines(x)) {
            *value = x * x + 3.0 * sine * sine;
        }
    }

    fn hessian_vector(&self, x: &Vector, direction: &Vector) -> Option<Vector> {
        Some(direction * (2.0 + 6.0 * cos(2.0 * x[0])))
    }

    fn rounding(&self, x: &Vector) -> f64 {
        16.0 * f64::EPSILON * self.value(x)
    }

    fn smoothness(&self) -> Option<Constant> {
        Some(Constant::exact(8.0))
    }

    fn lojasiewicz(&self) -> Option<Constant> {
        Some(Constant::certified(*LOJASIEWICZ))
    }

    fn minimum(&self) -> Option<Minimum> {
        Some(Minimum::exact(0.0))
    }

    fn nearest_minimiser(&self, _x: &Vector) -> Option<Vector> {
        Some(Vector::zeros(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lojasiewicz_constant_is_the_infimum_of_the_ratio() {
        let certified = QuadraticPlusSine.lojasiewicz().unwrap().value;
        let seen = (1..200_000)
            .map(|i| f64::from(i) * 1e-4)
            .map(|x| QuadraticPlusSine::slope(x).powi(2) / (2.0 * QuadraticPlusSine::at(x)))
            .fold(f64::INFINITY, f64::min);
        assert!(certified <= seen && seen < certified * (1.0 + 1e-6), "{certified} {seen}");
        assert!((seen - 0.17553).abs() < 1e-5);
    }
}
