//! Newton's method with the step length that self-concordance gives.

use theoria_models::oracle::NewtonSystem;
use theoria_models::point::{InnerProduct, Point, SquareRoot};

use crate::{Method, Scratch};

/// x ← x - p/(1 + λ) with Newton's step p = H(x)⁻¹ ∇f(x) and the Newton decrement λ = (∇f(x)·p)^½.
///
/// On a self-concordant function, |f'''| <= 2 f''^{3/2} along every line, it stays in the domain and takes off at least λ - log(1 + λ), whatever
/// the coordinates and without a search (Nesterov, Nemirovskii 1994). Where the Hessian is not positive definite it does not move, and
/// [`stalled`](DecrementNewton::stalled) says so.
///
/// ```
/// use nalgebra::DVector;
/// use theoria_algorithms::{DecrementNewton, Method};
/// use theoria_models::OneVariable;
///
/// // x - log x from 3: λ = 2, and the step leads to the minimiser.
/// let f = OneVariable::new(|x: &f64| x - x.ln(), |x| 1.0 - 1.0 / x, |x| 1.0 / (x * x));
/// let mut x = DVector::from_element(1, 3.0);
/// let mut method = DecrementNewton::default();
/// method.step(&f, &mut x);
/// assert!((x[0] - 1.0).abs() < 1e-15 && (method.decrement() - 2.0).abs() < 1e-15);
/// ```
#[derive(Debug, Clone)]
pub struct DecrementNewton<P: Point> {
    gradient: Scratch<P>,
    step: Scratch<P>,
    decrement: P::Scalar,
    stalled: bool,
}

impl<P: Point> Default for DecrementNewton<P> {
    fn default() -> Self {
        DecrementNewton {
            gradient: Scratch::default(),
            step: Scratch::default(),
            decrement: 0.0.into(),
            stalled: false,
        }
    }
}

impl<P: Point> DecrementNewton<P> {
    /// λ where the last step began.
    pub fn decrement(&self) -> P::Scalar {
        self.decrement.clone()
    }

    /// Whether the last step was none.
    pub fn stalled(&self) -> bool {
        self.stalled
    }
}

impl<P, O> Method<P, O> for DecrementNewton<P>
where
    P: InnerProduct<Product = <P as Point>::Scalar>,
    P::Scalar: SquareRoot,
    O: NewtonSystem<P> + ?Sized,
{
    fn step(&mut self, oracle: &O, x: &mut P) {
        let (gradient, step) = (self.gradient.like(x), self.step.like(x));
        oracle.gradient(x, gradient);
        step.assign(gradient);
        let solved = oracle.solve(x, step);
        let square = gradient.inner_product(step);
        // False for NaN.
        let goes_down = square >= 0.0.into();
        self.stalled = !(solved && goes_down);
        if !self.stalled {
            self.decrement = square.sqrt();
            let length = P::Scalar::from(-1.0) / (P::Scalar::from(1.0) + self.decrement.clone());
            x.axpy(length, step);
        }
    }
}

#[cfg(test)]
mod tests {
    use nalgebra::DVector;
    use proptest::prelude::*;
    use theoria_models::OneVariable;

    use super::*;

    proptest! {
        #[test]
        fn it_takes_off_what_is_promised(start in 1e-3..1e3f64) {
            let value = |x: f64| x - x.ln();
            let f = OneVariable::new(move |x: &f64| value(*x), |x| 1.0 - 1.0 / x, |x| 1.0 / (x * x));
            let mut x = DVector::from_element(1, start);
            let mut method = DecrementNewton::default();
            method.step(&f, &mut x);
            let decrement = method.decrement();
            prop_assert!((decrement - (start - 1.0).abs()).abs() < 1e-9 * (1.0 + decrement));
            prop_assert!(x[0] > 0.0);
            let gained = value(start) - value(x[0]);
            prop_assert!(gained >= (decrement - decrement.ln_1p()) * (1.0 - 1e-9) - 1e-12);
        }
    }
}
