//! Steffensen's method.

use nalgebra::DVector;
use theoria_models::oracle::Oracle;
use theoria_models::point::{Point, Scalar};

use crate::Method;

/// x ← x - g(x)²/(g(x + g(x)) - g(x)), for an equation g(x) = 0 in one unknown: two evaluations of g a step, and no derivative.
///
/// Near a simple root its order is 2 (Steffensen 1933). Where the denominator is 0 it does not move.
///
/// ```
/// use nalgebra::DVector;
/// use theoria_algorithms::{Method, Steffensen};
/// use theoria_models::{Equation, numerics::Fraction};
///
/// let root_of_two = Equation::new(|x: &Fraction| x.clone() * x.clone() - Fraction::from(2), |x| x.clone());
/// let mut x = DVector::from_element(1, Fraction::from(1));
/// Steffensen.step(&root_of_two, &mut x);
/// assert_eq!(x[0], Fraction::from(2));
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct Steffensen;

impl<S, O> Method<DVector<S>, O> for Steffensen
where
    S: Scalar,
    DVector<S>: Point<Scalar = S>,
    O: Oracle<DVector<S>> + ?Sized,
{
    fn step(&mut self, oracle: &O, x: &mut DVector<S>) {
        let mut value = x.clone();
        oracle.gradient(x, &mut value);
        let value = value[0].clone();
        let ahead = DVector::from_element(1, x[0].clone() + value.clone());
        let mut value_ahead = ahead.clone();
        oracle.gradient(&ahead, &mut value_ahead);
        let rise = value_ahead[0].clone() - value.clone();
        if rise != S::from(0.0) {
            x[0] = x[0].clone() - value.clone() * value / rise;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use theoria_models::Equation;
    use theoria_models::numerics::Fraction;

    use super::*;
    use crate::Secant;

    proptest! {
        #[test]
        fn it_is_a_step_of_the_secant_method_from_one_value_ahead(a in 1..9i64, b in -9..9i64, x in -20..20i64) {
            let g = move |x: &Fraction| Fraction::from(a) * x.clone() * x.clone() * x.clone() + Fraction::from(b) * x.clone() + Fraction::from(1);
            let cubic = Equation::new(g, Fraction::clone);
            let here = Fraction::from(x);
            let (mut one, mut other) = (DVector::from_element(1, here.clone()), DVector::from_element(1, here.clone()));
            Steffensen.step(&cubic, &mut one);
            Secant::after(here.clone() + g(&here)).step(&cubic, &mut other);
            prop_assert_eq!(one, other);
        }
    }
}
