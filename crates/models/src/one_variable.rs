//! A function of one variable with its derivatives, in numbers of any kind.

use nalgebra::DVector;

use crate::cubic_model;
use crate::oracle::{CubicModel, NewtonSystem, Oracle, ValuedExactly};
use crate::point::{Point, Scalar, SquareRoot};

type Function<S> = Box<dyn Fn(&S) -> S + Send + Sync>;

/// f with f' and f'', in numbers of any kind: fractions, hundreds of digits. What it adds to an [`Equation`](crate::Equation) is the value, in
/// these numbers too, so that a method can tell whether f falls where a double could not.
///
/// ```
/// use nalgebra::DVector;
/// use theoria_models::{OneVariable, numerics::Fraction, oracle::{NewtonSystem, Oracle, ValuedExactly}};
///
/// let parabola = OneVariable::new(
///     |x: &Fraction| Fraction::from(3) * x.clone() * x.clone(),
///     |x| Fraction::from(6) * x.clone(),
///     |_| Fraction::from(6),
/// );
/// let at = DVector::from_element(1, Fraction::ratio(1, 3));
/// assert_eq!(parabola.value_at(&at), Fraction::ratio(1, 3));
/// let mut step = at.clone();
/// parabola.gradient(&at, &mut step);
/// assert!(parabola.solve(&at, &mut step));
/// assert_eq!(step, at);
/// ```
pub struct OneVariable<S> {
    value: Function<S>,
    first: Function<S>,
    second: Function<S>,
}

impl<S: Scalar> OneVariable<S> {
    /// With this function, its derivative and its second derivative.
    pub fn new(
        value: impl Fn(&S) -> S + Send + Sync + 'static,
        first: impl Fn(&S) -> S + Send + Sync + 'static,
        second: impl Fn(&S) -> S + Send + Sync + 'static,
    ) -> Self {
        OneVariable { value: Box::new(value), first: Box::new(first), second: Box::new(second) }
    }

    /// f(x)
    pub fn value(&self, x: &S) -> S {
        (self.value)(x)
    }

    /// f'(x)
    pub fn first(&self, x: &S) -> S {
        (self.first)(x)
    }

    /// f''(x)
    pub fn second(&self, x: &S) -> S {
        (self.second)(x)
    }
}

impl<S: Scalar> Oracle<DVector<S>> for OneVariable<S> {
    fn gradient(&self, at: &DVector<S>, into: &mut DVector<S>) {
        into[0] = self.first(&at[0]);
    }
}

impl<S: Scalar> ValuedExactly<DVector<S>> for OneVariable<S>
where
    DVector<S>: Point<Scalar = S>,
{
    fn value_at(&self, at: &DVector<S>) -> S {
        self.value(&at[0])
    }
}

impl<S: Scalar> NewtonSystem<DVector<S>> for OneVariable<S> {
    fn solve(&self, at: &DVector<S>, right: &mut DVector<S>) -> bool {
        let second = self.second(&at[0]);
        if second == S::from(0.0) {
            return false;
        }
        right[0] = right[0].clone() / second;
        true
    }
}

impl<S: SquareRoot> CubicModel<DVector<S>> for OneVariable<S>
where
    DVector<S>: Point<Scalar = S>,
{
    fn minimise_cubic(&self, at: &DVector<S>, lipschitz: &S, step: &mut DVector<S>) -> bool {
        let (slope, curvature) = (self.first(&at[0]), self.second(&at[0]));
        step[0] = cubic_model::step_on_a_line(&slope, &curvature, lipschitz);
        !step.diverged()
    }
}
