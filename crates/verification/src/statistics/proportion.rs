//! Intervals for probabilities.

use statrs::distribution::{Beta, ContinuousCDF};

/// The exact interval for a probability after `successes` in `n` independent trials; each end is
/// missed with probability at most `alpha` (Clopper, Pearson 1934).
///
/// ```
/// use theoria_verification::statistics::clopper_pearson;
/// let (low, high) = clopper_pearson(4096, 4096, 1e-9);
/// assert!((low - 1e-9f64.powf(1.0 / 4096.0)).abs() < 1e-12);
/// assert_eq!(high, 1.0);
/// ```
pub fn clopper_pearson(successes: u64, n: u64, alpha: f64) -> (f64, f64) {
    if n == 0 {
        return (0.0, 1.0);
    }
    let (k, n) = (successes as f64, n as f64);
    let low = if successes == 0 {
        0.0
    } else if k == n {
        alpha.powf(1.0 / n)
    } else {
        quantile(k, n - k + 1.0, alpha)
    };
    let high = if k == n {
        1.0
    } else if successes == 0 {
        1.0 - alpha.powf(1.0 / n)
    } else {
        1.0 - quantile(n - k, k + 1.0, alpha)
    };
    (low, high)
}

/// p with P(Beta(a, b) ≤ p) = `alpha`, by bisection, always the same way.
fn quantile(a: f64, b: f64, alpha: f64) -> f64 {
    let Ok(beta) = Beta::new(a, b) else {
        return 0.0;
    };
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..60 {
        let middle = (low + high) / 2.0;
        if beta.cdf(middle) < alpha {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;
    use statrs::distribution::{Binomial, DiscreteCDF};

    quickcheck::quickcheck! {
        fn at_the_ends_the_binomial_tail_is_alpha(k: u8, more: u8) -> bool {
            let (k, n) = (u64::from(k), u64::from(k) + u64::from(more));
            if n == 0 { return true; }
            let alpha = 1e-4;
            let (low, high) = clopper_pearson(k, n, alpha);
            let tail = |p: f64| Binomial::new(p, n).unwrap();
            let lower_right = k == 0 || (tail(low).sf(k - 1) - alpha).abs() < 1e-6;
            let upper_right = k == n || (tail(high).cdf(k) - alpha).abs() < 1e-6;
            low <= high && lower_right && upper_right
        }
    }
}
