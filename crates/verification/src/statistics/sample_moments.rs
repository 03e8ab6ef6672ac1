//! Sums of powers, from which mean, variance and skewness follow.

use serde::{Deserialize, Serialize};

use crate::number;
use theoria_elementary::powf;

/// Number, sum, sum of squares and sum of cubes. Those of disjoint samples add.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct SampleMoments {
    /// Number of values.
    pub n: u64,
    /// Σ w, Σ w², Σ w³.
    #[serde(with = "number::triple")]
    pub sums: [f64; 3],
}

impl SampleMoments {
    /// Those of these values, summed in their order.
    ///
    /// ```
    /// use theoria_verification::statistics::SampleMoments;
    /// let m = SampleMoments::of(&[1.0, 2.0, 3.0]);
    /// assert_eq!((m.mean(), m.variance()), (2.0, 1.0));
    /// ```
    pub fn of(values: &[f64]) -> Self {
        let mut sums = [0.0; 3];
        for w in values {
            sums[0] += w;
            sums[1] += w * w;
            sums[2] += w * w * w;
        }
        SampleMoments { n: values.len() as u64, sums }
    }

    /// Those of both samples together.
    #[must_use]
    pub fn plus(self, other: SampleMoments) -> Self {
        SampleMoments {
            n: self.n + other.n,
            sums: std::array::from_fn(|k| self.sums[k] + other.sums[k]),
        }
    }

    /// The mean; NaN of no values.
    pub fn mean(&self) -> f64 {
        self.sums[0] / self.n as f64
    }

    /// The unbiased variance, 0 of fewer than two values.
    pub fn variance(&self) -> f64 {
        if self.n < 2 {
            return 0.0;
        }
        let n = self.n as f64;
        ((self.sums[1] - self.sums[0] * self.sums[0] / n) / (n - 1.0)).max(0.0)
    }

    /// The skewness; 0 where the spread is so small against the mean that the sums do not resolve it.
    pub fn skewness(&self) -> f64 {
        let (n, mean, variance) = (self.n as f64, self.mean(), self.variance());
        if variance <= 1e-10 * mean * mean || variance == 0.0 {
            return 0.0;
        }
        let third = self.sums[2] / n - 3.0 * mean * self.sums[1] / n + 2.0 * mean.powi(3);
        third / powf(variance, 1.5)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn moments_are_those_of_the_centred_values(values in prop::collection::vec(-5.0..20.0f64, 3..40)) {
            let m = SampleMoments::of(&values);
            let n = values.len() as f64;
            let mean = values.iter().sum::<f64>() / n;
            let central = |k: i32| values.iter().map(|v| (v - mean).powi(k)).sum::<f64>();
            let variance = central(2) / (n - 1.0);
            prop_assert!((m.mean() - mean).abs() < 1e-12 * 20.0);
            prop_assert!((m.variance() - variance).abs() < 1e-9);
            prop_assume!(variance > 1e-3);
            prop_assert!((m.skewness() - central(3) / n / variance.powf(1.5)).abs() < 1e-6);
        }
    }
}
