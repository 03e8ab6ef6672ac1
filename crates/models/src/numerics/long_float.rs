//! Floating-point numbers of any length.

use dashu_float::{FBig, round::mode::HalfEven};

use theoria_elementary::ln;

use super::field_operations::field_operations;
use crate::point::SquareRoot;

/// A floating-point number of `BITS` binary digits; 3.33 of them make a decimal one. Its exponent is practically unbounded.
///
/// Every operation and function is rounded once, to nearest. For what double precision cannot resolve: an order of convergence needs
/// errors over several squarings, 1e-1, 1e-2, 1e-4, … 1e-512.
///
/// ```
/// use theoria_models::{numerics::LongFloat, point::SquareRoot};
/// let root = LongFloat::<1024>::from(2.0).sqrt();
/// let missing = root.clone() * root - LongFloat::from(2.0);
/// assert!(missing.log10_of_size() < -306.0);
/// ```
#[derive(Clone, PartialEq)]
pub struct LongFloat<const BITS: usize>(FBig<HalfEven>);

impl<const BITS: usize> LongFloat<BITS> {
    /// The nearest `f64`: 0 where it is smaller than all of them, infinite where it is larger.
    pub fn nearest(&self) -> f64 {
        self.0.to_f64().value()
    }

    /// Its absolute value.
    #[must_use]
    pub fn abs(self) -> Self {
        if self < Self::from(0.0) { -self } else { self }
    }

    /// The natural logarithm of its absolute value, as an `f64`, also where the number itself is far from all of these; -∞ for 0.
    /// Its error is that of an `f64`.
    pub fn ln_of_size(&self) -> f64 {
        let repr = self.0.repr();
        if *self == Self::from(0.0) {
            return f64::NEG_INFINITY;
        }
        // The leading 64 binary digits, and the power of two that they are multiplied by.
        let significand = FBig::<HalfEven>::from_parts(repr.significand().clone(), 0);
        let shift = repr.digits() as isize - 64;
        let leading = (significand >> shift).to_f64().value().abs();
        ln(leading) + (repr.exponent() + shift) as f64 * std::f64::consts::LN_2
    }

    /// The decimal logarithm of its absolute value: minus the digits before the first that is not 0.
    pub fn log10_of_size(&self) -> f64 {
        self.ln_of_size() / std::f64::consts::LN_10
    }

    /// e to this power.
    #[must_use]
    pub fn exp(self) -> Self {
        Self::rounded(self.0.exp())
    }

    /// e to this power, less 1, without cancellation near 0.
    #[must_use]
    pub fn exp_m1(self) -> Self {
        Self::rounded(self.0.exp_m1())
    }

    /// The natural logarithm.
    ///
    /// # Panics
    /// If the number is not positive.
    #[must_use]
    pub fn ln(self) -> Self {
        assert!(self > Self::from(0.0), "only positive numbers have a logarithm");
        Self::rounded(self.0.ln())
    }

    /// The hyperbolic tangent.
    #[must_use]
    pub fn tanh(self) -> Self {
        Self::rounded(self.0.tanh())
    }

    fn rounded(number: FBig<HalfEven>) -> Self {
        LongFloat(number.with_precision(BITS).value())
    }
}

/// Exactly this number, if `BITS` is at least 53.
///
/// # Panics
/// If the number is not finite.
impl<const BITS: usize> From<f64> for LongFloat<BITS> {
    fn from(number: f64) -> Self {
        assert!(number.is_finite(), "{number} has no digits");
        Self::rounded(FBig::try_from(number).expect("a finite number has digits"))
    }
}

impl<const BITS: usize> std::fmt::Debug for LongFloat<BITS> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.nearest())
    }
}

impl<const BITS: usize> PartialOrd for LongFloat<BITS> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        self.0.partial_cmp(&other.0)
    }
}

impl<const BITS: usize> SquareRoot for LongFloat<BITS> {
    fn sqrt(self) -> Self {
        Self::rounded(dashu_base::SquareRoot::sqrt(&self.0))
    }
}

field_operations!([const BITS: usize] LongFloat<BITS>, LongFloat::rounded);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    type Long = LongFloat<512>;

    proptest! {
        #[test]
        fn operations_are_rounded_once(a in -1e100..1e100f64, b in 1e-100..1e100f64) {
            let (x, y) = (Long::from(a), Long::from(b));
            prop_assert_eq!(x.clone().nearest(), a);
            prop_assert_eq!((x.clone() / y.clone()).nearest(), a / b);
            let missing = x.clone() / y.clone() * y - x.clone();
            prop_assert!(a == 0.0 || missing.ln_of_size() - x.ln_of_size() < -510.0 * std::f64::consts::LN_2);
        }

        #[test]
        fn logarithms_of_sizes_are_those_of_the_numbers(a in 1e-300..1e300f64, power in 1..40i32) {
            let number = (0..power).fold(Long::from(1.0), |product, _| product * Long::from(a));
            let expected = f64::from(power) * a.ln();
            prop_assert!((number.ln_of_size() - expected).abs() <= 1e-14 * expected.abs().max(1.0));
        }

        #[test]
        fn functions_undo_one_another(a in -50.0..50.0f64) {
            let x = Long::from(a);
            prop_assert!((x.clone().exp().ln() - x.clone()).log10_of_size() < -150.0);
            prop_assert!((x.clone().exp() - Long::from(1.0) - x.clone().exp_m1()).ln_of_size() < x.clone().exp().ln_of_size().max(0.0) - 350.0);
            let doubled = (x.clone() + x.clone()).exp();
            let by_exp = (doubled.clone() - Long::from(1.0)) / (doubled + Long::from(1.0));
            prop_assert!((x.tanh() - by_exp).log10_of_size() < -150.0);
        }
    }
}
