//! The exponential loss of a linear classifier, in as many digits as are wanted.

use nalgebra::{DMatrix, DVector};

use crate::elimination;
use crate::numerics::LongFloat;
use crate::oracle::{NewtonSystem, Oracle};

/// f(w) = Σ e^{-z_i·w} with the samples z_i, each multiplied by its label, as rows. Where one w has all z_i·w > 0 the data are separable,
/// and the infimum 0 is not attained.
///
/// Far out, where the terms are as small as they come and of sizes that differ by hundreds of digits, doubles know nothing of the Hessian; `BITS`
/// binary digits resolve terms whose logarithms differ by 0.69 `BITS`.
///
/// ```
/// use nalgebra::{DMatrix, DVector};
/// use theoria_models::{ExponentialLoss, numerics::LongFloat, oracle::{NewtonSystem, Oracle}};
///
/// let number = LongFloat::<256>::from;
/// let loss = ExponentialLoss::new(DMatrix::from_element(1, 1, number(2.0)));
/// let w = DVector::from_element(1, number(1000.0));
/// let mut step = w.clone();
/// loss.gradient(&w, &mut step);
/// assert!(loss.solve(&w, &mut step));
/// assert_eq!(step[0].nearest(), -0.5);
/// ```
#[derive(Debug, Clone)]
pub struct ExponentialLoss<const BITS: usize> {
    samples: DMatrix<LongFloat<BITS>>,
}

impl<const BITS: usize> ExponentialLoss<BITS> {
    /// With the samples as rows, each multiplied by its label.
    pub fn new(samples: DMatrix<LongFloat<BITS>>) -> Self {
        ExponentialLoss { samples }
    }

    /// z_i·w for every sample.
    pub fn margins(&self, w: &DVector<LongFloat<BITS>>) -> DVector<LongFloat<BITS>> {
        DVector::from_fn(self.samples.nrows(), |i, _| {
            (0..w.len()).map(|j| self.samples[(i, j)].clone() * w[j].clone()).sum()
        })
    }

    /// e^{-z_i·w} for every sample.
    fn terms(&self, w: &DVector<LongFloat<BITS>>) -> DVector<LongFloat<BITS>> {
        self.margins(w).map(|margin| (-margin).exp())
    }

    /// f(w)
    pub fn value(&self, w: &DVector<LongFloat<BITS>>) -> LongFloat<BITS> {
        self.terms(w).iter().cloned().sum()
    }
}

impl<const BITS: usize> Oracle<DVector<LongFloat<BITS>>> for ExponentialLoss<BITS> {
    fn gradient(&self, at: &DVector<LongFloat<BITS>>, into: &mut DVector<LongFloat<BITS>>) {
        let terms = self.terms(at);
        for j in 0..at.len() {
            let parts = (0..terms.len()).map(|i| terms[i].clone() * self.samples[(i, j)].clone());
            into[j] = -parts.sum::<LongFloat<BITS>>();
        }
    }
}

impl<const BITS: usize> NewtonSystem<DVector<LongFloat<BITS>>> for ExponentialLoss<BITS> {
    fn solve(&self, at: &DVector<LongFloat<BITS>>, right: &mut DVector<LongFloat<BITS>>) -> bool {
        let (terms, size) = (self.terms(at), at.len());
        let hessian = DMatrix::from_fn(size, size, |j, k| {
            (0..terms.len())
                .map(|i| {
                    let product = self.samples[(i, j)].clone() * self.samples[(i, k)].clone();
                    terms[i].clone() * product
                })
                .sum()
        });
        let solution = elimination::solve_definite(&hessian, right);
        let solved = solution.is_some();
        if let Some(solution) = solution {
            *right = solution;
        }
        solved
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    type Long = LongFloat<256>;

    proptest! {
        #[test]
        fn derivatives_are_limits_of_differences(
            samples in proptest::collection::vec(-2.0..2.0f64, 6),
            point in proptest::collection::vec(-2.0..2.0f64, 2),
            along in proptest::collection::vec(-2.0..2.0f64, 2),
        ) {
            let loss = ExponentialLoss::new(DMatrix::from_fn(3, 2, |i, j| Long::from(samples[2 * i + j])));
            let vector = |entries: &[f64]| DVector::from_fn(2, |i, _| Long::from(entries[i]));
            let (w, v) = (vector(&point), vector(&along));
            let small = Long::from(2f64.powi(-60));
            let moved = |sign: f64| &w + v.map(|v| v * small.clone() * Long::from(sign));
            let (before, after) = (moved(-1.0), moved(1.0));
            let dot = |a: &DVector<Long>| -> Long { a.iter().zip(v.iter()).map(|(a, b)| a.clone() * b.clone()).sum() };
            let twice = || Long::from(2.0) * small.clone();
            let mut gradient = w.clone();
            loss.gradient(&w, &mut gradient);
            let difference = (loss.value(&after) - loss.value(&before)) / twice();
            prop_assert!((dot(&gradient) - difference).nearest().abs() < 1e-25);
            // H⁻¹ times the change of the gradient is the way.
            let (mut low, mut high) = (w.clone(), w.clone());
            loss.gradient(&before, &mut low);
            loss.gradient(&after, &mut high);
            let mut change = (high - low).map(|x| x / twice());
            prop_assume!(loss.solve(&w, &mut change));
            prop_assert!((change - v.clone()).iter().all(|x| x.nearest().abs() < 1e-15));
        }
    }
}
