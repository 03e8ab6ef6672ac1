//! Alternating least squares.

use theoria_models::oracle::BlockMinimisation;

use crate::Method;

/// Each block of variables in turn ← argmin f over it, the others fixed: a step is one sweep. Where f is |A - UV|² and the blocks are U and
/// V, each half step is a problem of least squares (Young, de Leeuw, Takane 1976).
///
/// f never rises. On a matrix that is seen whole a sweep is one of the block power method for AᵀA. There is no step size.
///
/// ```
/// use theoria_algorithms::{AlternatingLeastSquares, Method};
/// use theoria_models::{Matrix, Objective, Vector, objectives::Completion};
///
/// // Of rank 1, and seen whole: one sweep.
/// let matrix = Matrix::from_row_slice(2, 2, &[1.0, 2.0, 3.0, 6.0]);
/// let f = Completion::whole(&matrix, 1);
/// let mut x = Vector::from_element(4, 1.0);
/// AlternatingLeastSquares.step(&f, &mut x);
/// assert!(f.value(&x) < 1e-28);
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct AlternatingLeastSquares;

impl<P, O: BlockMinimisation<P> + ?Sized> Method<P, O> for AlternatingLeastSquares {
    fn step(&mut self, oracle: &O, x: &mut P) {
        for block in 0..oracle.blocks() {
            oracle.minimise_block(block, x);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use theoria_models::objectives::Completion;
    use theoria_models::{Matrix, Objective, Vector};

    use super::*;

    proptest! {
        #[test]
        fn a_sweep_maps_the_row_space_by_the_gram_matrix(
            entries in prop::collection::vec(-1.0..1.0f64, 20), start in prop::collection::vec(-1.0..1.0f64, 8),
        ) {
            let matrix = Matrix::from_column_slice(5, 4, &entries);
            let f = Completion::whole(&matrix, 2);
            let second = Matrix::from_column_slice(2, 4, &start);
            let mut x = f.flatten(&Matrix::zeros(5, 2), &second);
            AlternatingLeastSquares.step(&f, &mut x);
            let mapped = matrix.tr_mul(&(&matrix * second.transpose()));
            let size = mapped.singular_values();
            prop_assume!(size.min() > 1e-3);
            // Rows of V that lie in the image have nothing beside it.
            let basis = mapped.qr().q();
            let rows = f.factors(&x).1.transpose();
            let beside = &rows - &basis * basis.tr_mul(&rows);
            prop_assert!(beside.norm() < 1e-8 * rows.norm() / size.min().powi(2));
            prop_assert!(f.value(&x) <= f.value(&Vector::zeros(18)) * (1.0 + 1e-12));
        }
    }
}
