//! Scaled gradient descent for low-rank factors.

use theoria_models::Vector;
use theoria_models::oracle::{Oracle, Preconditioner};
use theoria_models::point::Point;

use crate::range::positive;
use crate::{Method, Scratch};

/// x ← x - h P(x)⁻¹ ∇f(x) with a preconditioner that depends on the point. For f(U, V) = |UV - A|²/2 with
/// U ← U - h (∇_U f)(VVᵀ)⁻¹ and V ← V - h (UᵀU)⁻¹ ∇_V f, both from the same point (Tong, Ma, Chi 2021).
///
/// There the error shrinks by 1 - h a step near a minimum with f = 0, for h <= 2/3, whatever the singular values of A; by gradient descent it
/// shrinks the more slowly the further apart they are. Where a preconditioner is singular it does not move, and
/// [`stalled`](ScaledGradientDescent::stalled) says so.
///
/// ```
/// use theoria_algorithms::{Method, ScaledGradientDescent};
/// use theoria_models::{Matrix, Objective, Vector, objectives::Completion};
///
/// let f = Completion::whole(&Matrix::from_diagonal(&Vector::from_vec(vec![100.0, 1.0])), 2);
/// let mut x = f.flatten(&Matrix::from_diagonal(&Vector::from_vec(vec![9.0, 1.2])), &Matrix::from_diagonal(&Vector::from_vec(vec![9.0, 1.2])));
/// let mut method = ScaledGradientDescent::new(0.5);
/// for _ in 0..60 {
///     method.step(&f, &mut x);
/// }
/// assert!(f.value(&x) < 1e-24);
/// ```
#[derive(Debug, Clone)]
pub struct ScaledGradientDescent<P: Point = Vector> {
    step_size: P::Scalar,
    gradient: Scratch<P>,
    stalled: bool,
}

impl<P: Point> ScaledGradientDescent<P> {
    /// With step size h.
    ///
    /// # Panics
    /// If h is not positive and finite.
    pub fn new(step_size: P::Scalar) -> Self {
        let step_size = positive(step_size, "the step size h");
        ScaledGradientDescent { step_size, gradient: Scratch::default(), stalled: false }
    }

    /// Whether a preconditioner was singular at the last step, which then was none.
    pub fn stalled(&self) -> bool {
        self.stalled
    }
}

impl<P: Point, O: Oracle<P> + Preconditioner<P> + ?Sized> Method<P, O>
    for ScaledGradientDescent<P>
{
    fn step(&mut self, oracle: &O, x: &mut P) {
        let gradient = self.gradient.like(x);
        oracle.gradient(x, gradient);
        self.stalled = !oracle.precondition(x, gradient);
        if !self.stalled {
            x.axpy(-self.step_size.clone(), gradient);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use theoria_models::objectives::Completion;
    use theoria_models::{Matrix, Objective};

    use super::*;

    proptest! {
        /// Another basis of the columns of U is another point, but the same product: so after a step.
        #[test]
        fn steps_do_not_depend_on_the_basis(
            entries in prop::collection::vec(-1.0..1.0f64, 20), factors in prop::collection::vec(-1.0..1.0f64, 18),
            basis in prop::collection::vec(-1.0..1.0f64, 4),
        ) {
            let basis = Matrix::from_column_slice(2, 2, &basis);
            let (first, second) = (Matrix::from_column_slice(5, 2, &factors[..10]), Matrix::from_column_slice(2, 4, &factors[10..]));
            let least = |matrix: &Matrix| matrix.singular_values().min();
            prop_assume!(least(&basis) > 0.1 && least(&first) > 0.1 && least(&second) > 0.1);
            let f = Completion::of(&Matrix::from_column_slice(5, 4, &entries), 2, &[(0, 0), (1, 1), (2, 3), (4, 2), (3, 3)]);
            let step = |first: &Matrix, second: &Matrix| {
                let mut x = f.flatten(first, second);
                let mut method = ScaledGradientDescent::new(0.3);
                method.step(&f, &mut x);
                assert!(!method.stalled());
                f.matrix(&x)
            };
            let inverse = basis.clone().try_inverse().unwrap();
            let apart = step(&first, &second) - step(&(&first * basis), &(inverse * &second));
            prop_assert!(apart.amax() < 1e-9, "{apart}");
        }
    }

    #[test]
    fn a_singular_factor_stalls() {
        let f = Completion::whole(&Matrix::identity(2, 2), 1);
        let mut x = Vector::zeros(f.dimension());
        let mut method = ScaledGradientDescent::new(0.5);
        method.step(&f, &mut x);
        assert!(method.stalled() && x.norm() == 0.0);
    }
}
