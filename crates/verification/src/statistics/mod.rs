//! What a sample says of the law it was drawn from: intervals, tests, tails.
//!
//! Each function is a published method with its source; how the verdicts use them is said in
//! [`judgement`](crate::judgement).

use theoria_elementary::ln;

mod betting;
mod hill;
mod interval;
mod proportion;
mod sample_moments;
mod slope;
mod tail;
mod test;

pub use betting::{LAMBDAS, Opponent, log_wealth, mixture};
pub use hill::{HillError, TailIndex, hill};
pub use interval::{
    MeanInterval, bounded_upper, normal_quantile, student_interval, student_quantile,
};
pub use proportion::clopper_pearson;
pub use sample_moments::SampleMoments;
pub use slope::{SlopeFit, fit_slope};
pub use tail::{Tail, UnknownTail, peaks_upper};
pub use test::{BettingTest, LawTest, ProportionTest, StatisticalTest, StudentTest};

/// Half-width of the band that contains the whole empirical distribution function of `n` draws with
/// probability 1 - `alpha` (Dvoretzky, Kiefer, Wolfowitz 1956; constant by Massart 1990).
///
/// ```
/// use theoria_verification::statistics::dkw_band;
/// assert!((dkw_band(50_000, 1e-9) - 0.0146).abs() < 1e-4);
/// ```
pub fn dkw_band(n: u64, alpha: f64) -> f64 {
    (ln(2.0 / alpha) / (2.0 * n as f64)).sqrt()
}
