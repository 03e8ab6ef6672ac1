//! Implicit Euler for gradient flow, its equation solved by Newton's method.

use theoria_models::oracle::{Curvature, Valued};
use theoria_models::{Matrix, Vector, elimination};

use crate::Method;
use crate::range::positive;

/// Newton's steps within one step of the method: more are not made.
const INNER: usize = 500;
/// Halvings of one of them.
const HALVINGS: usize = 60;
/// The share of the predicted decrease that is asked for.
const SHARE: f64 = 1e-4;

/// x ← x_+ with x_+ = x - h ∇f(x_+), found by Newton's method with halvings (Armijo) on h f(y) + |y - x|²/2, started at x.
///
/// For a convex f there is one such point, the proximal point of x, and steps of every size h > 0 are stable (Dahlquist 1963; Rockafellar 1976).
/// Without convexity it is a local minimiser of h f(y) + |y - x|²/2 that does not lie above x. Where h times the Hessian plus the identity is not
/// positive definite in the direction of Newton's step, the gradient is followed instead. A step ends where |y - x + h ∇f(y)| is at most the
/// tolerance, or where rounding lets neither it nor the function decrease.
///
/// ```
/// use theoria_algorithms::{ImplicitEuler, Method};
/// use theoria_models::{Vector, objectives::Quadratic, oracle::TwiceDifferentiable};
///
/// let (f, mut x) = (Quadratic::diagonal(&[3.0]), Vector::from_vec(vec![1.0]));
/// let mut euler = ImplicitEuler::new(1.0, 1e-12);
/// euler.step(&TwiceDifferentiable::new(&f, &x)?, &mut x);
/// assert!((x[0] - 0.25).abs() < 1e-15);
/// assert_eq!(euler.inner_steps(), 1);
/// # Ok::<(), theoria_models::oracle::NoHessian>(())
/// ```
#[derive(Debug, Clone)]
pub struct ImplicitEuler {
    step_size: f64,
    tolerance: f64,
    inner: usize,
}

impl ImplicitEuler {
    /// With step size h > 0, each equation solved up to this length.
    ///
    /// # Panics
    /// If one of them is not positive and finite.
    pub fn new(step_size: f64, tolerance: f64) -> Self {
        let step_size = positive(step_size, "the step size h");
        ImplicitEuler { step_size, tolerance: positive(tolerance, "the tolerance"), inner: 0 }
    }

    /// How many of Newton's steps all steps took so far.
    pub fn inner_steps(&self) -> usize {
        self.inner
    }

    /// h f(y) + |y - x|²/2
    fn value<O: Valued<Vector> + ?Sized>(&self, oracle: &O, from: &Vector, y: &Vector) -> f64 {
        let mut value = [0.0];
        oracle.values(y, &mut value);
        self.step_size * value[0] + (y - from).norm_squared() / 2.0
    }

    /// y - x + h ∇f(y)
    fn residual<O: Valued<Vector> + ?Sized>(
        &self,
        oracle: &O,
        from: &Vector,
        y: &Vector,
    ) -> Vector {
        let mut gradient = Vector::zeros(y.len());
        oracle.gradient(y, &mut gradient);
        y - from + gradient * self.step_size
    }

    /// Newton's step, or minus the residual where that is no descent.
    fn direction<O: Curvature<Vector> + ?Sized>(
        &self,
        oracle: &O,
        y: &Vector,
        residual: &Vector,
    ) -> Vector {
        let d = y.len();
        let mut system = Matrix::identity(d, d);
        let (mut axis, mut image) = (Vector::zeros(d), Vector::zeros(d));
        for j in 0..d {
            axis[j] = 1.0;
            oracle.hessian_times(y, &axis, &mut image);
            axis[j] = 0.0;
            system.column_mut(j).axpy(self.step_size, &image, 1.0);
        }
        match elimination::solve(&system, residual) {
            Some(step) if step.dot(residual) > 0.0 => -step,
            _ => -residual,
        }
    }
}

impl<O: Valued<Vector> + Curvature<Vector> + ?Sized> Method<Vector, O> for ImplicitEuler {
    fn step(&mut self, oracle: &O, x: &mut Vector) {
        let from = x.clone();
        let mut residual = self.residual(oracle, &from, x);
        for _ in 0..INNER {
            // A residual that is not finite ends the step too.
            if residual.norm() <= self.tolerance || !residual.norm().is_finite() {
                return;
            }
            let direction = self.direction(oracle, x, &residual);
            let (value, slope) = (self.value(oracle, &from, x), direction.dot(&residual));
            let accepted = (0..HALVINGS).map(|cut| 0.5f64.powi(cut as i32)).find_map(|share| {
                let y = &*x + &direction * share;
                let next = self.residual(oracle, &from, &y);
                let lower = self.value(oracle, &from, &y) <= value + SHARE * share * slope;
                // Where values are rounded, the residual still tells.
                let nearer = share == 1.0
                    && slope.abs() <= 1e-9 * value.abs()
                    && next.norm() < residual.norm();
                (lower && slope.abs() * share > f64::EPSILON * value.abs() || nearer)
                    .then_some((y, next))
            });
            let Some((y, next)) = accepted else { return };
            self.inner += 1;
            (*x, residual) = (y, next);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use theoria_models::Objective;
    use theoria_models::objectives::{CurvedValley, Quadratic};
    use theoria_models::oracle::TwiceDifferentiable;

    use super::*;

    proptest! {
        #[test]
        fn a_step_solves_its_equation(x in -2.0..2.0f64, y in -2.0..2.0f64, h in 0.01..10.0f64) {
            let f = CurvedValley::new(10.0);
            let before = Vector::from_vec(vec![x, y]);
            let mut after = before.clone();
            ImplicitEuler::new(h, 1e-11).step(&TwiceDifferentiable::new(&f, &before).unwrap(), &mut after);
            let left = &after - &before + f.gradient_at(&after) * h;
            prop_assert!(left.norm() < 1e-9 * (1.0 + before.norm()), "{left}");
            prop_assert!(f.value(&after) <= f.value(&before) + 1e-12);
        }

        #[test]
        fn a_mode_shrinks_by_one_over_one_plus_h_lambda(
            spectrum in proptest::collection::vec(0.1..100.0f64, 1..5), h in 0.01..10.0f64,
        ) {
            let f = Quadratic::diagonal(&spectrum);
            let mut x = Vector::from_element(spectrum.len(), 1.0);
            ImplicitEuler::new(h, 1e-13).step(&TwiceDifferentiable::new(&f, &x).unwrap(), &mut x);
            for (x, lambda) in x.iter().zip(&spectrum) {
                prop_assert!((x * (1.0 + h * lambda) - 1.0).abs() < 1e-11);
            }
        }
    }
}
