//! Betting against an upper bound of a mean.

/// The shares of the wealth that are staked, each by a gambler of its own.
pub const LAMBDAS: [f64; 8] = [0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.7, 0.95];

/// Adds to each gambler's log-wealth what these trials, in units of the bound, bring:
/// Σ log(1 + λ (z - 1)).
///
/// If the z are independent, not negative and of mean at most 1, then exp of each is a non-negative
/// supermartingale with mean at most 1, whatever the tail: no variance is needed (Waudby-Smith,
/// Ramdas 2024). By Ville's inequality it ever exceeds 1/α with probability at most α. An infinite
/// trial makes it infinite; such a trial has probability 0 under the bound.
pub fn log_wealth(units_of_the_bound: &[f64], into: &mut [f64; LAMBDAS.len()]) {
    // One logarithm for several factors: between 0.05^16 and what overflows they multiply safely.
    const TOGETHER: usize = 16;
    for (sum, lambda) in into.iter_mut().zip(LAMBDAS) {
        for some in units_of_the_bound.chunks(TOGETHER) {
            let product: f64 = some.iter().map(|z| 1.0 + lambda * (z - 1.0)).product();
            *sum += if product.is_finite() && product > 0.0 {
                product.ln()
            } else {
                some.iter().map(|z| (lambda * (z - 1.0)).ln_1p()).sum()
            };
        }
    }
}

/// The logarithm of the mean of the wealths: the mean of e-processes is an e-process too, so many
/// gamblers (several stakes, several checkpoints) cost no more than the logarithm of their number.
///
/// ```
/// use theoria_verification::statistics::mixture;
/// assert!((mixture(&[0.0, 0.0]) - 0.0).abs() < 1e-15);
/// assert_eq!(mixture(&[f64::INFINITY, 0.0]), f64::INFINITY);
/// ```
pub fn mixture(log_wealths: &[f64]) -> f64 {
    let largest = log_wealths.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if largest.is_infinite() {
        return largest;
    }
    let sum: f64 = log_wealths.iter().map(|w| (w - largest).exp()).sum();
    largest + (sum / log_wealths.len() as f64).ln()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn wealth_is_the_product_of_the_factors(trials in prop::collection::vec(0.0..50.0f64, 1..60)) {
            let mut wealth = [0.0; LAMBDAS.len()];
            log_wealth(&trials, &mut wealth);
            for (sum, lambda) in wealth.iter().zip(LAMBDAS) {
                let direct: f64 = trials.iter().map(|z| (1.0 + lambda * (z - 1.0)).ln()).sum();
                prop_assert!((sum - direct).abs() < 1e-9 * (1.0 + direct.abs()));
            }
        }

        #[test]
        fn two_shards_multiply(trials in prop::collection::vec(0.0..50.0f64, 32..64)) {
            let (mut whole, mut parts) = ([0.0; LAMBDAS.len()], [0.0; LAMBDAS.len()]);
            log_wealth(&trials, &mut whole);
            log_wealth(&trials[..16], &mut parts);
            log_wealth(&trials[16..], &mut parts);
            prop_assert_eq!(whole, parts);
        }
    }

    #[test]
    fn no_trial_is_too_large_to_be_counted() {
        for (value, infinite) in [(1e300, false), (f64::INFINITY, true)] {
            let mut wealth = [0.0; LAMBDAS.len()];
            log_wealth(&[value; 40], &mut wealth);
            assert!(wealth.iter().all(|w| w.is_infinite() == infinite && *w > 0.0));
        }
    }
}
