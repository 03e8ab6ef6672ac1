//! Functions of one variable on which the Polyak–Lojasiewicz inequality fails.

use crate::numerics::positive;
use crate::trigonometry::sines;
use crate::{Constant, Ensemble, Minimum, Objective, Vector};
use theoria_elementary::{cos, sin};

/// f(x) = x⁴ on R: one critical point, but |f'|²/(2f) = 8x² vanishes there, so PL fails for every mu
/// and gradient descent is slower than linear. It is 12 M²-smooth on [-M, M], which gradient descent
/// does not leave when it starts there with a step size of at most 1/(12 M²).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quartic {
    bound: f64,
}

impl Quartic {
    /// On [-bound, bound], bound positive.
    ///
    /// # Panics
    /// If the bound is not positive and finite.
    pub fn new(bound: f64) -> Self {
        positive(bound, "the bound");
        Quartic { bound }
    }
}

impl Objective for Quartic {
    fn describe(&self) -> String {
        format!("x⁴ on [−{0}, {0}]", self.bound)
    }

    fn dimension(&self) -> usize {
        1
    }

    fn value(&self, x: &Vector) -> f64 {
        x[0].powi(4)
    }

    fn gradient_into(&self, x: &Vector, into: &mut Vector) {
        into[0] = 4.0 * x[0].powi(3);
    }

    fn hessian_vector(&self, x: &Vector, direction: &Vector) -> Option<Vector> {
        Some(direction * (12.0 * x[0] * x[0]))
    }

    fn rounding(&self, x: &Vector) -> f64 {
        16.0 * f64::EPSILON * self.value(x)
    }

    fn stated_within(&self) -> Option<(Vector, f64)> {
        Some((Vector::zeros(1), self.bound))
    }

    fn smoothness(&self) -> Option<Constant> {
        Some(Constant::exact(12.0 * self.bound * self.bound))
    }

    fn minimum(&self) -> Option<Minimum> {
        Some(Minimum::exact(0.0))
    }

    fn nearest_minimiser(&self, _x: &Vector) -> Option<Vector> {
        Some(Vector::zeros(1))
    }
}

/// f(x) = 1 - cos x + x²/40 on R: the only minimum of value 0 is at 0, but there are local minima near
/// the multiples of 2π, where gradient descent stops. L = 1.05.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RippledParabola;

impl Objective for RippledParabola {
    fn describe(&self) -> String {
        "1 − cos x + x²/40".into()
    }

    fn dimension(&self) -> usize {
        1
    }

    fn value(&self, x: &Vector) -> f64 {
        // 1 - cos x without cancellation.
        2.0 * sin(x[0] / 2.0).powi(2) + x[0] * x[0] / 40.0
    }

    fn gradient_into(&self, x: &Vector, into: &mut Vector) {
        into[0] = sin(x[0]) + x[0] / 20.0;
    }

    fn gradient_block(&self, at: &Ensemble, into: &mut Ensemble) {
        let x = at.coordinate(0);
        for ((slope, x), sine) in into.coordinate_mut(0).iter_mut().zip(x).zip(sines(x)) {
            *slope = sine + x / 20.0;
        }
    }

    fn hessian_vector(&self, x: &Vector, direction: &Vector) -> Option<Vector> {
        Some(direction * (cos(x[0]) + 0.05))
    }

    fn rounding(&self, x: &Vector) -> f64 {
        16.0 * f64::EPSILON * self.value(x)
    }

    fn smoothness(&self) -> Option<Constant> {
        Some(Constant::exact(1.05))
    }

    fn minimum(&self) -> Option<Minimum> {
        Some(Minimum::exact(0.0))
    }

    fn nearest_minimiser(&self, _x: &Vector) -> Option<Vector> {
        Some(Vector::zeros(1))
    }
}
