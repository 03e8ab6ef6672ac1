//! The shape of a method.

/// An iterative method with its parameters and its state. `O` is what it asks of the function
/// (traits of `theoria_models::oracle`), `P` the point that it moves.
///
/// The sequence that theorems speak of is `x`; auxiliary sequences (extrapolated points,
/// velocities) are state of the method, set up at its first step. One value of the method serves
/// one run.
///
/// ```
/// use theoria_algorithms::{Method, Scratch, Trajectory};
/// use theoria_models::{Vector, objectives::Quadratic, oracle::Oracle, point::Point};
///
/// /// x ← x - 0.1 ∇f(x), for any point and any function with gradients.
/// struct TenthSteps<P>(Scratch<P>);
///
/// impl<P: Point, O: Oracle<P> + ?Sized> Method<P, O> for TenthSteps<P> {
///     fn step(&mut self, oracle: &O, x: &mut P) {
///         let gradient = self.0.like(x);
///         oracle.gradient(x, gradient);
///         x.axpy(-0.1, gradient);
///     }
/// }
///
/// let f = Quadratic::diagonal(&[1.0, 5.0]);
/// let start = Vector::from_vec(vec![1.0, 1.0]);
/// let run = Trajectory::of(TenthSteps(Scratch::default()), &f, &start, 200);
/// assert!(run.last().norm() < 1e-8);
/// ```
pub trait Method<P, O: ?Sized> {
    /// Moves `x` by one step.
    fn step(&mut self, oracle: &O, x: &mut P);
}

/// A place for a gradient or another auxiliary point, so that steps need not allocate. It takes
/// the shape of the first point it is used for.
#[derive(Debug, Clone)]
pub struct Scratch<P>(Option<P>);

impl<P: Clone> Scratch<P> {
    /// A place of the shape of `x`, with whatever was left there; at first a copy of `x`.
    pub fn like(&mut self, x: &P) -> &mut P {
        self.0.get_or_insert_with(|| x.clone())
    }
}

impl<P> Default for Scratch<P> {
    fn default() -> Self {
        Scratch(None)
    }
}
