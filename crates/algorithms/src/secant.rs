//! The secant method.

use nalgebra::DVector;
use theoria_models::oracle::Oracle;
use theoria_models::point::{Point, Scalar};

use crate::Method;

/// x ← x - g(x) (x - x')/(g(x) - g(x')) with the iterate x' before, for an equation g(x) = 0 in one unknown: one evaluation of g a step, and no
/// derivative.
///
/// Near a simple root its order is the golden ratio (1 + √5)/2 (Traub 1964). Where g(x) = g(x') it does not move.
///
/// ```
/// use nalgebra::DVector;
/// use theoria_algorithms::{Method, Secant};
/// use theoria_models::{Equation, numerics::Fraction};
///
/// let root_of_two = Equation::new(|x: &Fraction| x.clone() * x.clone() - Fraction::from(2), |x| x.clone());
/// let mut x = DVector::from_element(1, Fraction::from(2));
/// Secant::after(Fraction::from(1)).step(&root_of_two, &mut x);
/// assert_eq!(x[0], Fraction::ratio(4, 3));
/// ```
#[derive(Debug, Clone)]
pub struct Secant<S> {
    before: S,
    value_before: Option<S>,
}

impl<S: Scalar> Secant<S> {
    /// With this place as the iterate before the start.
    pub fn after(before: S) -> Self {
        Secant { before, value_before: None }
    }
}

impl<S, O> Method<DVector<S>, O> for Secant<S>
where
    S: Scalar,
    DVector<S>: Point<Scalar = S>,
    O: Oracle<DVector<S>> + ?Sized,
{
    fn step(&mut self, oracle: &O, x: &mut DVector<S>) {
        let mut into = x.clone();
        let mut value = |at: S| {
            oracle.gradient(&DVector::from_element(1, at), &mut into);
            into[0].clone()
        };
        let here = x[0].clone();
        let value_before = match self.value_before.take() {
            Some(value_before) => value_before,
            None => value(self.before.clone()),
        };
        let value_here = value(here.clone());
        let rise = value_here.clone() - value_before;
        if rise != S::from(0.0) {
            let run = here.clone() - self.before.clone();
            x[0] = here.clone() - value_here.clone() * run / rise;
        }
        (self.before, self.value_before) = (here, Some(value_here));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use theoria_models::Equation;
    use theoria_models::numerics::Fraction;

    use super::*;

    proptest! {
        #[test]
        fn a_step_leads_where_the_chord_vanishes(a in 1..9i64, b in -9..9i64, x in -20..20i64, y in -20..20i64) {
            prop_assume!(x != y);
            let g = move |x: &Fraction| Fraction::from(a) * x.clone() * x.clone() * x.clone() + Fraction::from(b) * x.clone() + Fraction::from(1);
            let cubic = Equation::new(g, Fraction::clone);
            let (mut earlier, mut here) = (Fraction::from(x), Fraction::from(y));
            let mut point = DVector::from_element(1, here.clone());
            let mut secant = Secant::after(earlier.clone());
            for _ in 0..3 {
                secant.step(&cubic, &mut point);
                // The line through both places, at the new one.
                let slope = (g(&here) - g(&earlier)) * (point[0].clone() - here.clone());
                let chord = g(&here) * (here.clone() - earlier.clone()) + slope;
                prop_assert!(chord == Fraction::from(0) || g(&here) == g(&earlier));
                (earlier, here) = (here, point[0].clone());
            }
        }
    }
}
