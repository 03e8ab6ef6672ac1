//! Intervals for probabilities.

use statrs::distribution::{Beta, Continuous, ContinuousCDF};

use theoria_elementary::{ln, powf};

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
        powf(alpha, 1.0 / n)
    } else {
        quantile(k, n - k + 1.0, alpha)
    };
    let high = if k == n {
        1.0
    } else if successes == 0 {
        1.0 - powf(alpha, 1.0 / n)
    } else {
        1.0 - quantile(n - k, k + 1.0, alpha)
    };
    (low, high)
}

/// p with P(Beta(a, b) ≤ p) = `alpha`: Newton's steps on the logarithm of that probability, and halves of what is left
/// between its ends where they lead out of it.
fn quantile(a: f64, b: f64, alpha: f64) -> f64 {
    let Ok(beta) = Beta::new(a, b) else {
        return 0.0;
    };
    let (mut low, mut high) = (0.0, 1.0);
    let mut p = a / (a + b);
    for _ in 0..200 {
        let below = beta.cdf(p);
        if below < alpha {
            low = p;
        } else {
            high = p;
        }
        let newton = p - below * (ln(below) - ln(alpha)) / beta.pdf(p);
        let next = if newton > low && newton < high { newton } else { (low + high) / 2.0 };
        if (next - p).abs() <= 1e-15 * p {
            break;
        }
        p = next;
    }
    p
}

#[cfg(test)]
mod tests {
    use super::*;
    use statrs::distribution::{Binomial, DiscreteCDF};

    #[test]
    fn a_billionth_is_met_with_thousands_of_trials() {
        // The binomial tail, summed from its small end.
        let tail = |n: u64, least: u64, p: f64| -> f64 {
            let ln_choose = |k: u64| {
                let ln_factorial = |m: u64| statrs::function::gamma::ln_gamma(m as f64 + 1.0);
                ln_factorial(n) - ln_factorial(k) - ln_factorial(n - k)
            };
            let term =
                |k: u64| (ln_choose(k) + k as f64 * p.ln() + (n - k) as f64 * (-p).ln_1p()).exp();
            (least..=n).rev().map(term).sum()
        };
        for (k, n) in [(3, 4096), (40, 4096), (2000, 4096), (4000, 4096), (100, 20_000)] {
            for alpha in [1e-9, 1e-11] {
                let (low, high) = clopper_pearson(k, n, alpha);
                assert!((tail(n, k, low) / alpha - 1.0).abs() < 1e-3, "{k} {n} {alpha}");
                assert!((tail(n, n - k, 1.0 - high) / alpha - 1.0).abs() < 1e-3, "{k} {n} {alpha}");
            }
        }
    }

    quickcheck::quickcheck! {
        fn at_the_ends_the_binomial_tail_is_alpha(k: u8, more: u8) -> bool {
            let (k, n) = (u64::from(k), u64::from(k) + u64::from(more));
            if n == 0 { return true; }
            [1e-2, 1e-4, 1e-9].into_iter().all(|alpha| {
                let (low, high) = clopper_pearson(k, n, alpha);
                let tail = |p: f64| Binomial::new(p, n).unwrap();
                let lower_right = k == 0 || (tail(low).sf(k - 1) - alpha).abs() < 1e-6 * alpha.sqrt();
                let upper_right = k == n || (tail(high).cdf(k) - alpha).abs() < 1e-6 * alpha.sqrt();
                low <= high && lower_right && upper_right
            })
        }
    }
}
