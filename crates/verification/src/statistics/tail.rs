//! What the largest values of a sample say of its tail.

use crate::statistics::{SampleMoments, TailIndex, bounded_upper, clopper_pearson};

/// How heavy the tail looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tail {
    /// Hill's estimate of the tail index (a mean exists above 1, a variance above 2); infinite if the
    /// largest values are alike or too few of them are known.
    pub index: f64,
    /// The standard error of the index.
    pub error: f64,
    /// Share of the largest value in the whole sum.
    pub largest_share: f64,
}

impl Tail {
    /// Whether a sample mean may be trusted: the index exceeds 2 by its standard error, and no single trial
    /// makes a tenth of the sum.
    pub fn is_light(&self) -> bool {
        self.index - self.error > 2.0 && self.largest_share <= 0.1
    }
}

/// From the largest values of `n`, in decreasing order, and the sum of all (all not negative). Hill's
/// estimator (Hill 1975) over those of the `largest` that are among the upper twentieth.
///
/// ```
/// use theoria_verification::statistics::tail_of;
/// // The quantiles of a Pareto law of index 3.
/// let values: Vec<f64> = (1..=100).map(|i| (i as f64 / 2000.0).powf(-1.0 / 3.0)).collect();
/// let tail = tail_of(&values, 2000, 3000.0);
/// assert!((tail.index - 3.0).abs() < 0.2);
/// assert!(tail.is_light());
/// ```
pub fn tail_of(largest: &[f64], n: u64, sum: f64) -> Tail {
    let (index, error) = match index_of(largest, n / 20) {
        Some((index, _)) if index.alpha.is_finite() => (index.alpha, index.standard_error),
        _ => (f64::INFINITY, 0.0),
    };
    Tail {
        index,
        error,
        largest_share: match largest.first() {
            Some(most) if sum > 0.0 => most / sum,
            _ => 0.0,
        },
    }
}

/// Values above the threshold that Hill's estimate needs.
const LEAST_ABOVE: usize = 10;

/// Hill's estimate from the `count` largest values, the last of which is the threshold, and how many it used; none of
/// too few.
fn index_of(largest: &[f64], count: u64) -> Option<(TailIndex, usize)> {
    let upper = largest.len().min(count as usize);
    let [above @ .., threshold] = largest.get(..upper)? else {
        return None;
    };
    if above.len() < LEAST_ABOVE {
        return None;
    }
    Some((TailIndex::above(*threshold, above), above.len()))
}

/// An upper limit of the mean of `moments.n` values that are not negative, whose variance may be infinite,
/// from their moments and the largest of them in decreasing order; exceeded with probability about
/// `alpha`.
///
/// Below a threshold the values are bounded (the empirical Bernstein bound holds); how many lie above is
/// binomial; and there they are assumed to fall off no slower than a power whose index is Hill's estimate
/// less three times its standard error (peaks over a threshold, as in Embrechts, Klüppelberg, Mikosch 1997,
/// section 6.5). The threshold is that of the upper twentieth or of the upper hundredth, whichever gives
/// the lower limit. None if neither leaves an index above 1: then the sample does not even show that
/// there is a mean.
///
/// ```
/// use theoria_verification::statistics::{SampleMoments, peaks_upper};
/// // The quantiles of a Pareto law of index 1.6: mean 8/3, no variance.
/// let values: Vec<f64> = (1..=4000).map(|i| ((i as f64 - 0.5) / 4000.0).powf(-1.0 / 1.6)).collect();
/// let limit = peaks_upper(&values[..200], &SampleMoments::of(&values), 1e-6).unwrap();
/// assert!(limit > 8.0 / 3.0 && limit < 6.0);
/// ```
pub fn peaks_upper(largest: &[f64], moments: &SampleMoments, alpha: f64) -> Option<f64> {
    let limits = [20, 100].map(|part| {
        let (index, above) = index_of(largest, moments.n / part)?;
        let least = index.alpha * (1.0 - 3.0 / (above as f64).sqrt());
        let (peaks, threshold) = (SampleMoments::of(&largest[..above]), index.threshold);
        let clipped = SampleMoments {
            n: moments.n,
            sums: std::array::from_fn(|k| {
                let cut = above as f64 * threshold.powi(k as i32 + 1);
                moments.sums[k] - peaks.sums[k] + cut
            }),
        };
        let body = bounded_upper(&clipped, threshold, alpha / 4.0);
        let (_, share) = clopper_pearson(above as u64, moments.n, alpha / 4.0);
        (least > 1.0 && threshold > 0.0).then(|| body + share * threshold / (least - 1.0))
    });
    limits.into_iter().flatten().reduce(f64::min)
}
