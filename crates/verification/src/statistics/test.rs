//! What one may do with a statistic: decide, say the smallest error that would have been seen, and how many trials it
//! takes to see one.

use crate::ErrorRates;
use crate::statistics::{
    LAMBDAS, Opponent, SampleMoments, clopper_pearson, dkw_band, mixture, normal_quantile,
    student_interval,
};
use theoria_elementary::{ln, ln_1p};

/// More trials than anybody runs.
const MOST_TRIALS: u64 = 1 << 50;

/// A test of a statement about the law of a trial. Its three operations agree: as many trials as are needed for an error
/// have no smallest error larger than it.
///
/// Of the rates the wrong refutation is the probability with which a true statement is refuted, and the wrong support
/// that with which one that is false by the error is not.
pub trait StatisticalTest {
    /// What it looks at.
    type Seen: ?Sized;

    /// Whether what was seen refutes the statement, with this probability of a wrong refutation at most.
    fn refutes(&self, seen: &Self::Seen, wrong_refutation: f64) -> bool;

    /// The smallest error of the statement that `n` trials would have refuted; infinite if none.
    fn smallest_error(&self, n: u64, rates: ErrorRates) -> f64;

    /// How many trials it takes to refute a statement that is false by this error, 2^50 at most.
    fn trials_needed(&self, error: f64, rates: ErrorRates) -> u64 {
        let suffice = |n: u64| self.smallest_error(n, rates) <= error;
        let mut enough = 1;
        while enough < MOST_TRIALS && !suffice(enough) {
            enough *= 2;
        }
        let mut too_few = enough / 2;
        while enough - too_few > 1 {
            let middle = too_few + (enough - too_few) / 2;
            if suffice(middle) {
                enough = middle;
            } else {
                too_few = middle;
            }
        }
        enough
    }
}

/// That a probability is at most this, by the exact binomial interval. Its error is absolute.
///
/// ```
/// use theoria_verification::ErrorRates;
/// use theoria_verification::statistics::{ProportionTest, StatisticalTest};
/// let test = ProportionTest { most: 0.1 };
/// // By the normal law (4.75 (0.3 + 0.4)/0.1)² = 1106.
/// assert!(test.refutes(&(300, 1000), 1e-9) && !test.refutes(&(120, 1000), 1e-9));
/// assert!((1050..1250).contains(&test.trials_needed(0.1, ErrorRates::both(1e-6))));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ProportionTest {
    /// The largest probability that is claimed.
    pub most: f64,
}

impl StatisticalTest for ProportionTest {
    /// How often it happened, of how many trials.
    type Seen = (u64, u64);

    fn refutes(&self, &(events, n): &(u64, u64), wrong_refutation: f64) -> bool {
        clopper_pearson(events, n, wrong_refutation).0 > self.most
    }

    fn smallest_error(&self, n: u64, rates: ErrorRates) -> f64 {
        let refutes = |events: u64| self.refutes(&(events, n), rates.wrong_refutation);
        if !refutes(n) {
            return f64::INFINITY;
        }
        let (mut few, mut many) = (0, n);
        while many - few > 1 {
            let middle = few + (many - few) / 2;
            if refutes(middle) {
                many = middle;
            } else {
                few = middle;
            }
        }
        // At this probability that few events are seen as do not refute with the probability of a wrong support.
        clopper_pearson(few, n, rates.wrong_support).1 - self.most
    }
}

/// That a distribution function lies within this distance of the claimed one, by the band of Dvoretzky, Kiefer, Wolfowitz
/// and Massart. Its error is the distance beyond that.
///
/// ```
/// use theoria_verification::ErrorRates;
/// use theoria_verification::statistics::{LawTest, StatisticalTest};
/// // 29/d² trials, as is well known.
/// let needed = LawTest { distance: 0.0 }.trials_needed(0.01, ErrorRates::both(1e-6));
/// assert!((289_000..291_000).contains(&needed));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LawTest {
    /// The largest distance that is claimed.
    pub distance: f64,
}

impl StatisticalTest for LawTest {
    /// The distance of the empirical distribution function, and the number of trials.
    type Seen = (f64, u64);

    fn refutes(&self, &(distance, n): &(f64, u64), wrong_refutation: f64) -> bool {
        distance - dkw_band(n, wrong_refutation) > self.distance
    }

    fn smallest_error(&self, n: u64, rates: ErrorRates) -> f64 {
        dkw_band(n, rates.wrong_refutation) + dkw_band(n, rates.wrong_support)
    }
}

/// That a mean lies on one side of an edge, by betting against it. It may look as often as it likes; its error is that of
/// the mean.
///
/// The smallest error is reckoned for trials of this standard deviation. With u the trials in units of the bet, v their
/// variance, and a mean beyond the edge by r, log(1 + λ(u - 1)) has a mean of at least λ r - (-log(1 - λ) - λ)(v + r²),
/// and of about λ r - λ²(v + r²)/2 where large trials speak against the opponent; its sum is taken for normal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BettingTest {
    /// What is claimed, and what is known of a trial.
    pub opponent: Opponent,
    /// The standard deviation of a trial.
    pub deviation: f64,
}

