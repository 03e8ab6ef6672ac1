//! Cyclic coordinate descent.

use theoria_models::oracle::CoordinateMinimisation;

use crate::Method;

/// x_j ← argmin F along coordinate j, for j = 1, ..., d in turn: a step is one sweep (Tseng 2001; Friedman, Hastie,
/// Höfling, Tibshirani 2007).
///
/// F never rises. Where F is a smooth convex function and a separable convex one, the limits are minimisers. There is no
/// step size. What is kept from one coordinate to the next is computed anew in each sweep, lest its rounding adds up.
///
/// ```
/// use theoria_algorithms::{CoordinateDescent, Method};
/// use theoria_models::{Matrix, Vector, objectives::Lasso};
///
/// // The columns are orthogonal: one sweep finds the soft threshold.
/// let f = Lasso::new(Matrix::identity(2, 2), Vector::from_vec(vec![3.0, 0.1]), 1.0);
/// let mut a = Vector::zeros(2);
/// CoordinateDescent.step(&f, &mut a);
/// assert_eq!(a.as_slice(), [2.5, 0.0]);
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct CoordinateDescent;

impl<P, O: CoordinateMinimisation<P> + ?Sized> Method<P, O> for CoordinateDescent {
    fn step(&mut self, oracle: &O, x: &mut P) {
        let mut kept = oracle.keep(x);
        for j in 0..oracle.coordinates() {
            oracle.minimise_coordinate(j, x, &mut kept);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use theoria_models::objectives::Lasso;
    use theoria_models::{Matrix, Vector};

    use super::*;

    proptest! {
        #[test]
        fn after_each_coordinate_no_change_of_it_lowers_the_value(
            x in prop::collection::vec(-2.0..2.0f64, 12), y in prop::collection::vec(-2.0..2.0f64, 4),
            start in prop::collection::vec(-2.0..2.0f64, 3), weight in 0.0..3.0f64,
            apart in -1.0..1.0f64,
        ) {
            let f = Lasso::new(Matrix::from_row_slice(4, 3, &x), Vector::from_vec(y), weight);
            let mut a = Vector::from_vec(start);
            let before = f.value(&a);
            CoordinateDescent.step(&f, &mut a);
            // The last coordinate is the minimiser, given the others.
            let mut moved = a.clone();
            moved[2] += apart;
            prop_assert!(f.value(&a) <= f.value(&moved) + 1e-12 * before);
            prop_assert!(f.value(&a) <= before + 1e-12 * before);
        }
    }
}
