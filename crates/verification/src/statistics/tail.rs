//! What the largest values of a sample say of its tail.

use crate::statistics::{SampleMoments, bounded_upper, clopper_pearson};
use theoria_elementary::ln;

/// What the upper end of a sample looks like.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Tail {
    /// The largest value was seen again and again, as if the law ended there.
    Ends,
    /// The largest values fall off no slower than a power.
    Falls {
        /// Hill's estimate of the power (a mean exists above 1, a variance above 2).
        index: f64,
        /// Its standard error.
        error: f64,
    },
}

/// Why a sample does not show what its tail is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UnknownTail {
    /// A twentieth of the sample is too few values.
    #[error("too few trials to show their tail: {} are needed", Tail::LEAST_SAMPLE)]
    FewTrials,
    /// Large values are so rare that hardly any was seen.
    #[error("the trials that are not small are too rare")]
    Rare,
    /// The largest value is larger than the others let expect, so there may be more of its kind.
    #[error("the largest trial lies beyond what the tail of the others explains")]
    Outlier,
    /// The index does not exceed 2, so that there may be no variance.
    #[error("the tail is heavy (index at most 2)")]
    Heavy,
    /// One value carries much of the mean or of the variance.
    #[error("the tail is heavy (one trial makes a tenth of the mean or a quarter of the variance)")]
    Carried,
}

/// Values above the threshold that Hill's estimate needs.
const LEAST_ABOVE: usize = 10;
/// A value that is seen this often at the upper end is taken for the end.
const OFTEN: usize = 20;

impl Tail {
    /// A smaller sample does not show its tail: its upper twentieth has fewer than ten values above a threshold.
    pub const LEAST_SAMPLE: u64 = 20 * (LEAST_ABOVE as u64 + 1);

    /// From the largest values of `n` in decreasing order, counted from a centre of the sample or the lower end of its
    /// law. Hill's estimate (1975) from those of them that are positive and among the upper twentieth.
    ///
    /// It knows ties: a law on few values (counts, powers of two, rounded numbers) is read as if each value that
    /// was seen more than once lay as far out as the next larger one, which errs towards a heavy tail.
    ///
    /// # Errors
    /// If the sample does not show its tail.
    ///
    /// ```
    /// use theoria_verification::statistics::Tail;
    /// // The quantiles of a Pareto law of index 3.
    /// let values: Vec<f64> = (1..=100).map(|i| (i as f64 / 2000.0).powf(-1.0 / 3.0)).collect();
    /// let Ok(Tail::Falls { index, .. }) = Tail::of(&values, 2000) else { panic!() };
    /// assert!((index - 3.0).abs() < 0.2);
    /// assert_eq!(Tail::of(&[2.0; 100], 2000), Ok(Tail::Ends));
    /// ```
    pub fn of(largest: &[f64], n: u64) -> Result<Tail, UnknownTail> {
        if n < Self::LEAST_SAMPLE {
            return Err(UnknownTail::FewTrials);
        }
        let Some(&most) = largest.first().filter(|most| **most > 0.0) else {
            return Ok(Tail::Ends);
        };
        if largest.iter().take_while(|value| alike(**value, most)).count() >= OFTEN {
            return Ok(Tail::Ends);
        }
        let upper = upper_part(largest, n / 20);
        if upper.len() <= LEAST_ABOVE {
            return Err(UnknownTail::Rare);
        }
        let whole = Index::of(upper).ok_or(UnknownTail::Rare)?;
        if !whole.explains(most) {
            return Err(UnknownTail::Outlier);
        }
        Ok(Tail::Falls { index: whole.index, error: whole.error })
    }

    /// The same, where the sample also gives no sign against a finite variance: the index exceeds 2 by its standard error,
    /// no smaller part of the tail says otherwise, and no single value carries a tenth of the sum of sizes (`size`) or
    /// a quarter of the sum of squares (`squares`).
    ///
    /// # Errors
    /// If the sample does not show that.
    pub fn light(largest: &[f64], n: u64, size: f64, squares: f64) -> Result<Tail, UnknownTail> {
        let tail = Tail::of(largest, n)?;
        let Tail::Falls { index, error } = tail else {
            return Ok(tail);
        };
        let upper = upper_part(largest, n / 20);
        let parts = std::iter::successors(Some(LEAST_ABOVE + 1), |part| Some(2 * part))
            .take_while(|part| *part < upper.len());
        let mut smaller = parts.filter_map(|part| Index::of(&upper[..part]));
        if index - error <= 2.0 || smaller.any(|part| part.index + part.error < 2.0) {
            return Err(UnknownTail::Heavy);
        }
        let most = upper[0];
        if most > 0.1 * size || most * most > 0.25 * squares {
            return Err(UnknownTail::Carried);
        }
        Ok(tail)
    }
}

/// Whether two values are the same but for rounding.
fn alike(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs()
}

/// The `count` largest values that are positive.
fn upper_part(largest: &[f64], count: u64) -> &[f64] {
    let count = largest.len().min(usize::try_from(count).unwrap_or(usize::MAX));
    let positive = largest[..count].iter().take_while(|value| **value > 0.0).count();
    &largest[..positive]
}

/// Hill's index of a power, from the values above a threshold.
#[derive(Debug, Clone, Copy)]
struct Index {
    index: f64,
    error: f64,
    threshold: f64,
    above: f64,
}

