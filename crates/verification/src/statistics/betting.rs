//! Betting against one side of a mean.

/// The shares of the wealth that are staked, each by a gambler of its own.
pub const LAMBDAS: [f64; 8] = [0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.7, 0.95];

/// What is bet against: that a mean lies on one side of an edge. A bet needs to know how far a single trial can lie
/// on the other side, lest the gambler loses more than the stake.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Opponent {
    /// The mean is at most the edge; no trial is less than `least`. Trials may be as large as they like.
    AtMost {
        /// The edge.
        edge: f64,
        /// No trial is less.
        least: f64,
    },
    /// The mean is at least the edge; no trial is more than `most`.
    AtLeast {
        /// The edge.
        edge: f64,
        /// No trial is more.
        most: f64,
    },
}

impl Opponent {
    /// A trial in the units in which it is bet on: not negative, and of mean at most 1 if the opponent is right.
    ///
    /// ```
    /// use theoria_verification::statistics::Opponent;
    /// assert_eq!(Opponent::AtMost { edge: 2.0, least: 0.0 }.units(3.0), 1.5);
    /// assert_eq!(Opponent::AtLeast { edge: 2.0, most: 6.0 }.units(3.0), 0.75);
    /// ```
    pub fn units(self, trial: f64) -> f64 {
        let (room, used) = match self {
            Opponent::AtMost { edge, least } => (edge - least, trial - least),
            Opponent::AtLeast { edge, most } => (most - edge, most - trial),
        };
        if room > 0.0 {
            used.max(0.0) / room
        } else if room == 0.0 && used <= 0.0 {
            // The mean is the end of the range only if every trial is.
            1.0
        } else {
            f64::INFINITY
        }
    }

    /// How far a trial can lie on the other side of the edge: what one unit is.
    pub(crate) fn room(self) -> f64 {
        match self {
            Opponent::AtMost { edge, least } => edge - least,
            Opponent::AtLeast { edge, most } => most - edge,
        }
    }
}

/// Adds to each gambler's log-wealth what these trials bring: Σ log(1 + λ (u - 1)), in the
/// [units](Opponent::units) of the bet.
///
/// If the u are independent, not negative and of mean at most 1, then exp of each is a non-negative
/// supermartingale with mean at most 1, whatever the tail: no variance is needed (Waudby-Smith,
/// Ramdas 2024). By Ville's inequality it ever exceeds 1/α with probability at most α. An infinite
/// trial makes it infinite; such a trial has probability 0 under the bound.
pub fn log_wealth(units: &[f64], into: &mut [f64; LAMBDAS.len()]) {
    // One logarithm for several factors: between 0.05^16 and what overflows they multiply safely.
    const TOGETHER: usize = 16;
    for (sum, lambda) in into.iter_mut().zip(LAMBDAS) {
        for some in units.chunks(TOGETHER) {
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
