//! Products of independent random factors: when they vanish, and how heavy their tails are.

use crate::numerics::bisect;
use theoria_elementary::{exp_m1, ln, powf};

/// Why a list is not a law.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum FactorLawError {
    /// There is no factor, or one is not finite.
    #[error("a law of factors needs at least one, all finite")]
    Factors,
    /// A probability is negative or not finite, or they do not add up to 1.
    #[error("the probabilities are not those of a law: they add up to {sum}")]
    Probabilities {
        /// Their sum.
        sum: f64,
    },
}

/// Why there is no tail index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TailIndexError {
    /// E log|F| >= 0: the recursion has no stationary law.
    #[error("the factors do not contract on average of their logarithms")]
    NotContracting,
    /// |F| <= 1 always: every moment is below 1.
    #[error("no factor is larger than 1: the tail is not a power")]
    NeverExpanding,
}

/// A finite law of factors F, such as 1 − ηa over the curvatures a that SGD meets.
///
/// x_{k+1} = F_k x_k vanishes almost surely iff E log|F| < 0 and in mean square iff E F² < 1. With
/// noise added, E log|F| < 0 gives a stationary law whose tail P(|X| > t) falls like t^(−α), where
/// E|F|^α = 1 (Kesten 1973, Theorem 5; Goldie 1991, Theorem 4.1: log|F| must not live on a lattice),
/// so its variance is infinite iff α <= 2.
///
/// ```
/// use theoria_models::flatness::FactorLaw;
/// // Curvatures 0.2 and 3.8 at step size 0.555: unstable in mean square, stable almost surely.
/// let law = FactorLaw::uniform([0.2, 3.8].map(|a| 1.0 - 0.555 * a)).unwrap();
/// assert!(law.lyapunov_exponent() < 0.0 && law.moment(2.0) > 1.0);
/// let alpha = law.tail_index().unwrap();
/// assert!(alpha < 2.0 && (law.moment(alpha) - 1.0).abs() < 1e-12);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct FactorLaw {
    /// Probability and |F|.
    atoms: Vec<(f64, f64)>,
}

impl FactorLaw {
    /// From pairs of probability and factor.
    ///
    /// # Errors
    /// If there is no factor, one is not finite, or the probabilities are not those of a law to 1e-9.
    pub fn new(atoms: impl IntoIterator<Item = (f64, f64)>) -> Result<Self, FactorLawError> {
        let mut atoms: Vec<(f64, f64)> = atoms.into_iter().collect();
        if atoms.is_empty() || atoms.iter().any(|(_, factor)| !factor.is_finite()) {
            return Err(FactorLawError::Factors);
        }
        let sum: f64 = atoms.iter().map(|(probability, _)| probability).sum();
        let law = atoms.iter().all(|(probability, _)| *probability >= 0.0);
        if !law || (sum - 1.0).abs().is_nan() || (sum - 1.0).abs() > 1e-9 {
            return Err(FactorLawError::Probabilities { sum });
        }
        for (probability, factor) in &mut atoms {
            *probability /= sum;
            *factor = factor.abs();
        }
        atoms.retain(|(probability, _)| *probability > 0.0);
        Ok(FactorLaw { atoms })
    }

    /// All factors equally likely.
    ///
    /// # Errors
    /// If there is no factor, or one is not finite.
    pub fn uniform(factors: impl IntoIterator<Item = f64>) -> Result<Self, FactorLawError> {
        let factors: Vec<f64> = factors.into_iter().collect();
        let probability = 1.0 / factors.len() as f64;
        Self::new(factors.into_iter().map(|factor| (probability, factor)))
    }

    /// E log|F|, exactly: −∞ where F can be 0.
    pub fn lyapunov_exponent(&self) -> f64 {
        self.atoms.iter().map(|(p, size)| p * ln(*size)).sum()
    }

    /// Variance of log|F|: per step, of the logarithm of the product. NaN where F can be 0.
    pub fn log_variance(&self) -> f64 {
        let mean = self.lyapunov_exponent();
        let square = |(p, size): &(f64, f64)| p * (ln(*size) - mean).powi(2);
        self.atoms.iter().map(square).sum()
    }

    /// E|F|^power for a positive power.
    pub fn moment(&self, power: f64) -> f64 {
        self.atoms.iter().map(|(p, size)| p * powf(*size, power)).sum()
    }

    /// The α > 0 with E|F|^α = 1. It is the only one: log E|F|^α is convex in α and 0 at 0.
    ///
    /// # Errors
    /// If E log|F| >= 0 or |F| <= 1 always: then there is none.
    pub fn tail_index(&self) -> Result<f64, TailIndexError> {
        if self.lyapunov_exponent() >= 0.0 {
            return Err(TailIndexError::NotContracting);
        }
        if self.atoms.iter().all(|(_, size)| *size <= 1.0) {
            return Err(TailIndexError::NeverExpanding);
        }
        // exp(α log|F|) − 1 summed does not cancel near α = 0, as E|F|^α − 1 would.
        let excess = |alpha: f64| -> f64 {
            let term = |(p, size): &(f64, f64)| p * exp_m1(alpha * ln(*size));
            self.atoms.iter().map(term).sum()
        };
        let mut high = 1.0;
        while excess(high) < 0.0 {
            high *= 2.0;
        }
        let mut low = high;
        while excess(low) >= 0.0 && low > f64::MIN_POSITIVE {
            low /= 2.0;
        }
        Ok(bisect(low, high, 0.0, |alpha| excess(alpha) < 0.0).0)
    }
}

/// A growth rate estimated from independent factors.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LyapunovExponent {
    /// Mean of log|F|.
    pub value: f64,
    /// Standard error of the mean; it assumes independent factors of finite variance.
    pub standard_error: f64,
}

impl LyapunovExponent {
    /// From factors that were met; −∞ if one of them is 0. None for fewer than two.
    pub fn of(factors: impl IntoIterator<Item = f64>) -> Option<Self> {
        let logarithms: Vec<f64> = factors.into_iter().map(|f| ln(f.abs())).collect();
        if logarithms.len() < 2 {
            return None;
        }
        let count = logarithms.len() as f64;
        let value = logarithms.iter().sum::<f64>() / count;
        let spread: f64 = logarithms.iter().map(|log| (log - value).powi(2)).sum();
        Some(LyapunovExponent { value, standard_error: (spread / (count - 1.0) / count).sqrt() })
    }
}
