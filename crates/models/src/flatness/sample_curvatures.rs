//! Minima that SGD can stay at.

use super::FactorLaw;
use crate::numerics::bisect;

/// The curvatures a_i of n samples of one variable at a minimiser that all of them share. SGD about it
/// multiplies the distance by 1 − η a_B, where a_B is the mean curvature of the batch.
///
/// With batches of B drawn without replacement the second moment of this factor is
/// (1 − ηa)² + η² s² (n − B)/(B(n − 1)), where a and s² are mean and variance of the a_i: linear
/// stability limits sharpness *and* its spread (Wu, Ma, E 2018, Theorem 1).
///
/// ```
/// use theoria_models::flatness::SampleCurvatures;
/// let uneven = SampleCurvatures::new(vec![0.2, 3.8]);
/// assert_eq!(uneven.mean(), 2.0);
/// assert!((uneven.mean_square_threshold(1) - 4.0 / 7.24).abs() < 1e-12);
/// // In mean square SGD leaves at a smaller step size than almost surely.
/// assert!(uneven.mean_square_threshold(1) < uneven.lyapunov_threshold());
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct SampleCurvatures {
    numbers: Vec<f64>,
}

impl SampleCurvatures {
    /// These a_i.
    ///
    /// # Panics
    /// If there is none, or their mean is not positive.
    pub fn new(numbers: Vec<f64>) -> Self {
        let curvatures = SampleCurvatures { numbers };
        assert!(curvatures.mean() > 0.0, "curvatures with a positive mean");
        curvatures
    }

    /// The a_i, n.
    pub fn as_slice(&self) -> &[f64] {
        &self.numbers
    }

    /// Their mean a, the sharpness.
    pub fn mean(&self) -> f64 {
        self.numbers.iter().sum::<f64>() / self.numbers.len() as f64
    }

    /// Their variance s², with 1/n.
    pub fn variance(&self) -> f64 {
        let mean = self.mean();
        let squares: f64 = self.numbers.iter().map(|a| (a - mean).powi(2)).sum();
        squares / self.numbers.len() as f64
    }

    /// The variance of the mean curvature of a batch drawn without replacement.
    ///
    /// # Panics
    /// If the batch is empty or larger than n.
    pub fn batch_variance(&self, batch: usize) -> f64 {
        let n = self.numbers.len();
        assert!((1..=n).contains(&batch), "a batch of 1 to {n} samples");
        if batch == n {
            return 0.0;
        }
        self.variance() * (n - batch) as f64 / (batch * (n - 1)) as f64
    }

    /// E (1 − η a_B)²: the squared distance is multiplied by this in the mean.
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

    /// The law of the factor 1 − η a_i of a single sample.
    ///
    /// # Panics
    /// If η is not finite.
    pub fn factors(&self, step: f64) -> FactorLaw {
        let factors = FactorLaw::uniform(self.numbers.iter().map(|a| 1.0 - step * a));
        factors.unwrap_or_else(|error| panic!("{error}"))
    }

    /// The smallest step size η at which E log|1 − η a_i| rises to 0, to rounding: up to it SGD with
    /// single samples is stable almost surely.
    ///
    /// # Panics
    /// If it does not rise to 0 up to 10 over the mean curvature.
    pub fn lyapunov_threshold(&self) -> f64 {
        let stable = |step: f64| self.factors(step).lyapunov_exponent() < 0.0;
        let stride = 1e-3 / self.mean();
        let Some(first) = (1..10_000).find(|k| !stable(f64::from(*k) * stride)) else {
            panic!("single samples are stable at every step size");
        };
        let high = f64::from(first) * stride;
        bisect(high - stride, high, 0.0, stable).0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn batches_without_replacement_have_the_second_moment_that_is_stated(
            curvatures in prop::collection::vec(0.01..5.0f64, 2..7), step in 0.0..2.0f64,
        ) {
            let n = curvatures.len();
            let all = SampleCurvatures::new(curvatures.clone());
            for batch in 1..=n {
                let subsets = (0..1u32 << n).filter(|bits| bits.count_ones() as usize == batch);
                let factors: Vec<f64> = subsets
                    .map(|bits| (0..n).filter(|i| bits >> i & 1 == 1).map(|i| curvatures[i]).sum::<f64>())
                    .map(|sum| (1.0 - step * sum / batch as f64).powi(2))
                    .collect();
                let mean = factors.iter().sum::<f64>() / factors.len() as f64;
                prop_assert!((mean - all.mean_square_factor(step, batch)).abs() <= 1e-12 * mean.max(1.0));
                let threshold = all.mean_square_threshold(batch);
                prop_assert!((all.mean_square_factor(threshold, batch) - 1.0).abs() <= 1e-12);
            }
        }
    }

    #[test]
    fn two_minima_have_the_thresholds_of_their_source() {
        // (1 − 2η)² + (1.8η)² > 1 where the curvatures are 0.2 and 3.8; gradient descent is stable to 1.
        let uneven = SampleCurvatures::new(vec![0.2, 3.8]);
        assert!((uneven.mean_square_threshold(1) - 0.552_486_187_8).abs() < 1e-9);
        assert!((uneven.mean_square_threshold(2) - 1.0).abs() < 1e-12);
        let even = SampleCurvatures::new(vec![2.0, 2.0]);
        assert!((even.mean_square_threshold(1) - 1.0).abs() < 1e-12);
    }
}
