//! x⁴/4 − x² + 2x, on which Newton's method may cycle for ever although there is one critical point.

use nalgebra::DVector;
use theoria_algorithms::{DampedNewton, Method, Newton};
use theoria_models::numerics::bisect;
use theoria_models::point::{Point, Scalar};
use theoria_models::{OneVariable, Vector};

/// The function in any numbers.
pub(crate) fn trapping_quartic<S: Scalar>() -> OneVariable<S> {
    let two = || S::from(2.0);
    OneVariable::new(
        move |x: &S| {
            let square = x.clone() * x.clone();
            square.clone() * square.clone() / S::from(4.0) - square + two() * x.clone()
        },
        move |x: &S| x.clone() * x.clone() * x.clone() - two() * x.clone() + two(),
        move |x: &S| S::from(3.0) * x.clone() * x.clone() - two(),
    )
}

/// x_n from x_0.
pub(crate) fn trapped_after<S: Scalar>(start: S, steps: usize) -> S
where
    DVector<S>: Point<Scalar = S>,
{
    let (f, mut newton) = (trapping_quartic(), Newton::default());
    let mut x = DVector::from_element(1, start);
    (0..steps).for_each(|_| newton.step(&f, &mut x));
    x[0].clone()
}

/// x_n from x_0 with backtracking (c = 10⁻⁴, b = 1/2).
pub(crate) fn freed_after(start: f64, steps: usize) -> f64 {
    let (f, mut damped) = (trapping_quartic(), DampedNewton::new(1e-4, 0.5));
    let mut x = Vector::from_element(1, start);
    (0..steps).for_each(|_| damped.step(&f, &mut x));
    x[0]
}

/// Where the interval around 0 from which the cycle attracts ends: on the right in an unstable cycle of two, on the left in a place that leads
/// into it.
pub(crate) fn ends() -> (f64, f64) {
    let (right, _) = bisect(0.1, 0.2, 0.0, |x| trapped_after(x, 2) < x);
    let beyond = trapped_after(right, 1);
    let (left, _) = bisect(-0.2, -0.1, 0.0, |x| trapped_after(x, 1) > beyond);
    (left, right)
}

/// The share of a grid of so many starts on [−3, 3] that are drawn to the cycle of 0 and 1.
pub(crate) fn share(starts: u32) -> f64 {
    let start = |i: u32| -3.0 + 6.0 * (f64::from(i) + 0.5) / f64::from(starts);
    let caught = |x: f64| x.abs().min((x - 1.0).abs()) < 1e-6;
    let count = (0..starts).filter(|i| caught(trapped_after(start(*i), 100))).count();
    count as f64 / f64::from(starts)
}
