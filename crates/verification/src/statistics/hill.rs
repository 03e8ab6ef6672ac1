//! Hill's estimate of the index of a power tail.

use theoria_elementary::ln;

/// Why no tail index can be estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HillError {
    /// The tail has no observation, or takes the whole sample: one more is the threshold.
    #[error("a tail of {tail} takes at least {} observations, there are {sample}", tail + 1)]
    Tail {
        /// Observations in the tail.
        tail: usize,
        /// Observations.
        sample: usize,
    },
    /// An observation is NaN, or the threshold is not positive, or the whole tail lies on it.
    #[error("the tail is not above a positive threshold")]
    NotATail,
}

/// The exponent α of a tail P(X > t) ~ t^(−α).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TailIndex {
    /// The estimate: infinite where the whole tail lies on the threshold.
    pub alpha: f64,
    /// α/√k, its standard error for independent observations; a chain has a larger one.
    pub standard_error: f64,
    /// The observation above which the tail was used.
    pub threshold: f64,
}

impl TailIndex {
    /// Hill's estimate (1975) from the k largest observations and the next one below them, the
    /// threshold: 1/α is the mean of log X_(i) − log X_(k+1). For a Pareto law exactly a mean of k
    /// independent exponentials; for others biased by what the tail is short of a power at the
    /// threshold: show it for several tails.
    pub(super) fn above(threshold: f64, tail: &[f64]) -> Self {
        let count = tail.len() as f64;
        let mean = tail.iter().map(|x| ln(x / threshold)).sum::<f64>() / count;
        let alpha = if mean > 0.0 { 1.0 / mean } else { f64::INFINITY };
        TailIndex { alpha, standard_error: alpha / count.sqrt(), threshold }
    }
}

/// Hill's estimate of a tail index from the `tail` largest observations of a sample in any order:
/// see [`TailIndex`].
///
/// # Errors
/// If the tail is empty or the sample not larger than it; if an observation is NaN or the threshold
/// is not positive.
///
/// ```
/// use theoria_verification::statistics::hill;
/// // Quantiles of the Pareto law P(X > t) = t^-3, t >= 1.
/// let sample: Vec<f64> = (1..10_000).map(|i| (f64::from(i) / 1e4).powf(-1.0 / 3.0)).collect();
/// assert!((hill(&sample, 1000).unwrap().alpha - 3.0).abs() < 0.05);
/// ```
pub fn hill(sample: &[f64], tail: usize) -> Result<TailIndex, HillError> {
    if tail == 0 || tail >= sample.len() {
        return Err(HillError::Tail { tail, sample: sample.len() });
    }
    if sample.iter().any(|x| x.is_nan()) {
        return Err(HillError::NotATail);
    }
    let mut sorted = sample.to_vec();
    let (largest, threshold, _) = sorted.select_nth_unstable_by(tail, |a, b| b.total_cmp(a));
    let index = TailIndex::above(*threshold, largest);
    let sound = *threshold > 0.0 && index.alpha > 0.0 && index.alpha.is_finite();
    if sound { Ok(index) } else { Err(HillError::NotATail) }
}

#[cfg(test)]
mod tests {
    use rand::RngExt;

    use super::*;
    use crate::Stream;

    #[test]
    fn hill_sees_pareto_tails() {
        let rng = &mut Stream::new(6).trial(0);
        for alpha in [0.5, 1.0, 3.0f64] {
            let draw = |_| -> f64 { 1.0 - rng.random::<f64>() };
            let sample: Vec<f64> = (0..20_000).map(draw).map(|u| u.powf(-1.0 / alpha)).collect();
            let found = hill(&sample, 2_000).unwrap();
            assert!((found.alpha - alpha).abs() < 5.0 * found.standard_error, "{found:?}");
        }
        assert_eq!(hill(&[1.0, 2.0], 2), Err(HillError::Tail { tail: 2, sample: 2 }));
        assert_eq!(hill(&[1.0, 1.0], 1), Err(HillError::NotATail));
        assert_eq!(hill(&[-1.0, 1.0], 1), Err(HillError::NotATail));
        assert_eq!(hill(&[f64::NAN, 1.0, 2.0], 1), Err(HillError::NotATail));
    }
}
