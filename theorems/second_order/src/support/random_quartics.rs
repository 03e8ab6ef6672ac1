//! Random quartics, and quadratics, with starts.

use theoria_elementary::sin_cos;
use theoria_models::objectives::TensorQuartic;
use theoria_models::{Matrix, Objective, Vector};
use theoria_verification::{Case, Draw, Family};

/// A quartic with a start.
pub(crate) type Started = (TensorQuartic, Vector);

pub(crate) fn random(draw: &mut Draw, weight: f64, dimension: usize) -> Started {
    let f = TensorQuartic::gaussian(weight, dimension, draw.generator());
    (f, Vector::from_fn(dimension, |_, _| draw.uniform(-2.0, 2.0)))
}

/// Without a cubic part, and with this share of the quartic one.
pub(crate) fn quadratics(name: &str, weight: f64) -> Family<Case<Started>> {
    Family::drawn(name, move |draw| {
        let d = draw.size(2..=5);
        let entries = Matrix::from_fn(d, d, |_, _| draw.normal());
        let f = TensorQuartic::new(
            weight,
            &vec![Matrix::zeros(d, d); d],
            &entries,
            Vector::from_fn(d, |_, _| draw.normal()),
        );
        let start = Vector::from_fn(d, |_, _| draw.uniform(-2.0, 2.0));
        let eigenvalues = f.hessian(&Vector::zeros(d)).map(|h| h.symmetric_eigenvalues());
        if eigenvalues.is_some_and(|e| e.min() < 0.0 && e.max() > 0.0) {
            draw.label("indefinite");
        }
        Case::new(f.describe(), (f, start))
    })
}

/// In the plane.
pub(crate) fn quartics(name: &str, weight: f64) -> Family<Case<Started>> {
    Family::drawn(name, move |draw| {
        let (f, x) = random(draw, weight, 2);
        Case::new(f.describe(), (f, x))
    })
}

/// x³/3 + y³/3 − a x − b y or the monkey saddle x³/3 − xy² − a x, turned: all critical points, two or four, are real but for those of the latter where
/// x = 0, and of length 2.5 at most.
pub(crate) fn cubics() -> Family<Case<Started>> {
    Family::drawn("turned cubics", |draw| {
        let (a, b) = (draw.uniform(0.3, 3.0), draw.uniform(0.3, 3.0));
        let (sine, cosine) = sin_cos(draw.uniform(0.0, 3.0));
        let turn = Matrix::from_row_slice(2, 2, &[cosine, -sine, sine, cosine]);
        // Of x³/3 + y³/3, and of x³/3 − xy².
        let (other, mixed, linear) = match draw.coin() {
            true => (2.0, 0.0, Vector::from_vec(vec![-a, -b])),
            false => (0.0, -2.0, Vector::from_vec(vec![-a, 0.0])),
        };
        let slices = [
            Matrix::from_row_slice(2, 2, &[2.0, 0.0, 0.0, mixed]),
            Matrix::from_row_slice(2, 2, &[0.0, mixed, mixed, other]),
        ];
        let turned: Vec<Matrix> = (0..2)
            .map(|i| {
                let slice = &slices[0] * turn[(i, 0)] + &slices[1] * turn[(i, 1)];
                &turn * slice * turn.transpose()
            })
            .collect();
        let f = TensorQuartic::new(0.0, &turned, &Matrix::zeros(2, 2), &turn * linear);
        let start = Vector::from_fn(2, |_, _| draw.uniform(-2.0, 2.0));
        Case::new(f.describe(), (f, start))
    })
}
