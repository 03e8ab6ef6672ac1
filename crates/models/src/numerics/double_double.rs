//! Numbers of twice the precision.

use std::cmp::Ordering;
use std::ops::{Add, Div, Mul, Neg, Sub};

use crate::point::SquareRoot;

/// A number with twice the digits of an `f64`, some thirty: the unevaluated sum of two, the second of them the rounding
/// error of the first.
///
/// One operation has a relative error of at most [`ROUNDOFF`](DoubleDouble::ROUNDOFF), unless the result is so near to the smallest
/// numbers that its second half underflows (algorithms 6, 12 and 17 of Joldes, Muller, Popescu 2017, *Tight and rigorous error
/// bounds for basic building blocks of double-word arithmetic*; the root of Lefèvre, Louvet, Muller, Picot, Rideau 2023). What is
/// not finite has no digits, and its nearest `f64` is not finite.
///
/// ```
/// use theoria_models::numerics::DoubleDouble;
/// let third = DoubleDouble::from(1.0) / DoubleDouble::from(3.0);
/// let missing = DoubleDouble::from(1.0) - third * DoubleDouble::from(3.0);
/// assert!(missing.nearest().abs() < 1e-31);
/// assert_eq!(third.nearest(), 1.0 / 3.0);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct DoubleDouble {
    high: f64,
    low: f64,
}

impl DoubleDouble {
    /// Bound on the relative error of one operation, 2⁻¹⁰².
    pub const ROUNDOFF: f64 = f64::EPSILON * f64::EPSILON * 4.0;

    /// The nearest `f64`.
    pub fn nearest(self) -> f64 {
        self.high
    }

    /// What the nearest `f64` leaves.
    pub fn remainder(self) -> f64 {
        self.low
    }

    /// Its absolute value.
    #[must_use]
    pub fn abs(self) -> Self {
        if self < Self::default() { -self } else { self }
    }

    /// The nearest number between these two.
    #[must_use]
    pub fn clamp(self, low: f64, high: f64) -> Self {
        if self < low.into() {
            low.into()
        } else if self > high.into() {
            high.into()
        } else {
            self
        }
    }

    /// Where `high` is the larger of the two, or they do not overlap.
    fn of_ordered(high: f64, low: f64) -> Self {
        let sum = high + low;
        DoubleDouble { high: sum, low: low - (sum - high) }
    }

    /// The sum, exactly.
    fn of_sum(a: f64, b: f64) -> Self {
        let sum = a + b;
        let of_b = sum - a;
        DoubleDouble { high: sum, low: (a - (sum - of_b)) + (b - of_b) }
    }

    /// The product, exactly.
    fn of_product(a: f64, b: f64) -> Self {
        let product = a * b;
        DoubleDouble { high: product, low: a.mul_add(b, -product) }
    }
}

impl From<f64> for DoubleDouble {
    fn from(number: f64) -> Self {
        DoubleDouble { high: number, low: 0.0 }
    }
}

/// That of both halves one after the other is the order of the numbers.
impl PartialOrd for DoubleDouble {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        let halves = self.high.partial_cmp(&other.high)?;
        if halves == Ordering::Equal { self.low.partial_cmp(&other.low) } else { Some(halves) }
    }
}

impl Neg for DoubleDouble {
    type Output = Self;

    fn neg(self) -> Self {
        DoubleDouble { high: -self.high, low: -self.low }
    }
}

impl Add for DoubleDouble {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        let high = Self::of_sum(self.high, other.high);
        let low = Self::of_sum(self.low, other.low);
        let sum = Self::of_ordered(high.high, high.low + low.high);
        Self::of_ordered(sum.high, low.low + sum.low)
    }
}

impl Sub for DoubleDouble {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl Mul for DoubleDouble {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        let product = Self::of_product(self.high, other.high);
        let crossed = self.high.mul_add(other.low, self.low * other.low);
        let crossed = self.low.mul_add(other.high, crossed);
        Self::of_ordered(product.high, product.low + crossed)
    }
}

impl Div for DoubleDouble {
    type Output = Self;

