//! Newton's method with backtracking.

use theoria_models::oracle::{NewtonSystem, ValuedExactly};
use theoria_models::point::{InnerProduct, Point};

use crate::range::positive;
use crate::{Method, Scratch};

/// x ← x - t p with Newton's step p = H(x)⁻¹ ∇f(x) and the largest t among 1, b, b² ... for which
/// f(x - t p) <= f(x) - c t p·∇f(x) (Armijo 1966).
///
/// Where the Hessian is singular, or p leads upwards (p·∇f <= 0), the gradient takes its place. From every start f falls. On a function with
/// curvatures from μ to L, κ = L/μ, every t is at least min(1, 2 b (1 - c)/κ); with c < 1/2 the steps become Newton's own near a minimum with an
/// invertible Hessian (Nocedal, Wright 2006, theorem 3.6). Where no t is found after [`MOST_CUTS`](DampedNewton::MOST_CUTS) cuts (rounding), it does
/// not move, and [`stalled`](DampedNewton::stalled) says so. It works in any numbers that compare: fractions, hundreds of digits.
///
/// ```
/// use nalgebra::DVector;
/// use theoria_algorithms::{DampedNewton, Method};
/// use theoria_models::{OneVariable, numerics::Fraction};
///
/// // x²/2 with the curvature 1/4 in the place of 1: four times too long.
/// let f = OneVariable::new(
///     |x: &Fraction| x.clone() * x.clone() / Fraction::from(2),
///     |x| x.clone(),
///     |_| Fraction::ratio(1, 4),
/// );
/// let mut x = DVector::from_element(1, Fraction::from(1));
/// let mut damped = DampedNewton::new(1e-4, 0.5);
/// damped.step(&f, &mut x);
/// assert_eq!((x[0].clone(), damped.cuts()), (Fraction::from(0), 2));
/// ```
#[derive(Debug, Clone)]
pub struct DampedNewton<P> {
    decrease: f64,
    shrink: f64,
    cuts: usize,
    stalled: bool,
    gradient: Scratch<P>,
    step: Scratch<P>,
    candidate: Scratch<P>,
}

impl<P: Point + InnerProduct<Product = <P as Point>::Scalar>> DampedNewton<P> {
    /// A search that needs more cuts will not end.
    pub const MOST_CUTS: usize = 200;

    /// With the share c > 0 of the decrease that is asked for, and the cut b in (0, 1).
    ///
    /// # Panics
    /// If c is not positive and finite, or b not between 0 and 1.
    pub fn new(decrease: f64, shrink: f64) -> Self {
        assert!(0.0 < shrink && shrink < 1.0, "the cut b is between 0 and 1, not {shrink}");
        DampedNewton {
            decrease: positive(decrease, "the share c of the decrease"),
            shrink,
            cuts: 0,
            stalled: false,
            gradient: Scratch::default(),
            step: Scratch::default(),
            candidate: Scratch::default(),
        }
    }

    /// How often the last step was cut: t = b to this power.
    pub fn cuts(&self) -> usize {
        self.cuts
    }

    /// Whether the last step found no t, and was none.
    pub fn stalled(&self) -> bool {
        self.stalled
    }
}

impl<P, O> Method<P, O> for DampedNewton<P>
where
    P: Point + InnerProduct<Product = <P as Point>::Scalar>,
    O: NewtonSystem<P> + ValuedExactly<P> + ?Sized,
{
    fn step(&mut self, oracle: &O, x: &mut P) {
        let number = <P::Scalar as From<f64>>::from;
        let (gradient, step) = (self.gradient.like(x), self.step.like(x));
        oracle.gradient(x, gradient);
        step.clone_from(gradient);
        let descends = oracle.solve(x, step) && step.inner_product(gradient) > number(0.0);
        if !descends {
            step.clone_from(gradient);
        }
        let (value, slope) = (oracle.value_at(x), step.inner_product(gradient));
        let mut t = number(1.0);
        self.stalled = true;
        for cuts in 0..=Self::MOST_CUTS {
            self.cuts = cuts;
            let candidate = self.candidate.like(x);
            candidate.clone_from(x);
            candidate.axpy(-t.clone(), step);
            let asked = number(self.decrease) * t.clone() * slope.clone();
            if oracle.value_at(candidate) <= value.clone() - asked {
                self.stalled = false;
                x.clone_from(candidate);
                return;
            }
            t = t * number(self.shrink);
        }
    }
}

#[cfg(test)]
mod tests {
    use nalgebra::DVector;
    use proptest::prelude::*;
    use theoria_models::numerics::Fraction;
    use theoria_models::objectives::CurvedValley;
    use theoria_models::oracle::TwiceDifferentiable;
    use theoria_models::{Objective, OneVariable, Vector};

    use super::*;

    fn fraction(number: f64) -> Fraction {
        Fraction::from(number)
    }

    proptest! {
        #[test]
        fn the_step_is_the_first_that_descends_enough(x in -30..30i64, c in 0.01..0.9f64) {
            // x⁴/4 - x² + 2x in fractions, whose Hessian is negative near 0.
            let value = |x: &Fraction| x.clone() * x.clone() * (x.clone() * x.clone() / fraction(4.0) - fraction(1.0)) + fraction(2.0) * x.clone();
            let first = |x: &Fraction| x.clone() * x.clone() * x.clone() - fraction(2.0) * x.clone() + fraction(2.0);
            let second = |x: &Fraction| fraction(3.0) * x.clone() * x.clone() - fraction(2.0);
            let before = Fraction::ratio(x, 10);
            let mut point = DVector::from_element(1, before.clone());
            let mut damped = DampedNewton::new(c, 0.5);
            damped.step(&OneVariable::new(value, first, second), &mut point);
            let newton = first(&before) / second(&before);
            let step = if (newton.clone() * first(&before)).is_positive() { newton } else { first(&before) };
            let enough = |cuts: i32| {
                let t = fraction(0.5f64.powi(cuts));
                value(&(before.clone() - t.clone() * step.clone())) <= value(&before) - fraction(c) * t * step.clone() * first(&before)
            };
            let cuts = damped.cuts() as i32;
            prop_assert!(!damped.stalled() && enough(cuts) && (0..cuts).all(|fewer| !enough(fewer)));
            prop_assert_eq!(point[0].clone(), before.clone() - fraction(0.5f64.powi(cuts)) * step);
        }

        #[test]
        fn the_valley_is_walked_to_its_minimum(x in -2.0..2.0f64, y in -2.0..2.0f64) {
            let (f, mut point) = (CurvedValley::new(100.0), Vector::from_vec(vec![x, y]));
            let oracle_start = point.clone();
            let oracle = TwiceDifferentiable::new(&f, &oracle_start).unwrap();
            let mut damped = DampedNewton::new(1e-4, 0.5);
            let mut before = f.value(&point);
            for _ in 0..60 {
                damped.step(&oracle, &mut point);
                prop_assert!(f.value(&point) <= before);
                before = f.value(&point);
            }
            prop_assert!(before < 1e-20, "{before}");
        }
    }
}
