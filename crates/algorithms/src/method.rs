//! The shape of a method.

use theoria_models::point::Point;
use theoria_models::{Objective, Vector};

use crate::PreciseMethod;

/// An iterative method with its parameters and its state. `O` is what it asks of the function
/// (traits of `theoria_models::oracle`), `P` the point that it moves.
///
/// The sequence that theorems speak of is `x`; auxiliary sequences (extrapolated points,
/// velocities) are state of the method, set up at its first step. One value of the method serves
/// one run; what it knows at the end is there to be asked for after a run of `&mut method`.
///
/// ```
/// use theoria_algorithms::{Method, Scratch, Trajectory};
/// use theoria_models::{Vector, objectives::Quadratic, oracle::Oracle, point::Point};
///
/// /// x ← x - ∇f(x)/8, for any point and any function with gradients.
/// struct EighthSteps<P>(Scratch<P>);
///
/// impl<P: Point, O: Oracle<P> + ?Sized> Method<P, O> for EighthSteps<P> {
///     fn step(&mut self, oracle: &O, x: &mut P) {
///         let gradient = self.0.like(x);
///         oracle.gradient(x, gradient);
///         x.axpy((-0.125).into(), gradient);
///     }
/// }
///
/// let f = Quadratic::diagonal(&[1.0, 5.0]);
/// let start = Vector::from_vec(vec![1.0, 1.0]);
/// let run = Trajectory::of(EighthSteps(Scratch::default()), &f, &start, 200);
/// assert!(run.last().norm() < 1e-8);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no method for this point and this function",
    label = "this has no step for them",
    note = "a method has a function `step`; it asks the function that it minimises for traits of \
            `theoria_models::oracle`, and the point for those of `theoria_models::point`"
)]
pub trait Method<P, O: ?Sized> {
    /// Moves `x` by one step.
    fn step(&mut self, oracle: &O, x: &mut P);

    /// The same method with the same parameters for vectors of higher precision: the numbers that its steps are made of have thirty
    /// digits too. None where it has no such form, or has made steps already.
    fn in_higher_precision(&self) -> Option<Box<dyn PreciseMethod>> {
        None
    }
}

/// A method that is used again after a run, or asked for what it knows: so it is run itself, not in higher precision.
impl<P, O: ?Sized, M: Method<P, O> + ?Sized> Method<P, O> for &mut M {
    fn step(&mut self, oracle: &O, x: &mut P) {
        (**self).step(oracle, x);
    }
}

impl<P, O: ?Sized, M: Method<P, O> + ?Sized> Method<P, O> for Box<M> {
    fn step(&mut self, oracle: &O, x: &mut P) {
        (**self).step(oracle, x);
    }

    fn in_higher_precision(&self) -> Option<Box<dyn PreciseMethod>> {
        (**self).in_higher_precision()
    }
}

/// A method that moves vectors on every objective, borrowed ones too: what a function asks for that is
/// handed its objective as `&dyn Objective`. (`Method<Vector, dyn Objective>` stands for objectives
/// that borrow nothing.) Every method that asks for gradients or values alone is one.
///
/// ```
/// use theoria_algorithms::{GradientDescent, Trajectory, VectorMethod};
/// use theoria_models::{Objective, Vector, objectives::Quadratic};
///
/// fn value_after_ten_steps(f: &dyn Objective, start: &Vector, method: impl VectorMethod) -> f64 {
///     f.value(&Trajectory::of(method, f, start, 10).last())
/// }
///
/// let start = Vector::from_vec(vec![1.0]);
/// let left = value_after_ten_steps(&Quadratic::diagonal(&[2.0]), &start, GradientDescent::new(0.25));
/// assert_eq!(left, 0.25f64.powi(10));
/// ```
pub trait VectorMethod: for<'f> Method<Vector, dyn Objective + 'f> {}

impl<M: for<'f> Method<Vector, dyn Objective + 'f> + ?Sized> VectorMethod for M {}

/// A place for a gradient or another auxiliary point, so that steps need not allocate. It takes
/// the shape of the first point it is used for, and promises nothing of what it holds: what a step
/// leaves for the next one is no scratch, but state, an `Option` that the first step fills.
#[derive(Debug, Clone)]
pub struct Scratch<P>(Option<P>);

impl<P: Point> Scratch<P> {
    /// A place of the shape of `x`, with whatever was left there.
    pub fn like(&mut self, x: &P) -> &mut P {
        self.0.get_or_insert_with(|| x.zero_like())
    }
}

impl<P> Default for Scratch<P> {
    fn default() -> Self {
        Scratch(None)
    }
}
