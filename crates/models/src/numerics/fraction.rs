//! Fractions of whole numbers of any size.

use dashu_ratio::RBig;

use super::field_operations::field_operations;

/// A fraction of whole numbers, which grow as they must: arithmetic without rounding.
///
/// What is exact for real numbers is an equality here: strong duality of linear programmes, a method that ends in so
/// many steps, a rank. Vectors and matrices of fractions are those of nalgebra; see [`elimination`](crate::elimination) for
/// systems of equations.
///
/// ```
/// use theoria_models::numerics::Fraction;
/// let third = Fraction::ratio(1, 3);
/// assert_eq!(third.clone() + third.clone() + third, Fraction::from(1.0));
/// assert_ne!(Fraction::from(0.1), Fraction::ratio(1, 10));
/// assert_eq!(Fraction::ratio(-6, 4).to_string(), "-3/2");
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Fraction(RBig);

impl Fraction {
    /// One whole number by another.
    ///
    /// # Panics
    /// If the denominator is 0.
    pub fn ratio(numerator: i64, denominator: i64) -> Self {
        assert!(denominator != 0, "a fraction has a denominator other than 0");
        Fraction(RBig::from_parts_signed(numerator.into(), denominator.into()))
    }

    /// The nearest `f64`; infinite where it is larger than all of them.
    pub fn nearest(&self) -> f64 {
        self.0.to_f64().value()
    }

    /// Its absolute value.
    #[must_use]
    pub fn abs(self) -> Self {
        if self.is_negative() { -self } else { self }
    }

    /// Whether it is less than 0.
    pub fn is_negative(&self) -> bool {
        self.0 < RBig::ZERO
    }

    /// Whether it is greater than 0.
    pub fn is_positive(&self) -> bool {
        self.0 > RBig::ZERO
    }

    /// The binary digits of numerator and denominator together: what an exact computation costs.
    pub fn bits(&self) -> usize {
        use dashu_base::BitTest;
        self.0.numerator().bit_len() + self.0.denominator().bit_len()
    }
}

/// The fraction that this number is: every finite `f64` is one.
///
/// # Panics
/// If the number is not finite.
impl From<f64> for Fraction {
    fn from(number: f64) -> Self {
        Fraction(RBig::try_from(number).unwrap_or_else(|_| panic!("{number} is no fraction")))
    }
}

impl From<i64> for Fraction {
    fn from(number: i64) -> Self {
        Fraction(RBig::from(number))
    }
}

impl std::fmt::Display for Fraction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::fmt::Debug for Fraction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(&self.0, f)
    }
}

impl PartialOrd for Fraction {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Fraction {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}

field_operations!([] Fraction, Fraction);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_undone_is_what_was(a: i64, b: i64, c in 1..i64::MAX, d in 1..i64::MAX) {
            let (x, y) = (Fraction::ratio(a, c), Fraction::ratio(b, d));
            prop_assert_eq!(x.clone() + y.clone() - y.clone(), x.clone());
            if b != 0 {
                prop_assert_eq!(x.clone() * y.clone() / y, x);
            }
        }

        #[test]
        fn a_finite_number_is_a_fraction_and_its_nearest(number in any::<f64>().prop_filter("finite", |x| x.is_finite())) {
            prop_assert_eq!(Fraction::from(number).nearest(), number);
        }
    }

    #[test]
    #[should_panic(expected = "NaN is no fraction")]
    fn what_is_no_number_is_no_fraction() {
        let _ = Fraction::from(f64::NAN);
    }
}
