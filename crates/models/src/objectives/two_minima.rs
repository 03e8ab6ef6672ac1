//! Two minima of one sharpness, of which SGD likes one.

use super::RandomCurvatures;
use crate::stochastic::FiniteSum;
use crate::{Ensemble, Minimum, Objective, Vector};

/// f = (1/n) Σ f_i on R with f_i(x) = min{p_i x², q_i (x − 1)²}: all f_i vanish at 0 and at 1, and f
/// has the curvatures 2 mean(p) and 2 mean(q) there, while those of the samples may differ
/// (E, Ma, Wojtowytsch, Wu 2020, section 5.5; Wu, Ma, E 2018).
///
/// Not differentiable where a sample changes sides; there the parabola at 0 counts.
///
/// ```
/// use theoria_models::objectives::TwoMinima;
/// let f = TwoMinima::even_and_uneven();
/// // Gradient descent cannot tell them apart, SGD can.
/// assert_eq!((f.at_zero().mean(), f.at_one().mean()), (2.0, 2.0));
/// assert!(f.at_zero().variance() == 0.0 && (f.at_one().variance() - 3.24).abs() < 1e-12);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct TwoMinima {
    pairs: Vec<(f64, f64)>,
}

impl TwoMinima {
    /// From pairs (p_i, q_i), one a sample.
    ///
    /// # Panics
    /// If there is none, or a number is not positive.
    pub fn new(pairs: Vec<(f64, f64)>) -> Self {
        assert!(!pairs.is_empty(), "at least one sample");
        let positive = |&(p, q): &(f64, f64)| p > 0.0 && q > 0.0;
        assert!(pairs.iter().all(positive), "curvatures are positive");
        TwoMinima { pairs }
    }

    /// min{x², 0.1 (x − 1)²} and min{x², 1.9 (x − 1)²}: curvature 2 at both minima, evenly shared at 0
    /// and as 0.2 and 3.8 at 1.
    pub fn even_and_uneven() -> Self {
        Self::new(vec![(1.0, 0.1), (1.0, 1.9)])
    }

    /// Curvatures 2p_i of the samples at the minimum 0.
    pub fn at_zero(&self) -> RandomCurvatures {
        RandomCurvatures::new(self.pairs.iter().map(|(p, _)| 2.0 * p).collect())
    }

    /// Curvatures 2q_i of the samples at the minimum 1.
    pub fn at_one(&self) -> RandomCurvatures {
        RandomCurvatures::new(self.pairs.iter().map(|(_, q)| 2.0 * q).collect())
    }

    fn slope_and_curvature(&self, sample: usize, x: f64) -> (f64, f64) {
        let (p, q) = self.pairs[sample];
        if p * x * x <= q * (x - 1.0).powi(2) {
            (2.0 * p * x, 2.0 * p)
        } else {
            (2.0 * q * (x - 1.0), 2.0 * q)
        }
    }

    fn mean(&self, of: impl Fn(usize) -> f64) -> f64 {
        (0..self.samples()).map(of).sum::<f64>() / self.samples() as f64
    }
}

impl FiniteSum for TwoMinima {
    fn samples(&self) -> usize {
        self.pairs.len()
    }

    fn sample_value(&self, sample: usize, x: &Vector) -> f64 {
        let (p, q) = self.pairs[sample];
        (p * x[0] * x[0]).min(q * (x[0] - 1.0).powi(2))
    }

    fn sample_gradient_into(&self, sample: usize, x: &Vector, into: &mut Vector) {
        into[0] = self.slope_and_curvature(sample, x[0]).0;
    }

    fn add_sample_gradients(
        &self,
        samples: &[u32],
        weight: f64,
        at: &Ensemble,
        into: &mut Ensemble,
    ) {
        let points = samples.iter().zip(at.coordinate(0));
        for (slope, (&sample, &x)) in into.coordinate_mut(0).iter_mut().zip(points) {
            *slope += weight * self.slope_and_curvature(sample as usize, x).0;
        }
    }
}

impl Objective for TwoMinima {
    fn describe(&self) -> String {
        format!("{} samples with minima at 0 and 1", self.samples())
    }

    fn dimension(&self) -> usize {
        1
    }

    fn value(&self, x: &Vector) -> f64 {
        self.mean(|sample| self.sample_value(sample, x))
    }

    fn gradient_into(&self, x: &Vector, into: &mut Vector) {
        into[0] = self.mean(|sample| self.slope_and_curvature(sample, x[0]).0);
    }

    fn gradient_block(&self, at: &Ensemble, into: &mut Ensemble) {
        for (slope, &x) in into.coordinate_mut(0).iter_mut().zip(at.coordinate(0)) {
            *slope = self.mean(|sample| self.slope_and_curvature(sample, x).0);
        }
    }

    fn hessian_vector(&self, x: &Vector, direction: &Vector) -> Option<Vector> {
        let curvature = self.mean(|sample| self.slope_and_curvature(sample, x[0]).1);
        Some(direction * curvature)
    }

    fn minimum(&self) -> Option<Minimum> {
        Some(Minimum::exact(0.0))
    }

    fn nearest_minimiser(&self, x: &Vector) -> Option<Vector> {
        Some(Vector::from_element(1, if x[0] < 0.5 { 0.0 } else { 1.0 }))
    }
}