    fn div(self, other: Self) -> Self {
        let quotient = self.high / other.high;
        let product = Self::of_product(other.high, quotient);
        let product = Self::of_ordered(product.high, other.low.mul_add(quotient, product.low));
        let left = (self.high - product.high) + (self.low - product.low);
        Self::of_ordered(quotient, left / other.high)
    }
}

impl SquareRoot for DoubleDouble {
    fn sqrt(self) -> Self {
        if self == Self::default() {
            return self;
        }
        let root = self.high.sqrt();
        let left = (-root).mul_add(root, self.high) + self.low;
        Self::of_ordered(root, left / (2.0 * root))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The number times 2^`bits`, where that is whole.
    fn scaled(number: DoubleDouble, bits: i32) -> i128 {
        let scale = f64::from(bits).exp2();
        let half = |half: f64| (half * scale) as i128;
        half(number.high) + half(number.low)
    }

    /// The number numerator/2^`bits`.
    fn fixed(numerator: i128, bits: i32) -> DoubleDouble {
        let high = numerator as f64;
        let scale = f64::from(-bits).exp2();
        DoubleDouble::of_ordered(high * scale, (numerator - high as i128) as f64 * scale)
    }

    proptest! {
        #[test]
        fn sums_and_products_of_whole_numbers_are_exact(a in -1i64 << 52..1 << 52, b in -1i64 << 52..1 << 52) {
            let (x, y) = (DoubleDouble::from(a as f64), DoubleDouble::from(b as f64));
            let (a, b) = (i128::from(a), i128::from(b));
            prop_assert_eq!(scaled(x * y, 0), a * b);
            // With digits far below: both halves take part.
            let tail = |number: i128| fixed((number << 50) + 1, 50);
            prop_assert_eq!(scaled(tail(a) + tail(b), 50), ((a + b) << 50) + 2);
            prop_assert_eq!(scaled(tail(a) - tail(b), 50), (a - b) << 50);
            prop_assert_eq!(x.partial_cmp(&y), a.partial_cmp(&b));
            prop_assert!(a >= b || tail(a) < tail(b));
        }

        #[test]
        fn quotients_and_roots_undo_products(a in 1i64 << 40..1 << 62, b in 1i64 << 40..1 << 62) {
            // Beyond 53 bits.
            let (x, y) = (fixed(i128::from(a), 31), fixed(i128::from(b), 31));
            let off = |z: DoubleDouble| ((z - x) / x).nearest().abs();
            prop_assert!(off(x * y / y) <= 2.0 * DoubleDouble::ROUNDOFF);
            prop_assert!(off((x / y) * y) <= 2.0 * DoubleDouble::ROUNDOFF);
            prop_assert!(off((x * x).sqrt()) <= 2.0 * DoubleDouble::ROUNDOFF);
            let root = x.sqrt();
            prop_assert!(off(root * root) <= 3.0 * DoubleDouble::ROUNDOFF);
        }
    }

    #[test]
    fn digits_are_those_of_the_tables() {
        // √2 and 1/7 in two halves, from sixty digits.
        let root = DoubleDouble::from(2.0).sqrt();
        assert_eq!(root.high, std::f64::consts::SQRT_2);
        assert!(
            (root.low - -9.667_293_313_452_913e-17).abs() <= root.high * DoubleDouble::ROUNDOFF
        );
        let seventh = DoubleDouble::from(1.0) / DoubleDouble::from(7.0);
        assert!(
            (seventh.low - 7.930_164_461_608_26e-18).abs() <= seventh.high * DoubleDouble::ROUNDOFF
        );
    }

    #[test]
    fn what_is_not_finite_says_so() {
        let infinite = DoubleDouble::from(f64::MAX) * DoubleDouble::from(2.0);
        assert!(!infinite.nearest().is_finite() && !(infinite - infinite).nearest().is_finite());
        assert_eq!(DoubleDouble::default().sqrt(), DoubleDouble::default());
    }

    #[test]
    fn numbers_are_clamped_between_ends() {
        let x = DoubleDouble::from(1.0) + DoubleDouble::from(1e-20);
        assert_eq!(x.clamp(0.0, 1.0), 1.0.into());
        assert_eq!(x.clamp(0.0, 2.0), x);
        assert_eq!((-x).clamp(0.0, 2.0), 0.0.into());
        assert_eq!((-x).abs(), x);
    }
}
