//! Numbers of twice the precision, for reference values: the sum of two doubles (Dekker 1971; Knuth 1969).

use std::ops::{Add, Div, Mul, Neg, Sub};

/// high + low, |low| at most half a unit of the last place of high: 106 bits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Double {
    high: f64,
    low: f64,
}

impl Double {
    pub(crate) fn value(self) -> f64 {
        self.high
    }

    pub(crate) fn abs(self) -> Self {
        if self.high < 0.0 { -self } else { self }
    }

    pub(crate) fn max(self, other: Self) -> Self {
        if (self - other).high < 0.0 { other } else { self }
    }
}

impl From<f64> for Double {
    fn from(number: f64) -> Self {
        Double { high: number, low: 0.0 }
    }
}

/// a + b and what rounding takes off.
fn two_sum(a: f64, b: f64) -> Double {
    let high = a + b;
    let virtual_b = high - a;
    Double { high, low: (a - (high - virtual_b)) + (b - virtual_b) }
}

impl Add for Double {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        let (high, low) = (two_sum(self.high, other.high), two_sum(self.low, other.low));
        let sum = two_sum(high.high, high.low + low.high);
        two_sum(sum.high, sum.low + low.low)
    }
}

impl Neg for Double {
    type Output = Self;
    fn neg(self) -> Self {
        Double { high: -self.high, low: -self.low }
    }
}

impl Sub for Double {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl Mul for Double {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        let high = self.high * other.high;
        let low = self.high.mul_add(other.high, -high);
        two_sum(high, low + (self.high * other.low + self.low * other.high))
    }
}

impl Div for Double {
    type Output = Self;
    fn div(self, other: Self) -> Self {
        let first = Double::from(self.high / other.high);
        let second = Double::from((self - first * other).high / other.high);
        first + second + Double::from((self - (first + second) * other).high / other.high)
    }
}

impl std::iter::Sum for Double {
    fn sum<I: Iterator<Item = Self>>(numbers: I) -> Self {
        numbers.fold(0.0.into(), |sum, number| sum + number)
    }
}
