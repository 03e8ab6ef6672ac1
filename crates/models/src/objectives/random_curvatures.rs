//! One-dimensional quadratics of random curvature.

use crate::stochastic::FiniteSum;
use crate::{Constant, Ensemble, Minimum, Objective, Vector};

/// f(x) = (1/n) Σ a_i x²/2 on R, the linearisation of any finite sum of one variable about a minimiser
/// that all summands share. SGD multiplies x by 1 − η a_B, where a_B is the mean curvature of the batch.
///
/// With batches of B drawn without replacement the second moment of this factor is
/// (1 − ηa)² + η² s² (n − B)/(B(n − 1)), where a and s² are mean and variance of the a_i: linear
/// stability limits sharpness *and* its spread (Wu, Ma, E 2018, Theorem 1).
///
/// ```
/// use theoria_models::objectives::RandomCurvatures;
/// let f = RandomCurvatures::new(vec![0.2, 3.8]);
/// assert_eq!(f.mean(), 2.0);
/// assert!((f.mean_square_threshold(1) - 4.0 / 7.24).abs() < 1e-12);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct RandomCurvatures {
    curvatures: Vec<f64>,
}

impl RandomCurvatures {
    /// With these curvatures a_i.
    ///
    /// # Panics
    /// If there is none, or their mean is not positive.
    pub fn new(curvatures: Vec<f64>) -> Self {
        let sum = RandomCurvatures { curvatures };
        assert!(sum.mean() > 0.0, "curvatures with a positive mean");
        sum
    }

    /// The curvatures a_i.
    pub fn curvatures(&self) -> &[f64] {
        &self.curvatures
    }

    /// Their mean a, the sharpness.
    pub fn mean(&self) -> f64 {
        self.curvatures.iter().sum::<f64>() / self.curvatures.len() as f64
    }

    /// Their variance s², with 1/n.
    pub fn variance(&self) -> f64 {
        let mean = self.mean();
        let squares: f64 = self.curvatures.iter().map(|a| (a - mean).powi(2)).sum();
        squares / self.curvatures.len() as f64
    }

    /// The variance of the mean curvature of a batch drawn without replacement.
    ///
    /// # Panics
    /// If the batch is empty or larger than n.
    pub fn batch_variance(&self, batch: usize) -> f64 {
        let n = self.curvatures.len();
        assert!((1..=n).contains(&batch), "a batch of 1 to {n} samples");
        if batch == n {
            return 0.0;
        }
        self.variance() * (n - batch) as f64 / (batch * (n - 1)) as f64
    }

    /// E (1 − η a_B)²: x² is multiplied by this in the mean.
    ///
    /// # Panics
    /// If the batch is empty or larger than n.
    pub fn mean_square_factor(&self, step: f64, batch: usize) -> f64 {
        (1.0 - step * self.mean()).powi(2) + step * step * self.batch_variance(batch)
    }

    /// The step size 2a/(a² + s_B²) up to which SGD is stable in mean square.
    ///
    /// # Panics
    /// If the batch is empty or larger than n.
    pub fn mean_square_threshold(&self, batch: usize) -> f64 {
        2.0 * self.mean() / (self.mean().powi(2) + self.batch_variance(batch))
    }

    /// The factors 1 − η a_i of single samples, equally likely.
    pub fn factors(&self, step: f64) -> impl Iterator<Item = f64> + '_ {
        self.curvatures.iter().map(move |a| 1.0 - step * a)
    }
}

/// f_i(x) = a_i x²/2.
impl FiniteSum for RandomCurvatures {
    fn samples(&self) -> usize {
        self.curvatures.len()
    }

    fn sample_value(&self, sample: usize, x: &Vector) -> f64 {
        self.curvatures[sample] * x[0] * x[0] / 2.0
    }

    fn sample_gradient_into(&self, sample: usize, x: &Vector, into: &mut Vector) {
        into[0] = self.curvatures[sample] * x[0];
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
            *slope += weight * self.curvatures[sample as usize] * x;
        }
    }
}

impl Objective for RandomCurvatures {
    fn describe(&self) -> String {
        format!("{} parabolas with a common minimum", self.curvatures.len())
    }

    fn dimension(&self) -> usize {
        1
    }

    fn value(&self, x: &Vector) -> f64 {
        self.mean() * x[0] * x[0] / 2.0
    }

    fn gradient_into(&self, x: &Vector, into: &mut Vector) {
        into[0] = self.mean() * x[0];
    }

    fn hessian_vector(&self, _x: &Vector, direction: &Vector) -> Option<Vector> {
        Some(direction * self.mean())
    }

    fn smoothness(&self) -> Option<Constant> {
        Some(Constant::exact(self.mean()))
    }

    fn strong_convexity(&self) -> Option<Constant> {
        Some(Constant::exact(self.mean()))
    }

    fn minimum(&self) -> Option<Minimum> {
        Some(Minimum::exact(0.0))
    }

    fn nearest_minimiser(&self, _x: &Vector) -> Option<Vector> {
        Some(Vector::zeros(1))
    }
}
