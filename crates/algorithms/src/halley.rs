//! Halley's method.

use nalgebra::DVector;
use theoria_models::oracle::Bend;
use theoria_models::point::{Point, Scalar};

use crate::Method;

/// x ← x - 2 g g'/(2 g'² - g g'') at x, for an equation g(x) = 0 in one unknown.
///
/// It is Newton's method for g/√g', which is not bent at the root; near a simple root its order is 3 (Halley 1694; Traub 1964). Where g' or the
/// denominator is 0 it does not move.
///
/// ```
/// use nalgebra::DVector;
/// use theoria_algorithms::{Halley, Method};
/// use theoria_models::{BentEquation, Equation, numerics::Fraction};
///
/// let square = Equation::new(|x: &Fraction| x.clone() * x.clone() - Fraction::from(2), |x| Fraction::from(2) * x.clone());
/// let mut x = DVector::from_element(1, Fraction::from(1));
/// Halley.step(&BentEquation::new(square, |_| Fraction::from(2)), &mut x);
/// assert_eq!(x[0], Fraction::ratio(7, 5));
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct Halley;

impl<S, O> Method<DVector<S>, O> for Halley
where
    S: Scalar,
    DVector<S>: Point<Scalar = S>,
    O: Bend<DVector<S>> + ?Sized,
{
    fn step(&mut self, oracle: &O, x: &mut DVector<S>) {
        // With Newton's step u = g/g' the step is u/(1 - g'' u/(2 g')).
        let mut newton = x.clone();
        oracle.gradient(x, &mut newton);
        let mut bend = x.clone();
        if !oracle.solve(x, &mut newton) {
            return;
        }
        oracle.bend(x, &newton, &mut bend);
        oracle.solve(x, &mut bend);
        let u = newton[0].clone();
        // g'' u²/g' here.
        let denominator = S::from(2.0) * u.clone() - bend[0].clone();
        if denominator != S::from(0.0) {
            x[0] = x[0].clone() - S::from(2.0) * u.clone() * u / denominator;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use theoria_models::numerics::Fraction;
    use theoria_models::{BentEquation, Equation};

    use super::*;

    proptest! {
        #[test]
        fn a_step_follows_the_formula(a in 1..9i64, b in -9..9i64, x in -20..20i64) {
            let number = Fraction::from;
            let g = move |x: &Fraction| number(a) * x.clone() * x.clone() * x.clone() + number(b) * x.clone() + number(1);
            let first = move |x: &Fraction| number(3 * a) * x.clone() * x.clone() + number(b);
            let second = move |x: &Fraction| number(6 * a) * x.clone();
            let here = number(x);
            let mut point = DVector::from_element(1, here.clone());
            Halley.step(&BentEquation::new(Equation::new(g, first), second), &mut point);
            let (g, d, b) = (g(&here), first(&here), second(&here));
            let denominator = number(2) * d.clone() * d.clone() - g.clone() * b;
            // A root is left as it is; so is a place from which there is no step.
            let expected = if d == number(0) || denominator == number(0) { here.clone() } else { here.clone() - number(2) * g * d / denominator };
            prop_assert_eq!(point[0].clone(), expected);
        }
    }
}
