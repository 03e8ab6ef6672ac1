//! An equation in one unknown with a second derivative.

use nalgebra::DVector;

use crate::Equation;
use crate::oracle::{Bend, NewtonSystem, Oracle};
use crate::point::Scalar;

type Function<S> = Box<dyn Fn(&S) -> S + Send + Sync>;

/// g(x) = 0 in one unknown with g' and g'': what methods of the third order ask for.
///
/// ```
/// use nalgebra::DVector;
/// use theoria_models::{BentEquation, Equation, numerics::Fraction, oracle::Bend};
///
/// let root_of_two = Equation::new(
///     |x: &Fraction| x.clone() * x.clone() - Fraction::from(2),
///     |x| Fraction::from(2) * x.clone(),
/// );
/// let bent = BentEquation::new(root_of_two, |_| Fraction::from(2));
/// let (at, along) = (DVector::from_element(1, Fraction::from(1)), DVector::from_element(1, Fraction::from(3)));
/// let mut into = at.clone();
/// bent.bend(&at, &along, &mut into);
/// assert_eq!(into[0], Fraction::from(18));
/// ```
pub struct BentEquation<S> {
    equation: Equation<S>,
    second: Function<S>,
}

impl<S: Scalar> BentEquation<S> {
    /// This equation with the second derivative of its function.
    pub fn new(equation: Equation<S>, second: impl Fn(&S) -> S + Send + Sync + 'static) -> Self {
        BentEquation { equation, second: Box::new(second) }
    }

    /// The equation.
    pub fn equation(&self) -> &Equation<S> {
        &self.equation
    }

    /// g''(x)
    pub fn second(&self, x: &S) -> S {
        (self.second)(x)
    }
}

impl<S: Scalar> Oracle<DVector<S>> for BentEquation<S> {
    fn gradient(&self, at: &DVector<S>, into: &mut DVector<S>) {
        self.equation.gradient(at, into);
    }
}

impl<S: Scalar> NewtonSystem<DVector<S>> for BentEquation<S> {
    fn solve(&self, at: &DVector<S>, right: &mut DVector<S>) -> bool {
        self.equation.solve(at, right)
    }
}

impl<S: Scalar> Bend<DVector<S>> for BentEquation<S> {
    fn bend(&self, at: &DVector<S>, along: &DVector<S>, into: &mut DVector<S>) {
        into[0] = self.second(&at[0]) * along[0].clone() * along[0].clone();
    }
}
