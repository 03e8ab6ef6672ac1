//! Newton's method with a cubic term.

use theoria_models::oracle::{CubicModel, Oracle};
use theoria_models::point::Point;

use crate::range::positive;
use crate::{Method, Scratch};

/// x ← x + s with an s that minimises the model ∇f·s + s·H s/2 + M|s|³/6, with gradient and Hessian H at x (Nesterov, Polyak 2006).
///
/// Where |H(x) - H(y)| <= M|x - y| the model is above f, and every step lowers f by M|s|³/12 at least, from every start, convex or not; it
/// leaves maxima and saddles, where Newton's method stays. Near a minimum with an invertible Hessian digits double. Where there is no such s
/// (no Hessian, or numbers that are not finite) it does not move, and [`stalled`](CubicNewton::stalled) says so.
///
/// ```
/// use theoria_algorithms::{CubicNewton, Method};
/// use theoria_models::{Vector, objectives::DoubleWells, oracle::TwiceDifferentiable};
///
/// // Between two wells, where the gradient is 0.
/// let (f, mut x) = (DoubleWells::new(1), Vector::zeros(1));
/// let oracle = TwiceDifferentiable::new(&f, &x.clone())?;
/// let mut method = CubicNewton::new(12.0);
/// method.step(&oracle, &mut x);
/// assert!((x[0] - 1.0 / 6.0).abs() < 1e-15);
/// (0..9).for_each(|_| method.step(&oracle, &mut x));
/// assert_eq!(x[0], 1.0);
/// # Ok::<(), theoria_models::oracle::NoHessian>(())
/// ```
#[derive(Debug, Clone)]
pub struct CubicNewton<P: Point> {
    lipschitz: P::Scalar,
    step: Scratch<P>,
    stalled: bool,
}

impl<P: Point> CubicNewton<P> {
    /// With M.
    ///
    /// # Panics
    /// If it is not positive and finite.
    pub fn new(lipschitz: P::Scalar) -> Self {
        let lipschitz = positive(lipschitz, "M");
        CubicNewton { lipschitz, step: Scratch::default(), stalled: false }
    }

    /// Whether the model had no minimiser at the last step, which then was none.
    pub fn stalled(&self) -> bool {
        self.stalled
    }
}

impl<P: Point, O: Oracle<P> + CubicModel<P> + ?Sized> Method<P, O> for CubicNewton<P> {
    fn step(&mut self, oracle: &O, x: &mut P) {
        let step = self.step.like(x);
        self.stalled = !oracle.minimise_cubic(x, &self.lipschitz, step);
        if !self.stalled {
            x.axpy(1.0.into(), step);
        }
    }
}

#[cfg(test)]
mod tests {
    use nalgebra::DVector;
    use proptest::prelude::*;
    use theoria_models::numerics::LongFloat;
    use theoria_models::objectives::Trigonometric;
    use theoria_models::oracle::TwiceDifferentiable;
    use theoria_models::{Objective, OneVariable, Vector};

    use super::*;

    proptest! {
        #[test]
        fn every_step_lowers_f_by_a_twelfth(
            x in proptest::collection::vec(-3.0..3.0f64, 3),
            w in proptest::collection::vec(-2.0..2.0f64, 6),
            phase in 0.0..6.0f64,
        ) {
            let (one, other) = (Vector::from_row_slice(&w[..3]), Vector::from_row_slice(&w[3..]));
            let lipschitz = 0.5 * one.norm().powi(3) + other.norm().powi(3);
            let f = Trigonometric::new(0.0, 3).with_wave(0.5, one, phase).with_wave(1.0, other, 0.0);
            let mut at = Vector::from_vec(x);
            let (before, start) = (f.value(&at), at.clone());
            let oracle = TwiceDifferentiable::new(&f, &start).unwrap();
            CubicNewton::new(lipschitz.max(0.1)).step(&oracle, &mut at);
            let least = lipschitz.max(0.1) * (&at - &start).norm().powi(3) / 12.0;
            prop_assert!(before - f.value(&at) >= least * (1.0 - 1e-9) - 1e-14);
        }

        #[test]
        fn a_step_is_stationary_in_any_numbers(start in -3.0..3.0f64, m in 0.5..20.0f64) {
            // x⁴/4 - x²/2 + x in 256 binary digits: g + h s + M|s|s/2 = 0, and h + M|s|/2 >= 0.
            type Long = LongFloat<256>;
            let first = |x: &Long| x.clone() * x.clone() * x.clone() - x.clone() + Long::from(1.0);
            let second = |x: &Long| Long::from(3.0) * x.clone() * x.clone() - Long::from(1.0);
            let f = OneVariable::new(|x: &Long| x.clone(), first, second);
            let (mut x, before) = (DVector::from_element(1, Long::from(start)), Long::from(start));
            CubicNewton::new(Long::from(m)).step(&f, &mut x);
            let s = x[0].clone() - before.clone();
            let shifted = second(&before) + Long::from(m) * s.clone().abs() / Long::from(2.0);
            prop_assert!((first(&before) + shifted.clone() * s).nearest().abs() < 1e-60);
            prop_assert!(shifted.nearest() > -1e-60);
        }
    }
}
