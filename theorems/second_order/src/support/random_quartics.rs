//! Random quartics, and quadratics, with starts.

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
