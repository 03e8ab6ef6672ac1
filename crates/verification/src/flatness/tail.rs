//! The index of a power tail.

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
    /// The estimate.
    pub alpha: f64,
    /// α/√k, its standard error for independent observations; a chain has a larger one.
    pub standard_error: f64,
    /// The observation above which the tail was used.
    pub threshold: f64,
}

/// Hill's estimate (1975) from the `tail` largest observations: 1/α is the mean of
/// log X_(i) − log X_(tail+1). For a Pareto law exactly a mean of `tail` independent exponentials;
/// for others biased by what the tail is short of a power at the threshold: show it for several
/// tails.
///
/// # Errors
/// If the tail is empty or the sample not larger than it; if an observation is NaN or the threshold
/// is not positive.
///
/// ```
/// use theoria_verification::flatness::hill;
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
    let threshold = *threshold;
    let mean = largest.iter().map(|x| (x / threshold).ln()).sum::<f64>() / tail as f64;
    if threshold <= 0.0 || mean <= 0.0 || !mean.is_finite() {
        return Err(HillError::NotATail);
    }
    let alpha = 1.0 / mean;
    Ok(TailIndex { alpha, standard_error: alpha / (tail as f64).sqrt(), threshold })
}
