//! The operations of numbers that wrap those of another library.

/// Implements the four operations, zero and one for a wrapper of a number that has them, so that matrices of
/// nalgebra can be made of it. `$wrap` makes the wrapper of a result, rounding it if need be.
macro_rules! field_operations {
    ([$($generics:tt)*] $type:ty, $wrap:expr) => {
        impl<$($generics)*> std::ops::Neg for $type {
            type Output = Self;

            fn neg(self) -> Self {
                $wrap(-self.0)
            }
        }

        field_operations!(@operation [$($generics)*] $type, $wrap, Add add AddAssign add_assign +);
        field_operations!(@operation [$($generics)*] $type, $wrap, Sub sub SubAssign sub_assign -);
        field_operations!(@operation [$($generics)*] $type, $wrap, Mul mul MulAssign mul_assign *);
        field_operations!(@operation [$($generics)*] $type, $wrap, Div div DivAssign div_assign /);

        impl<$($generics)*> num_traits::Zero for $type {
            fn zero() -> Self {
                Self::from(0.0)
            }

            fn is_zero(&self) -> bool {
                *self == Self::from(0.0)
            }
        }

        impl<$($generics)*> num_traits::One for $type {
            fn one() -> Self {
                Self::from(1.0)
            }
        }

        impl<$($generics)*> std::iter::Sum for $type {
            fn sum<I: Iterator<Item = Self>>(terms: I) -> Self {
                terms.fold(Self::from(0.0), |sum, term| sum + term)
            }
        }

        impl<$($generics)*> $crate::point::Point for nalgebra::DVector<$type> {
            type Scalar = $type;

            fn axpy(&mut self, a: $type, other: &Self) {
                for (own, others) in self.iter_mut().zip(other.iter()) {
                    *own += a.clone() * others.clone();
                }
            }

            fn scale(&mut self, a: $type) {
                for own in self.iter_mut() {
                    *own *= a.clone();
                }
            }

            fn zero_like(&self) -> Self {
                Self::from_element(self.len(), <$type>::from(0.0))
            }

            fn size(&self) -> f64 {
                self.iter().map(|own| own.nearest().powi(2)).sum::<f64>().sqrt()
            }
        }

        impl<$($generics)*> $crate::point::InnerProduct for nalgebra::DVector<$type> {
            type Product = $type;

            fn inner_product(&self, other: &Self) -> $type {
                self.iter().zip(other.iter()).map(|(own, others)| own.clone() * others.clone()).sum()
            }
        }
    };

    (@operation [$($generics:tt)*] $type:ty, $wrap:expr, $trait:ident $name:ident $assign:ident $in_place:ident $sign:tt) => {
        impl<$($generics)*> std::ops::$trait for $type {
            type Output = Self;

            fn $name(self, other: Self) -> Self {
                $wrap(self.0 $sign other.0)
            }
        }

        impl<$($generics)*> std::ops::$assign for $type {
            fn $in_place(&mut self, other: Self) {
                *self = self.clone() $sign other;
            }
        }
    };
}

pub(super) use field_operations;
