//! Cyclic coordinate descent that leaves out what a duality gap proves to be 0.

use theoria_models::oracle::SafeScreening;

use crate::Method;

/// Sweeps of [coordinate descent](crate::CoordinateDescent) over the coordinates that may not be 0 at a minimiser. After each sweep a duality
/// gap proves that some are, and they are left out from then on (gap safe screening: Fercoq, Gramfort, Salmon 2015; Ndiaye, Fercoq, Gramfort,
/// Salmon 2017).
///
/// F never rises but where a coordinate that is not 0 is proved to be so. As the gap goes to 0, every coordinate is left out whose dual
/// constraint holds strictly. A method belongs to one run: what was left out stays out.
///
/// ```
/// use theoria_algorithms::{Method, ScreenedCoordinateDescent};
/// use theoria_models::{Matrix, Vector, objectives::Lasso};
///
/// let f = Lasso::new(Matrix::identity(2, 2), Vector::from_vec(vec![3.0, 0.1]), 1.0);
/// let (mut method, mut a) = (ScreenedCoordinateDescent::default(), Vector::zeros(2));
/// method.step(&f, &mut a);
/// assert_eq!(a.as_slice(), [2.5, 0.0]);
/// assert_eq!(method.active(), Some(&[0][..]));
/// assert!(method.gap().unwrap() < 1e-13);
/// ```
#[derive(Debug, Clone, Default)]
pub struct ScreenedCoordinateDescent {
    active: Option<Vec<usize>>,
    gap: Option<f64>,
}

impl ScreenedCoordinateDescent {
    /// The coordinates that are still looked at, in order; none before the first step.
    pub fn active(&self) -> Option<&[usize]> {
        self.active.as_deref()
    }

    /// The duality gap after the last step: F is not further than that above its minimum.
    pub fn gap(&self) -> Option<f64> {
        self.gap
    }
}

impl<P, O: SafeScreening<P> + ?Sized> Method<P, O> for ScreenedCoordinateDescent {
    fn step(&mut self, oracle: &O, x: &mut P) {
        let active = self.active.get_or_insert_with(|| (0..oracle.coordinates()).collect());
        let mut kept = oracle.keep(x);
        for &j in active.iter() {
            oracle.minimise_coordinate(j, x, &mut kept);
        }
        self.gap = Some(oracle.screen(x, &mut kept, active));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use theoria_models::objectives::Lasso;
    use theoria_models::{Matrix, Vector};

    use super::*;
    use crate::CoordinateDescent;

    proptest! {
        #[test]
        fn it_ends_where_all_sweeps_end(
            x in prop::collection::vec(-2.0..2.0f64, 40), y in prop::collection::vec(-2.0..2.0f64, 8), share in 0.05..0.9f64,
        ) {
            let f = Lasso::new(Matrix::from_row_slice(8, 5, &x), Vector::from_vec(y), 1.0);
            let f = f.weighing(share * f.threshold());
            let (mut method, mut a, mut b) =
                (ScreenedCoordinateDescent::default(), Vector::zeros(5), Vector::zeros(5));
            for _ in 0..300 {
                method.step(&f, &mut a);
                CoordinateDescent.step(&f, &mut b);
                let gap = method.gap().unwrap();
                prop_assert!(f.value(&a) - gap <= f.value(&b));
            }
            prop_assert!((f.value(&a) - f.value(&b)).abs() <= 1e-12 * f.value(&Vector::zeros(5)));
        }
    }
}
