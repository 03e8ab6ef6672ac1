//! An equation in one unknown.

use nalgebra::DVector;

use crate::oracle::{NewtonSystem, Oracle};
use crate::point::Scalar;

type Function<S> = Box<dyn Fn(&S) -> S + Send + Sync>;

/// g(x) = 0 in one unknown with the derivative g', in numbers of any kind: where g is a derivative f', its roots are the critical points of f.
/// To methods it is an oracle whose "gradient" is g.
///
/// ```
/// use nalgebra::DVector;
/// use theoria_models::{Equation, numerics::Fraction, oracle::{NewtonSystem, Oracle}};
///
/// let root_of_two = Equation::new(
///     |x: &Fraction| x.clone() * x.clone() - Fraction::from(2),
///     |x| Fraction::from(2) * x.clone(),
/// );
/// let at = DVector::from_element(1, Fraction::from(1));
/// let mut step = at.clone();
/// root_of_two.gradient(&at, &mut step);
/// assert!(root_of_two.solve(&at, &mut step));
/// assert_eq!(step[0], Fraction::ratio(-1, 2));
/// ```
pub struct Equation<S> {
    value: Function<S>,
    derivative: Function<S>,
}

impl<S: Scalar> Equation<S> {
    /// With this function and its derivative.
    pub fn new(
        value: impl Fn(&S) -> S + Send + Sync + 'static,
        derivative: impl Fn(&S) -> S + Send + Sync + 'static,
    ) -> Self {
        Equation { value: Box::new(value), derivative: Box::new(derivative) }
    }

    /// g(x)
    pub fn value(&self, x: &S) -> S {
        (self.value)(x)
    }

    /// g'(x)
    pub fn derivative(&self, x: &S) -> S {
        (self.derivative)(x)
    }
}

impl<S: Scalar> Oracle<DVector<S>> for Equation<S> {
    fn gradient(&self, at: &DVector<S>, into: &mut DVector<S>) {
        into[0] = self.value(&at[0]);
    }
}

impl<S: Scalar> NewtonSystem<DVector<S>> for Equation<S> {
    fn solve(&self, at: &DVector<S>, right: &mut DVector<S>) -> bool {
        let derivative = self.derivative(&at[0]);
        if derivative == S::from(0.0) {
            return false;
        }
        right[0] = right[0].clone() / derivative;
        true
    }
}
