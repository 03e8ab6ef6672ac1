//! The numbers by which points are scaled.

use std::ops::{Add, Div, Mul, Neg, Sub};

/// A number by which points are scaled: a step size, a factor of momentum. Whatever has arithmetic and
/// compares and takes an `f64` is one: `f64` itself, a fraction, a number with hundreds of digits.
///
/// ```
/// use theoria_models::point::Scalar;
///
/// fn standard_step<S: Scalar>(step: usize) -> S {
///     S::from(2.0) / S::from(step as f64 + 2.0)
/// }
/// assert_eq!(standard_step::<f64>(2), 0.5);
/// ```
pub trait Scalar:
    Clone
    + std::fmt::Debug
    + 'static
    + PartialOrd
    + From<f64>
    + Neg<Output = Self>
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
{
}

impl<S> Scalar for S where
    S: Clone
        + std::fmt::Debug
        + 'static
        + PartialOrd
        + From<f64>
        + Neg<Output = S>
        + Add<Output = S>
        + Sub<Output = S>
        + Mul<Output = S>
        + Div<Output = S>
{
}

/// Numbers with square roots, of which the momentum of accelerated methods is made; fractions have none.
#[diagnostic::on_unimplemented(
    message = "numbers of type `{Self}` have no square roots",
    label = "the method computes its step sizes or its momentum with square roots",
    note = "fractions serve methods that need only the four operations: gradient descent, heavy ball, \
            proximal gradient descent, Frank–Wolfe"
)]
pub trait SquareRoot: Scalar {
    /// The square root of a number that is not negative.
    #[must_use]
    fn sqrt(self) -> Self;
}

impl SquareRoot for f64 {
    fn sqrt(self) -> Self {
        f64::sqrt(self)
    }
}
