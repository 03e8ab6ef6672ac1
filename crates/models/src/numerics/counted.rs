//! Numbers that count what is done with them.

use std::cell::Cell;
use std::ops::{Add, Div, Mul, Neg, Sub};

use super::field_operations::field_operations;

thread_local! {
    static PRODUCTS: Cell<u64> = const { Cell::new(0) };
}

/// A double whose multiplications and divisions are counted, so that what a method costs is a whole number, and not the time of a machine.
///
/// ```
/// use nalgebra::DMatrix;
/// use theoria_models::{elimination, numerics::Counted};
/// let matrix = DMatrix::from_fn(5, 5, |i, j| Counted::from(1.0 / (1.0 + i as f64 + j as f64)));
/// let right = matrix.column(0).into_owned();
/// // n³/3 + n² - n/3
/// let (_, products) = Counted::products_of(|| elimination::solve(&matrix, &right));
/// assert_eq!(products, 65);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Counted(Number);

impl Counted {
    /// The number itself.
    pub fn nearest(&self) -> f64 {
        self.0.0
    }

    /// What it gives, and how many multiplications and divisions of such numbers it makes, on this thread.
    pub fn products_of<R>(run: impl FnOnce() -> R) -> (R, u64) {
        let before = PRODUCTS.get();
        let result = run();
        (result, PRODUCTS.get() - before)
    }
}

impl From<f64> for Counted {
    fn from(number: f64) -> Self {
        Counted(Number(number))
    }
}

field_operations!([] Counted, Counted);

/// What the operations of the wrapper are made of.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
struct Number(f64);

impl Neg for Number {
    type Output = Self;

    fn neg(self) -> Self {
        Number(-self.0)
    }
}

impl Add for Number {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Number(self.0 + other.0)
    }
}

impl Sub for Number {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Number(self.0 - other.0)
    }
}

impl Mul for Number {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        PRODUCTS.set(PRODUCTS.get() + 1);
        Number(self.0 * other.0)
    }
}

impl Div for Number {
    type Output = Self;

    fn div(self, other: Self) -> Self {
        PRODUCTS.set(PRODUCTS.get() + 1);
        Number(self.0 / other.0)
    }
}

#[cfg(test)]
mod tests {
    use nalgebra::DVector;

    use super::*;
    use crate::point::{InnerProduct, Point};

    #[test]
    fn products_are_counted_and_sums_are_not() {
        let vector = || DVector::from_element(7, Counted::from(2.0));
        let (product, count) = Counted::products_of(|| vector().inner_product(&vector()));
        assert_eq!((product.nearest(), count), (28.0, 7));
        let mut x = vector();
        let ((), count) = Counted::products_of(|| Point::axpy(&mut x, 0.5.into(), &vector()));
        assert_eq!((x[6].nearest(), count), (3.0, 7));
        let ((), count) =
            Counted::products_of(|| assert!(-(x[0] + x[1]) - x[2] / x[3] < 0.0.into()));
        assert_eq!(count, 1);
    }
}
