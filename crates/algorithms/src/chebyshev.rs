//! Chebyshev's method for equations.

use theoria_models::oracle::Bend;
use theoria_models::point::Point;

use crate::{Method, Scratch};

/// x ← x - u - g'(x)⁻¹ g''(x)[u, u]/2 with Newton's step u = g'(x)⁻¹ g(x), for an equation g(x) = 0; in one unknown
/// x ← x - g/g' - g² g''/(2 g'³).
///
/// It follows the inverse function up to its second derivative; near a simple root its order is 3 (Chebyshev 1841; Traub 1964). Where g' is
/// singular it does not move.
///
/// ```
/// use nalgebra::DVector;
/// use theoria_algorithms::{Chebyshev, Method};
/// use theoria_models::{BentEquation, Equation, numerics::Fraction};
///
/// let square = Equation::new(|x: &Fraction| x.clone() * x.clone() - Fraction::from(2), |x| Fraction::from(2) * x.clone());
/// let mut x = DVector::from_element(1, Fraction::from(1));
/// Chebyshev::default().step(&BentEquation::new(square, |_| Fraction::from(2)), &mut x);
/// assert_eq!(x[0], Fraction::ratio(11, 8));
/// ```
#[derive(Debug, Clone)]
pub struct Chebyshev<P> {
    newton: Scratch<P>,
    bend: Scratch<P>,
}

impl<P> Default for Chebyshev<P> {
    fn default() -> Self {
        Chebyshev { newton: Scratch::default(), bend: Scratch::default() }
    }
}

impl<P: Point, O: Bend<P> + ?Sized> Method<P, O> for Chebyshev<P> {
    fn step(&mut self, oracle: &O, x: &mut P) {
        let (newton, bend) = (self.newton.like(x), self.bend.like(x));
        oracle.gradient(x, newton);
        if !oracle.solve(x, newton) {
            return;
        }
        oracle.bend(x, newton, bend);
        oracle.solve(x, bend);
        x.axpy((-1.0).into(), newton);
        x.axpy((-0.5).into(), bend);
    }
}

#[cfg(test)]
mod tests {
    use nalgebra::DVector;
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
            Chebyshev::default().step(&BentEquation::new(Equation::new(g, first), second), &mut point);
            let (g, d, b) = (g(&here), first(&here), second(&here));
            prop_assume!(d != number(0));
            let newton = g.clone() / d.clone();
            let expected = here - newton - g.clone() * g * b / (number(2) * d.clone() * d.clone() * d);
            prop_assert_eq!(point[0].clone(), expected);
        }
    }
}
