//! Steps and noise near a solution, and what they are to first order.

use theoria_algorithms::{AlternatingLeastSquares, GradientDescent, Method, ScaledGradientDescent};
use theoria_elementary::sin;
use theoria_models::objectives::Completion;
use theoria_models::{Matrix, Svd, Vector};

use super::incomplete::Incomplete;

/// Steps over which linearised ones are followed.
pub(crate) const FOLLOWED: usize = 40;
/// Size of the error of the start, relative to the factors: its square does not count.
pub(crate) const SMALL: f64 = 1e-7;

/// Plain gradient descent, or the scaled one.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Steps {
    Plain,
    Scaled,
}

/// A point near the solution, apart in all directions alike.
fn nearby(at: &Incomplete, size: f64) -> Vector {
    let x = at.solution();
    let apart = Vector::from_fn(x.len(), |i, _| sin(1.0 + i as f64 * 2.399_963));
    &x + apart * (size * x.amax())
}

/// |Z_k − M| of so many steps from an error of this size.
pub(crate) fn errors(
    at: &Incomplete,
    steps: Steps,
    step_size: f64,
    size: f64,
    count: usize,
) -> Vec<f64> {
    let (loss, truth) = (at.loss(), at.truth());
    let mut x = nearby(at, size);
    let mut plain = GradientDescent::new(step_size);
    let mut scaled = ScaledGradientDescent::new(step_size);
    let mut errors = Vec::new();
    for _ in 0..=count {
        errors.push((loss.matrix(&x) - &truth).norm());
        match steps {
            Steps::Plain => plain.step(&loss, &mut x),
            Steps::Scaled => scaled.step(&loss, &mut x),
        }
    }
    errors
}

/// J₀, JᵀJ or P⁻¹JᵀJ, and a step size that suits it.
pub(crate) fn linear_parts(at: &Incomplete, steps: Steps) -> (Matrix, Matrix, f64) {
    let (n, r, m) = at.sizes();
    let x = at.solution();
    let seen = at.loss().jacobian(&x);
    let all: Vec<_> = (0..n).flat_map(|i| (0..m).map(move |j| (i, j))).collect();
    let whole = Completion::of(&at.truth(), r, &all).jacobian(&x);
    let mut gram = seen.tr_mul(&seen);
    if steps == Steps::Scaled {
        let (first, second) = at.loss().factors(&x);
        let of_rows = (&second * second.transpose()).try_inverse();
        let of_columns = first.tr_mul(&first).try_inverse();
        if let (Some(of_rows), Some(of_columns)) = (of_rows, of_columns) {
            let mut inverse = Matrix::zeros(x.len(), x.len());
            for block in 0..n + m {
                let part = if block < n { &of_rows } else { &of_columns };
                inverse.view_mut((block * r, block * r), (r, r)).copy_from(part);
            }
            gram = inverse * gram;
        }
    }
    // At most 2 where the gradient is scaled, and twice the largest singular value where not.
    let largest = Svd::of(&at.truth()).values().max();
    let step_size = if steps == Steps::Scaled { 0.5 } else { 0.5 / largest };
    (whole, gram, step_size)
}

/// |J₀ e_k| of the linearised steps.
pub(crate) fn linear_errors(at: &Incomplete, steps: Steps, longer: f64) -> Vec<f64> {
    let (whole, gram, step_size) = linear_parts(at, steps);
    let mut error = nearby(at, SMALL) - at.solution();
    (0..=FOLLOWED)
        .map(|_| {
            let seen = (&whole * &error).norm();
            error -= &gram * &error * (longer * step_size);
            seen
        })
        .collect()
}

/// |J₀ J⁺|², singular values that are rounding left out.
pub(crate) fn amplification(at: &Incomplete) -> f64 {
    let (whole, ..) = linear_parts(at, Steps::Plain);
    let seen = Svd::of(&at.loss().jacobian(&at.solution()));
    let negligible = 1e3 * seen.rounding();
    let inverse = seen.with_values(|s| if s > negligible { 1.0 / s } else { 0.0 });
    (whole * inverse.transpose()).norm_squared()
}

/// The sum over the seen entries of |Z − M|²/σ² where that entry alone is off by σ: noise that is independent adds up.
pub(crate) fn disturbed_one_by_one(at: &Incomplete) -> f64 {
    let truth = at.truth();
    let size = DISTURBED * truth.amax();
    let error = |entry: &(usize, usize)| {
        let mut disturbed = truth.clone();
        disturbed[*entry] += size;
        let loss = Completion::of(&disturbed, at.sizes().1, &at.seen);
        let mut x = at.solution();
        for _ in 0..SWEEPS {
            AlternatingLeastSquares.step(&loss, &mut x);
        }
        (loss.matrix(&x) - &truth).norm_squared() / size.powi(2)
    };
    at.seen.iter().map(error).sum()
}

/// How far an entry is off, relative to the largest.
const DISTURBED: f64 = 1e-6;
/// Sweeps of alternating least squares after which it has arrived.
const SWEEPS: usize = 200;
