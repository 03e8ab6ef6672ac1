//! Intervals for means.

use statrs::distribution::{ContinuousCDF, Normal, StudentsT};

use crate::statistics::SampleMoments;
use theoria_elementary::{cbrt, ln};

/// What is known of a mean.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MeanInterval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// Beyond this product of skewness/√n and the quantile the transformation says nothing any more.
const MOST_SKEW: f64 = 1.0;

/// A sample underestimates the skewness of its law. With the estimate as it is, limits were missed up to four times
/// as often as said (log-normal trials, 256 of them, nominal 2.5e-4); with half as much again, never more often
/// than 1.1 times. The end on the side of the long tail uses the larger skewness, the other the smaller one.
const UNDERESTIMATED: f64 = 1.5;

/// An interval for the mean, each end missed with probability about `alpha`: Student's t, corrected for
/// skewness by Hall's monotone transformation (Hall 1992, *On the removal of skewness by
/// transformation*).
///
/// It assumes a finite third moment, so it is nominal: a rare large value that the sample does not show is not in it.
/// None if the sample is too small for its skewness, so that the correction would have to be trusted further than
/// its expansion carries; none either of a sample without spread, which says nothing of the spread of its law.
///
/// ```
/// use theoria_verification::statistics::{SampleMoments, student_interval};
/// let symmetric = SampleMoments::of(&[-1.0, 0.0, 1.0, -1.0, 0.0, 1.0]);
/// let interval = student_interval(&symmetric, 0.025).unwrap();
/// assert!((interval.high - 0.9388).abs() < 1e-3 && (interval.low + interval.high).abs() < 1e-12);
/// ```
pub fn student_interval(moments: &SampleMoments, alpha: f64) -> Option<MeanInterval> {
    let n = moments.n as f64;
    if moments.n < 2 {
        return None;
    }
    let (mean, sd) = (moments.mean(), moments.variance().sqrt());
    if sd.is_nan() || sd <= 0.0 {
        return None;
    }
    let quantile = student_quantile(n - 1.0, alpha);
    let skew = moments.skewness() / n.sqrt();
    if !(skew * UNDERESTIMATED * quantile).abs().le(&MOST_SKEW) {
        return None;
    }
    let untransform = |u: f64, skew: f64| {
        if skew.abs() < 1e-9 { u } else { 3.0 / skew * (cbrt(1.0 + skew * (u - skew / 6.0)) - 1.0) }
    };
    let (more, less) = (skew * UNDERESTIMATED, skew / UNDERESTIMATED);
    let (skew_of_low, skew_of_high) = if skew > 0.0 { (less, more) } else { (more, less) };
    let unit = sd / n.sqrt();
    Some(MeanInterval {
        low: mean - unit * untransform(quantile, skew_of_low),
        high: mean - unit * untransform(-quantile, skew_of_high),
    })
}

/// t with P(T > t) = `alpha`; beyond two hundred degrees of freedom by the normal quantile with the
/// first two terms of its expansion in 1/degrees (Abramowitz, Stegun 26.7.5), which is exact to 1e-5
/// there and does not depend on how an iteration ends.
pub fn student_quantile(degrees: f64, alpha: f64) -> f64 {
    if degrees < 200.0 {
        return StudentsT::new(0.0, 1.0, degrees).map_or(f64::INFINITY, |t| -t.inverse_cdf(alpha));
    }
    let z = normal_quantile(alpha);
    let (z3, z5) = (z.powi(3), z.powi(5));
    z + (z3 + z) / (4.0 * degrees) + (5.0 * z5 + 16.0 * z3 + 3.0 * z) / (96.0 * degrees * degrees)
}

/// z with P(Z > z) = `alpha` for a standard normal Z.
pub fn normal_quantile(alpha: f64) -> f64 {
    -Normal::standard().inverse_cdf(alpha)
}

/// An upper bound for the mean of values known to lie in [0, `most`], missed with probability at most
/// `alpha` whatever their law (empirical Bernstein: Maurer, Pontil 2009, theorem 4).
pub fn bounded_upper(moments: &SampleMoments, most: f64, alpha: f64) -> f64 {
    if moments.n < 2 {
        return most;
    }
    let n = moments.n as f64;
    let log = ln(2.0 / alpha);
    let deviation =
        (2.0 * moments.variance() * log / n).sqrt() + 7.0 * most * log / (3.0 * (n - 1.0));
    (moments.mean() + deviation).min(most)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn quantiles_are_those_of_the_tables() {
        // scipy.stats.t.isf(1e-9, df), norm.isf(1e-9)
        assert!((normal_quantile(1e-9) - 5.997_807_015).abs() < 1e-6);
        assert!((student_quantile(1000.0, 1e-9) - 6.054_118).abs() < 1e-3);
        assert!((student_quantile(10.0, 0.025) - 2.228_139).abs() < 1e-5);
    }

    proptest! {
        #[test]
        fn right_skew_moves_the_interval_to_the_right(values in prop::collection::vec(0.0..1.0f64, 100..200)) {
            let skewed: Vec<f64> = values.iter().map(|v| -(1.0 - v).ln()).collect();
            let m = SampleMoments::of(&skewed);
            prop_assume!(m.skewness() > 0.5);
            let interval = student_interval(&m, 1e-3);
            prop_assume!(interval.is_some());
            let interval = interval.unwrap();
            prop_assert!(interval.high - m.mean() > m.mean() - interval.low);
        }

        #[test]
        fn a_smaller_risk_asks_for_a_wider_interval(values in prop::collection::vec(0.0..1.0f64, 50..99)) {
            let m = SampleMoments::of(&values);
            let (wide, narrow) = (student_interval(&m, 1e-6), student_interval(&m, 1e-2));
            prop_assume!(wide.is_some());
            prop_assert!(wide.unwrap().high >= narrow.unwrap().high);
            prop_assert!(bounded_upper(&m, 1.0, 1e-6) >= bounded_upper(&m, 1.0, 1e-2));
        }
    }
}
