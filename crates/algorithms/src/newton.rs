//! Newton's method.

use theoria_models::oracle::NewtonSystem;
use theoria_models::point::Point;

use crate::{Method, Scratch};

/// x ← x - H(x)⁻¹ ∇f(x) with the Hessian H; for an equation g(x) = 0 its derivative in the place of H.
///
/// Where the Hessian is invertible at a critical point and Lipschitz near by, digits double from near enough; from elsewhere it may cycle, run
/// away, or find a maximum (Kantorovich 1948; Nesterov 2018, section 1.2.4). Where the Hessian is singular it does not move, and
/// [`stalled`](Newton::stalled) says so. It works in any numbers: fractions, hundreds of digits.
///
/// ```
/// use theoria_algorithms::{Method, Newton};
/// use theoria_models::{Vector, objectives::Quadratic, oracle::TwiceDifferentiable};
///
/// // A quadratic takes one step.
/// let f = Quadratic::diagonal(&[1.0, 100.0]).centred_at(Vector::from_vec(vec![2.0, -1.0]));
/// let mut x = Vector::from_vec(vec![50.0, 3.0]);
/// let oracle = TwiceDifferentiable::new(&f, &x)?;
/// Newton::default().step(&oracle, &mut x);
/// assert_eq!(x.as_slice(), [2.0, -1.0]);
/// # Ok::<(), theoria_models::oracle::NoHessian>(())
/// ```
#[derive(Debug, Clone)]
pub struct Newton<P> {
    step: Scratch<P>,
    stalled: bool,
}

impl<P> Default for Newton<P> {
    fn default() -> Self {
        Newton { step: Scratch::default(), stalled: false }
    }
}

impl<P> Newton<P> {
    /// Whether the Hessian was singular at the last step, which then was none.
    pub fn stalled(&self) -> bool {
        self.stalled
    }
}

impl<P: Point, O: NewtonSystem<P> + ?Sized> Method<P, O> for Newton<P> {
    fn step(&mut self, oracle: &O, x: &mut P) {
        let step = self.step.like(x);
        oracle.gradient(x, step);
        self.stalled = !oracle.solve(x, step);
        if !self.stalled {
            x.axpy((-1.0).into(), step);
        }
    }
}

#[cfg(test)]
mod tests {
    use nalgebra::DVector;
    use proptest::prelude::*;
    use theoria_models::numerics::Fraction;
    use theoria_models::objectives::Quadratic;
    use theoria_models::oracle::TwiceDifferentiable;
    use theoria_models::{Equation, Objective, Vector};

    use super::*;

    proptest! {
        #[test]
        fn a_step_solves_the_linearised_equation(x in -50..50i64, a in 1..20i64, b in -20..20i64) {
            // g(x) = a x³ + b x + 1, in fractions: g(x) + g'(x) (x_+ - x) = 0.
            let (a, b) = (Fraction::from(a), Fraction::from(b));
            let (c, d) = (a.clone(), b.clone());
            let cubic = Equation::new(
                move |x: &Fraction| a.clone() * x.clone() * x.clone() * x.clone() + b.clone() * x.clone() + Fraction::from(1),
                move |x: &Fraction| Fraction::from(3) * c.clone() * x.clone() * x.clone() + d.clone(),
            );
            let before = Fraction::from(x);
            let mut point = DVector::from_element(1, before.clone());
            let mut newton = Newton::default();
            newton.step(&cubic, &mut point);
            let left = cubic.value(&before) + cubic.derivative(&before) * (point[0].clone() - before.clone());
            prop_assert!(newton.stalled() || left == Fraction::from(0));
            prop_assert_eq!(newton.stalled(), cubic.derivative(&before) == Fraction::from(0));
        }

        #[test]
        fn a_quadratic_takes_one_step(spectrum in proptest::collection::vec(0.1..100.0f64, 1..6)) {
            let f = Quadratic::diagonal(&spectrum);
            let mut x = Vector::from_element(spectrum.len(), 1.0);
            Newton::default().step(&TwiceDifferentiable::new(&f, &x).unwrap(), &mut x);
            prop_assert!(f.gradient_at(&x).norm() <= 1e-13 * spectrum.iter().sum::<f64>());
        }
    }
}
