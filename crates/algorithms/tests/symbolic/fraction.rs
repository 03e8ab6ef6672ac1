//! Fractions, by which symbolic points are scaled without rounding.

use std::cmp::Ordering;
use std::ops::{Add, Div, Mul, Neg, Sub};

/// A fraction in lowest terms with a positive denominator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fraction {
    numerator: i64,
    denominator: i64,
}

pub(crate) fn fraction(numerator: i64, denominator: i64) -> Fraction {
    let (mut divisor, mut rest) = (numerator, denominator);
    while rest != 0 {
        (divisor, rest) = (rest, divisor % rest);
    }
    let divisor = divisor.abs() * denominator.signum();
    Fraction { numerator: numerator / divisor, denominator: denominator / divisor }
}

/// Exact: a double is a fraction with a power of two below.
impl From<f64> for Fraction {
    fn from(number: f64) -> Self {
        let (mut numerator, mut denominator) = (number, 1);
        while numerator.fract() != 0.0 {
            (numerator, denominator) = (2.0 * numerator, 2 * denominator);
        }
        fraction(numerator as i64, denominator)
    }
}

impl PartialOrd for Fraction {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        let (own, others) =
            (self.numerator * other.denominator, other.numerator * self.denominator);
        own.partial_cmp(&others)
    }
}

impl Neg for Fraction {
    type Output = Self;

    fn neg(self) -> Self {
        fraction(-self.numerator, self.denominator)
    }
}

impl Add for Fraction {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        let numerator = self.numerator * other.denominator + other.numerator * self.denominator;
        fraction(numerator, self.denominator * other.denominator)
    }
}

impl Sub for Fraction {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl Mul for Fraction {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        fraction(self.numerator * other.numerator, self.denominator * other.denominator)
    }
}

impl Div for Fraction {
    type Output = Self;

    fn div(self, other: Self) -> Self {
        fraction(self.numerator * other.denominator, self.denominator * other.numerator)
    }
}