impl Index {
    /// From values in decreasing order, the last of which is the threshold.
    fn of(upper: &[f64]) -> Option<Index> {
        let (&threshold, above) = upper.split_last()?;
        let count = above.len() as f64;
        // Beyond the largest as far as that lies beyond the next.
        let beyond =
            |value: f64, next: Option<f64>| next.map_or(value, |next| value * value / next);
        let second = above.iter().copied().find(|value| !alike(*value, above[0]));
        let (mut sum, mut from) = (0.0, 0);
        let mut larger = beyond(*above.first()?, second.or(Some(threshold)));
        while from < above.len() {
            let tied = above[from..].iter().take_while(|v| alike(**v, above[from])).count();
            let placed = if tied > 1 { larger } else { above[from] };
            sum += tied as f64 * ln(placed / threshold);
            larger = above[from];
            from += tied;
        }
        (sum > 0.0).then(|| {
            let index = count / sum;
            Index { index, error: index / count.sqrt(), threshold, above: count }
        })
    }

    /// Whether a power three standard errors heavier than the one seen would have a largest value like this with
    /// probability 1e-3.
    fn explains(self, most: f64) -> bool {
        let heavier = self.index - 3.0 * self.error;
        heavier > 0.0 && ln(most / self.threshold) <= ln(self.above / 1e-3) / heavier
    }
}

/// An upper limit of the mean of `moments.n` values that are not negative, whose variance may be infinite,
/// from their moments and the largest of them in decreasing order; exceeded with probability about
/// `alpha`, if the tail is what is assumed of it.
///
/// Below a threshold the values are bounded (the empirical Bernstein bound holds); how many lie above is
/// binomial; and there they are assumed to fall off no slower than a power whose index is Hill's estimate
/// less three times its standard error (peaks over a threshold, as in Embrechts, Klüppelberg, Mikosch 1997,
/// section 6.5). The threshold is that of the upper twentieth and, if it has values enough to leave an index above 1, of
/// the upper hundredth, and the higher limit counts; it is never below the mean of the values. None if the upper
/// twentieth leaves no index above 1, or if the largest value lies beyond what the power of either explains: then the
/// sample does not even show that there is a mean.
///
/// ```
/// use theoria_verification::statistics::{SampleMoments, peaks_upper};
/// // The quantiles of a Pareto law of index 1.6: mean 8/3, no variance.
/// let values: Vec<f64> = (1..=4000).map(|i| ((i as f64 - 0.5) / 4000.0).powf(-1.0 / 1.6)).collect();
/// let limit = peaks_upper(&values[..200], &SampleMoments::of(&values), 1e-6).unwrap();
/// assert!(limit > 8.0 / 3.0 && limit < 12.0);
/// ```
pub fn peaks_upper(largest: &[f64], moments: &SampleMoments, alpha: f64) -> Option<f64> {
    let mut highest = moments.mean();
    for part in [20, 100] {
        let upper = upper_part(largest, moments.n / part);
        if upper.len() <= LEAST_ABOVE {
            return None;
        }
        let power = Index::of(upper).filter(|power| power.explains(upper[0]))?;
        let least = power.index - 3.0 * power.error;
        if least <= 1.0 {
            // The smaller part may have too few values to say anything, but it must not speak for a heavier tail.
            if part == 20 || power.index + power.error <= 1.0 {
                return None;
            }
            continue;
        }
        let above = upper.len() - 1;
        let (peaks, threshold) = (SampleMoments::of(&upper[..above]), power.threshold);
        let clipped = SampleMoments {
            n: moments.n,
            sums: std::array::from_fn(|k| {
                let cut = above as f64 * threshold.powi(k as i32 + 1);
                moments.sums[k] - peaks.sums[k] + cut
            }),
        };
        let body = bounded_upper(&clipped, threshold, alpha / 4.0);
        let (_, share) = clopper_pearson(above as u64, moments.n, alpha / 4.0);
        highest = highest.max(body + share * threshold / (least - 1.0));
    }
    highest.is_finite().then_some(highest)
}

#[cfg(test)]
mod tests {
    use rand::RngExt;

    use super::*;
    use crate::Stream;

    /// The largest of a sample, and the sums that judge whether one carries the rest.
    fn light(draw: impl Fn(f64) -> f64, seed: u64) -> Result<Tail, UnknownTail> {
        let rng = &mut Stream::new(seed).trial(0);
        let mut sample: Vec<f64> = (0..4096).map(|_| draw(1.0 - rng.random::<f64>())).collect();
        sample.sort_by(|a, b| b.total_cmp(a));
        let squares = sample.iter().map(|z| z * z).sum();
        Tail::light(&sample[..256], 4096, sample.iter().sum(), squares)
    }

    #[test]
    fn light_tails_are_told_from_heavy_ones() {
        for seed in 0..20 {
            assert!(light(|u| -u.ln(), seed).is_ok(), "exponential");
            assert!(light(|u| u, seed).is_ok(), "uniform");
            assert!(light(|u| (-u.ln() * 8.0).floor(), seed).is_ok(), "counts");
            assert_eq!(light(|u| f64::from(u8::from(u < 0.5)), seed), Ok(Tail::Ends), "a coin");
            assert!(light(|u| u.powf(-1.0 / 1.5), seed).is_err(), "Pareto");
            assert!(light(|u| 0.5f64.powf(u.log2().floor()), seed).is_err(), "powers of two");
        }
    }

    #[test]
    fn rare_atoms_are_no_tail_whether_they_are_tied_or_not() {
        for seed in 0..20 {
            for jitter in [0.0, 1e-3, 1e-1] {
                let atoms = move |u: f64| {
                    let size = if u < 0.0025 {
                        327.61
                    } else if u < 0.0975 {
                        1.81
                    } else {
                        0.01
                    };
                    size * (1.0 + jitter * (u * 1e6).fract())
                };
                assert!(light(atoms, seed).is_err(), "{jitter}");
            }
        }
    }
}
