//! What rounding does to values of objectives that do not say so themselves.

use crate::{Objective, Vector};

/// A bound on the rounding error of `f.value(x)` for an objective of which only values, slopes and L are
/// known: what the terms of a formula in x can be, and what is seen.
///
/// *The terms.* A formula in x computes f(x) from numbers about as large as |f(0)|, |∇f(0)||x| and L|x|², the
/// parts of the expansion about 0, or |f(x)| and |x||∇f(x)|: each is off by a few ε times its size, also
/// where they cancel, as in x² − 2x + 1 near 1.
///
/// *What is seen.* Where a formula is anchored elsewhere (pieces that each start at a corner of their own),
/// its terms are unknown. Rounding then shows as [`scatter`].
pub(crate) fn of_value<F: Objective + ?Sized>(f: &F, x: &Vector) -> f64 {
    let (norm, origin) = (x.norm(), Vector::zeros(x.len()));
    let smoothness = f.smoothness().map_or(0.0, |l| l.value);
    let expansion = [
        f.gradient_at(x).norm() * norm,
        f.value(&origin).abs(),
        f.gradient_at(&origin).norm() * norm,
        smoothness * norm * norm,
    ];
    // The domain may not hold 0.
    let terms: f64 = expansion.into_iter().filter(|term| term.is_finite()).sum();
    let operations = 8.0 + x.len() as f64;
    operations * f64::EPSILON * (f.value(x).abs() + terms) + MARGIN * scatter(f, x)
}

/// The largest error that was not seen, as a multiple of the largest that was: those are a dozen samples.
const MARGIN: f64 = 16.0;

/// Steps at which scatter is looked for, as powers of two: from what is small against features of f, down
/// to what is small against terms that are themselves small.
const LARGEST_STEP: i32 = -20;
const SMALLEST_STEP: i32 = -68;

/// The largest deviation of a difference of values from the integral of the slope between the two points.
///
/// The integral is known from three slopes, by two rules; what they differ by, doubled, is taken off, for it
/// bounds the error of the first where the slope is smooth, or has one kink or one jump. What is left can
/// only be rounding.
fn scatter<F: Objective + ?Sized>(f: &F, x: &Vector) -> f64 {
    let size = x.norm().max(1.0);
    // A direction that no coordinate axis or lattice knows.
    let along = Vector::from_fn(x.len(), |i, _| 1.0 + (1.7 * i as f64).cos() / 2.0).normalize();
    let (here, slope_here) = (f.value(x), f.gradient_at(x));
    (SMALLEST_STEP..=LARGEST_STEP)
        .step_by(4)
        .map(|power| {
            let sign = if power % 8 == 0 { 1.37 } else { -1.37 };
            let ahead = x + &along * (sign * size * 2f64.powi(power));
            let middle = x + (&ahead - x) / 2.0;
            // As it was rounded.
            let step = &ahead - x;
            let slopes = [&slope_here, &f.gradient_at(&middle), &f.gradient_at(&ahead)]
                .map(|slope| slope.dot(&step));
            let trapezoid = (slopes[0] + slopes[2]) / 2.0;
            let simpson = (slopes[0] + 4.0 * slopes[1] + slopes[2]) / 6.0;
            let deviation = (f.value(&ahead) - here - trapezoid).abs();
            deviation - 2.0 * (trapezoid - simpson).abs()
        })
        .filter(|deviation| deviation.is_finite())
        .fold(0.0, f64::max)
}