impl BettingTest {
    /// As [`StatisticalTest::smallest_error`], where these gamblers are some of so many.
    pub(crate) fn smallest_error_of(&self, n: u64, gamblers: usize, rates: ErrorRates) -> f64 {
        let room = self.opponent.room();
        if room.is_nan() || room <= 0.0 || room.is_infinite() || n == 0 {
            return f64::INFINITY;
        }
        let needed = ln(gamblers as f64 / rates.wrong_refutation);
        let quantile = normal_quantile(rates.wrong_support.clamp(1e-300, 0.5));
        let n = n as f64;
        let of_stake = |lambda: f64| {
            let Growth { linear, square, constant, deviation } = self.growth(lambda);
            // linear r - square r² must reach this.
            let target = needed / n + quantile * deviation / n.sqrt() - constant;
            let discriminant = linear * linear - 4.0 * square * target;
            if discriminant < 0.0 {
                f64::INFINITY
            } else {
                room * (2.0 * target / (linear + discriminant.sqrt())).max(0.0)
            }
        };
        LAMBDAS.into_iter().map(of_stake).fold(f64::INFINITY, f64::min)
    }

    /// What a trial adds to the log-wealth of a gambler.
    fn growth(&self, lambda: f64) -> Growth {
        let room = self.opponent.room();
        let variance = (self.deviation / room).powi(2);
        let by_curvature = |curvature: f64| Growth {
            linear: lambda,
            square: curvature,
            constant: -curvature * variance,
            deviation: (2.0 * curvature * variance).sqrt(),
        };
        match self.opponent {
            Opponent::AtMost { .. } => by_curvature(lambda * lambda / 2.0),
            Opponent::AtLeast { .. } => by_curvature(-ln_1p(-lambda) - lambda),
            Opponent::AtLeastBySquare { edge, least, square } => {
                let (edge, stake) = (edge - least, lambda / room);
                let expected = ln_1p(-stake * edge + stake * stake * square / 2.0);
                Growth {
                    linear: lambda,
                    square: 0.0,
                    constant: -stake * edge - expected,
                    deviation: stake * self.deviation,
                }
            }
        }
    }
}

/// What a trial adds to a log-wealth if its mean lies beyond the edge by r, in units of the room: the mean is at least
/// linear r - square r² + constant.
struct Growth {
    linear: f64,
    square: f64,
    constant: f64,
    deviation: f64,
}

impl StatisticalTest for BettingTest {
    type Seen = [f64];

    fn refutes(&self, trials: &[f64], wrong_refutation: f64) -> bool {
        let mut wealth = [0.0; LAMBDAS.len()];
        self.opponent.bet(trials, &mut wealth);
        mixture(&wealth) >= ln(1.0 / wrong_refutation)
    }

    fn smallest_error(&self, n: u64, rates: ErrorRates) -> f64 {
        self.smallest_error_of(n, LAMBDAS.len(), rates)
    }
}

/// That a mean is at most this, nominally: by Student's limit with the correction for skewness, of trials of this standard
/// deviation and no skewness.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StudentTest {
    /// The largest mean that is claimed.
    pub most: f64,
    /// The standard deviation of a trial.
    pub deviation: f64,
}

impl StatisticalTest for StudentTest {
    type Seen = SampleMoments;

    fn refutes(&self, seen: &SampleMoments, wrong_refutation: f64) -> bool {
        student_interval(seen, wrong_refutation).is_some_and(|interval| interval.low > self.most)
    }

    fn smallest_error(&self, n: u64, rates: ErrorRates) -> f64 {
        if n < 3 {
            return f64::INFINITY;
        }
        let quantiles = super::interval::student_quantile(n as f64 - 1.0, rates.wrong_refutation)
            + normal_quantile(rates.wrong_support);
        quantiles * self.deviation / (n as f64).sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATES: [f64; 6] = [0.1, 1e-2, 1e-3, 1e-6, 1e-9, 1e-11];

    fn agree(test: &impl StatisticalTest, errors: &[f64]) {
        agree_at(&RATES, test, errors);
    }

    fn agree_at(rates: &[f64], test: &impl StatisticalTest, errors: &[f64]) {
        for &wrong_refutation in rates {
            for &wrong_support in rates {
                for &error in errors {
                    let rates = ErrorRates { wrong_refutation, wrong_support };
                    let n = test.trials_needed(error, rates);
                    let smallest = test.smallest_error(n, rates);
                    assert!(smallest <= error * (1.0 + 1e-9), "{rates:?} {error} {n} {smallest}");
                    assert!(smallest >= error / 2.0, "{rates:?} {error} {n} {smallest}");
                }
            }
        }
    }

    #[test]
    fn trials_needed_and_the_smallest_error_agree() {
        agree(&LawTest { distance: 0.05 }, &[1e-5, 1e-3, 1e-2, 0.1]);
        for most in [1e-3, 0.1, 0.5] {
            agree_at(&[0.1, 1e-3, 1e-9], &ProportionTest { most }, &[1e-2, 0.1]);
        }
        for deviation in [0.1, 1.0] {
            agree(&StudentTest { most: 1.0, deviation }, &[1e-5, 1e-3, 1e-2, 0.1]);
            for opponent in [
                Opponent::AtMost { edge: 1.0, least: 0.0 },
                Opponent::AtLeast { edge: 1.0, most: 20.0 },
                Opponent::AtLeastBySquare { edge: 1.0, least: 0.0, square: 4.0 },
            ] {
                agree(&BettingTest { opponent, deviation }, &[1e-2, 0.1, 0.3]);
            }
        }
    }

    #[test]
    fn more_trials_see_smaller_errors() {
        let rates = ErrorRates::both(1e-6);
        let opponent = Opponent::AtMost { edge: 1.0, least: 0.0 };
        let test = BettingTest { opponent, deviation: 1.0 };
        let errors = [100, 1000, 10_000, 100_000].map(|n| test.smallest_error(n, rates));
        assert!(errors.is_sorted_by(|a, b| a > b), "{errors:?}");
        assert!(test.refutes(&[2.0; 100], 1e-9) && !test.refutes(&[1.0; 100], 1e-9));
    }
}
