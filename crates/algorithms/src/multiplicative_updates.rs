//! Multiplicative updates for factors without negative entries.

use theoria_models::Vector;
use theoria_models::oracle::SplitGradient;

use crate::Method;

/// x_i ← x_i g⁻_i/g⁺_i, where the gradient is g⁺ - g⁻ with parts that are not negative, for the coordinates of each block in turn (Lee, Seung
/// 2001). A step is one sweep.
///
/// For |A - UV|²/2 with the blocks U and V the value never rises, no entry becomes negative, and an entry that is 0 stays it. [Both blocks
/// at once](MultiplicativeUpdates::together) from the same point it may rise. Where g⁺_i is 0 nothing is done.
///
/// ```
/// use theoria_algorithms::{Method, MultiplicativeUpdates};
/// use theoria_models::{Matrix, Objective, Vector, objectives::NonnegativeFactorisation};
///
/// let f = NonnegativeFactorisation::new(Matrix::from_row_slice(2, 2, &[1.0, 2.0, 3.0, 6.0]), 1);
/// let mut x = Vector::from_element(4, 1.0);
/// MultiplicativeUpdates::in_turn().step(&f, &mut x);
/// assert!(f.value(&x) < 1e-28);
/// ```
#[derive(Debug, Clone, Copy)]
pub struct MultiplicativeUpdates {
    together: bool,
}

impl MultiplicativeUpdates {
    /// Each block after the one before, from what that has left.
    pub fn in_turn() -> Self {
        MultiplicativeUpdates { together: false }
    }

    /// All blocks from the same point: what is often written, and does not always descend.
    pub fn together() -> Self {
        MultiplicativeUpdates { together: true }
    }
}

impl<O: SplitGradient<Vector> + ?Sized> Method<Vector, O> for MultiplicativeUpdates {
    fn step(&mut self, oracle: &O, x: &mut Vector) {
        let before = self.together.then(|| x.clone());
        for (block, range) in oracle.blocks().into_iter().enumerate() {
            let (positive, negative) = oracle.split(block, before.as_ref().unwrap_or(x));
            for (place, i) in range.enumerate() {
                // A part that is nearly 0 makes a ratio that overflows; 0 times that is no number.
                if positive[place] > 0.0 && x[i] > 0.0 {
                    x[i] *= negative[place] / positive[place];
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use theoria_models::objectives::NonnegativeFactorisation;
    use theoria_models::{Matrix, Objective};

    use super::*;

    proptest! {
        #[test]
        fn values_do_not_rise_and_entries_stay_where_they_may_be(
            entries in prop::collection::vec(prop_oneof![Just(0.0), 0.0..3.0f64], 12 + 14),
        ) {
            let f = NonnegativeFactorisation::new(Matrix::from_column_slice(4, 3, &entries[..12]), 2);
            let mut x = Vector::from_column_slice(&entries[12..]);
            let (before, start) = (f.value(&x), x.clone());
            MultiplicativeUpdates::in_turn().step(&f, &mut x);
            prop_assert!(f.value(&x) <= before * (1.0 + 1e-12) + 1e-14);
            prop_assert!(x.iter().zip(&start).all(|(x, s)| *x >= 0.0 && (*s != 0.0 || *x == 0.0)));
        }
    }

    #[test]
    fn both_at_once_may_overshoot() {
        // u = v = √(1/2) for 1: both become √2.
        let f = NonnegativeFactorisation::new(Matrix::from_element(1, 1, 1.0), 1);
        let mut x = Vector::from_element(2, 0.5f64.sqrt());
        let before = f.value(&x);
        MultiplicativeUpdates::together().step(&f, &mut x);
        assert!((f.value(&x) / before - 4.0).abs() < 1e-12);
    }
}
