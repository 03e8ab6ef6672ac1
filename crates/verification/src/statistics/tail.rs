//! What the largest values of a sample say of its tail.

/// How heavy the tail looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tail {
    /// Hill's estimate of the tail index (a mean exists above 1, a variance above 2); infinite if the
    /// tail is bounded or too few values are known.
    pub index: f64,
    /// Share of the largest value in the whole sum.
    pub largest_share: f64,
}

impl Tail {
    /// Whether a sample mean may be trusted: the index exceeds 2 by its own standard error, and no single
    /// trial makes a tenth of the sum.
    pub fn is_light(&self) -> bool {
        self.index > 2.0 && self.largest_share <= 0.1
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
    let upper = largest.len().min((n / 20) as usize);
    let index = match largest.get(..upper) {
        Some([above @ .., threshold]) if above.len() >= 10 && *threshold > 0.0 => {
            let mean = above.iter().map(|z| (z / threshold).ln()).sum::<f64>() / above.len() as f64;
            if mean > 0.0 {
                1.0 / mean
            } else {
                f64::INFINITY
            }
        }
        _ => f64::INFINITY,
    };
    Tail {
        index,
        largest_share: match largest.first() {
            Some(most) if sum > 0.0 => most / sum,
            _ => 0.0,
        },
    }
}
