//! Which critical points Newton's method comes to.

use nalgebra::DVector;
use theoria_algorithms::{Armijo, Method, Newton};
use theoria_models::numerics::bisect;
use theoria_models::oracle::TwiceDifferentiable;
use theoria_models::{Equation, Objective, Vector};

/// Newton's steps after which a run has arrived, or has not.
const STEPS: usize = 200;
/// A gradient of this length is none, nor an eigenvalue.
const NONE: f64 = 1e-8;
/// For descent, which sees values alone: they no longer tell below the root of a double's digits.
const NONE_BY_VALUES: f64 = 1e-5;

/// The number of negative eigenvalues of the Hessian, if this is a critical point where it is invertible.
fn index(f: &dyn Objective, x: &Vector, none: f64) -> Option<usize> {
    // False for NaN.
    let critical = f.gradient_at(x).norm() <= none;
    let hessian = f.hessian(x).filter(|_| critical)?;
    let eigenvalues = hessian.symmetric_eigenvalues();
    let invertible = eigenvalues.iter().all(|eigenvalue| eigenvalue.abs() > none);
    invertible.then(|| eigenvalues.iter().filter(|eigenvalue| **eigenvalue < 0.0).count())
}

/// Where Newton's method ends, with the index of the critical point.
pub(crate) fn newton_end(f: &dyn Objective, start: &Vector) -> Option<(Vector, usize)> {
    let oracle = TwiceDifferentiable::new(f, start).ok()?;
    let (mut newton, mut x) = (Newton::default(), start.clone());
    for _ in 0..STEPS {
        let before = x.clone();
        newton.step(&oracle, &mut x);
        if !x.norm().is_finite() || newton.stalled() {
            return None;
        }
        if (&x - before).norm() <= 1e-14 * x.norm() {
            break;
        }
    }
    index(f, &x, NONE).map(|index| (x, index))
}

/// The index of the critical point at which gradient descent with backtracking ends.
pub(crate) fn descent_end(f: &dyn Objective, start: &Vector) -> Option<usize> {
    let (mut armijo, mut x) = (Armijo::new(1.0, 1e-4, 0.5), start.clone());
    for _ in 0..2000 {
        if f.gradient_at(&x).norm() <= NONE_BY_VALUES {
            break;
        }
        armijo.step(f, &mut x);
    }
    index(f, &x, NONE_BY_VALUES)
}

/// The sum of the signs of det H over the critical points that are found from a grid of so many starts a side on [−width, width]².
pub(crate) fn sum_of_signs(f: &dyn Objective, side: u32, width: f64) -> i32 {
    let place = |i: u32| width * (2.0 * (f64::from(i) + 0.5) / f64::from(side) - 1.0);
    let mut found: Vec<(Vector, usize)> = Vec::new();
    for i in 0..side {
        for j in 0..side {
            let end = newton_end(f, &Vector::from_vec(vec![place(i), place(j)]));
            let new = |x: &Vector| found.iter().all(|(other, _)| (other - x).norm() > 1e-6);
            found.extend(end.filter(|(x, _)| new(x)));
        }
    }
    found.iter().map(|(_, index)| if index % 2 == 0 { 1 } else { -1 }).sum()
}

/// x_n on x⁴/4 − x²/2.
pub(crate) fn well_after(start: f64, steps: usize) -> f64 {
    let equation = Equation::new(|x: &f64| x * (x * x - 1.0), |x| 3.0 * x * x - 1.0);
    let (mut newton, mut x) = (Newton::default(), DVector::from_element(1, start));
    (0..steps).for_each(|_| newton.step(&equation, &mut x));
    x[0]
}

/// The shares of a grid of so many starts on [−2, 2] that end at the maximum, and at the minimum of the other sign.
pub(crate) fn well_shares(starts: u32) -> (f64, f64) {
    let start = |i: u32| -2.0 + 4.0 * (f64::from(i) + 0.5) / f64::from(starts);
    let ends: Vec<(f64, f64)> =
        (0..starts).map(|i| (start(i), well_after(start(i), 100))).collect();
    let share = |counts: fn(f64, f64) -> bool| {
        ends.iter().filter(|(x, end)| counts(*x, *end)).count() as f64 / f64::from(starts)
    };
    (share(|_, end| end.abs() < 0.5), share(|x, end| (end * x.signum() + 1.0).abs() < 1e-9))
}

/// Predicted for the latter: the intervals on which an odd number of changes of side leads beyond 1/√3.
pub(crate) fn other_side() -> f64 {
    let map = |x: f64| 2.0 * x.powi(3) / (3.0 * x * x - 1.0);
    let (inner, mut end) = (0.2f64.sqrt(), (1.0f64 / 3.0).sqrt());
    let mut total = 0.0;
    for change in 0..40 {
        // The map falls from −1/√5 to −∞ on the interval.
        let (next, _) = bisect(inner, (1.0f64 / 3.0).sqrt(), 0.0, |x| map(x) > -end);
        if change % 2 == 0 {
            total += end - next;
        }
        end = next;
    }
    total / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn share_of_the_other_side_is_what_the_page_says() {
        assert!((other_side() - 0.0572).abs() < 5e-5, "{}", other_side());
    }
}
