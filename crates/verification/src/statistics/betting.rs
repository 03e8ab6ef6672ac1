//! Betting against one side of a mean.

use theoria_elementary::{exp, ln, ln_1p};

/// The shares of the wealth that are staked, each by a gambler of its own. The best share is about what is to be seen over
/// the variance, so that small ones serve small margins; a share twice too large or too small costs a tenth of the trials
/// or so, and each gambler more a seventieth.
pub const LAMBDAS: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.7, 0.95];

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
    /// The mean is at least the edge; no trial is less than `least`, and the mean square of what lies above that is at
    /// most `square`.
    AtLeastBySquare {
        /// The edge.
        edge: f64,
        /// No trial is less.
        least: f64,
        /// The mean of (trial - least)² is not more.
        square: f64,
    },
}

impl Opponent {
    /// Adds to each gambler's log-wealth what these trials bring. If the trials are independent and the opponent is right,
    /// exp of each is a non-negative supermartingale of mean at most 1.
    ///
    /// A range is used by [`log_wealth`]. A mean square M, by exp(-s Z)/(1 - s e + s²M/2), where e is the edge and s the
    /// stake times e/M: as exp(-u) ≤ 1 - u + u²/2 for u ≥ 0, its mean is at most 1 if E Z ≥ e and E Z² ≤ M.
    ///
    /// ```
    /// use theoria_verification::statistics::{LAMBDAS, Opponent};
    /// let mut wealth = [0.0; LAMBDAS.len()];
    /// Opponent::AtMost { edge: 2.0, least: 0.0 }.bet(&[3.0, 3.0], &mut wealth);
    /// assert!((wealth[8] - 2.0 * (1.0 + LAMBDAS[8] * 0.5f64).ln()).abs() < 1e-12);
    /// ```
    pub fn bet(self, trials: &[f64], into: &mut [f64; LAMBDAS.len()]) {
        let Opponent::AtLeastBySquare { edge, least, square } = self else {
            let units: Vec<f64> = trials.iter().map(|trial| self.units(*trial)).collect();
            return log_wealth(&units, into);
        };
        let edge = edge - least;
        if edge <= 0.0 {
            return;
        }
        // No law has a mean of more than the root of its mean square. If it was told wrongly, that is not to decide.
        let square = square.max(edge * edge);
        let sum: f64 = trials.iter().map(|trial| (trial - least).max(0.0)).sum();
        for (wealth, lambda) in into.iter_mut().zip(LAMBDAS) {
            let stake = lambda * edge / square;
            let expected = ln_1p(-stake * edge + stake * stake * square / 2.0);
            *wealth += -stake * sum - trials.len() as f64 * expected;
        }
    }

    /// A trial in the units in which it is bet on: not negative, and of mean at most 1 if the opponent is right.
    fn units(self, trial: f64) -> f64 {
        let (room, used) = match self {
            Opponent::AtMost { edge, least } => (edge - least, trial - least),
            Opponent::AtLeast { edge, most } => (most - edge, most - trial),
            Opponent::AtLeastBySquare { .. } => return 1.0,
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

    /// A deviation of the mean by this much changes the mean factor of a stake by as much as the stake.
    pub(crate) fn room(self) -> f64 {
        match self {
            Opponent::AtMost { edge, least } => edge - least,
            Opponent::AtLeast { edge, most } => most - edge,
            Opponent::AtLeastBySquare { edge, least, square } => square / (edge - least),
        }
    }
}

/// Adds to each gambler's log-wealth what these trials bring, in units of the bound: Σ log(1 + λ (u - 1)).
///
/// If the u are independent, not negative and of mean at most 1, then exp of each is a non-negative
/// supermartingale with mean at most 1, whatever the tail: no variance is needed (Waudby-Smith,
/// Ramdas 2024). By Ville's inequality it ever exceeds 1/α with probability at most α. An infinite
/// trial makes it infinite; such a trial has probability 0 under the bound.
pub fn log_wealth(units: &[f64], into: &mut [f64; LAMBDAS.len()]) {
    // One logarithm for several factors: between 0.05^64 and what overflows they multiply safely.
    const TOGETHER: usize = 64;
    for some in units.chunks(TOGETHER) {
        // All gamblers side by side: their products do not wait for each other.
        let mut products = [1.0; LAMBDAS.len()];
        for z in some {
            for (product, lambda) in products.iter_mut().zip(LAMBDAS) {
                *product *= 1.0 + lambda * (z - 1.0);
            }
        }
        for ((sum, lambda), product) in into.iter_mut().zip(LAMBDAS).zip(products) {
            *sum += if product.is_finite() && product > 0.0 {
                ln(product)
            } else {
                some.iter().map(|z| ln_1p(lambda * (z - 1.0))).sum()
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
    let sum: f64 = log_wealths.iter().map(|w| exp(w - largest)).sum();
    largest + ln(sum / log_wealths.len() as f64)
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
        fn two_shards_multiply(trials in prop::collection::vec(0.0..50.0f64, 128..256)) {
            let (mut whole, mut parts) = ([0.0; LAMBDAS.len()], [0.0; LAMBDAS.len()]);
            log_wealth(&trials, &mut whole);
            log_wealth(&trials[..64], &mut parts);
            log_wealth(&trials[64..], &mut parts);
            prop_assert_eq!(whole, parts);
        }
    }

    #[test]
    fn a_bet_on_the_square_gains_nothing_on_average_from_the_worst_law() {
        // Z is M/e with probability e²/M, else 0: mean e and mean square M.
        for (edge, square) in [(1.0, 1.5), (1.0, 20.0), (3.0, 9.0)] {
            let opponent = Opponent::AtLeastBySquare { edge, least: 0.0, square };
            let factors = |trial: f64| {
                let mut wealth = [0.0; LAMBDAS.len()];
                opponent.bet(&[trial], &mut wealth);
                wealth.map(f64::exp)
            };
            let (rare, usual, p) = (factors(square / edge), factors(0.0), edge * edge / square);
            for (rare, usual) in rare.into_iter().zip(usual) {
                assert!(p * rare + (1.0 - p) * usual <= 1.0 + 1e-12);
            }
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
