//! What a layer of random weights does to a squared norm: its exact law.

use std::f64::consts::{LN_2, PI};

use theoria_elementary::{exp, ln};

/// Euler's constant.
const EULER: f64 = 0.577_215_664_901_532_9;

/// The factor that a layer of random weights puts to a squared norm: s χ²_K for a random number K >= 1 of
/// degrees of freedom.
///
/// With independent N(0, c/n_in) weights the squared norm of a signal, of a tangent, and the variance of a
/// gradient on its way back are all multiplied by (c/n_in) χ²_K, independently in each layer: K = n_out for a
/// linear layer, and K binomial with n_out fair coins for ReLU.
///
/// ```
/// use theoria_models::networks::LayerFactor;
/// // A linear layer of width 2 multiplies by χ²_2/2, which is exponential: E log is minus Euler's constant.
/// assert!((LayerFactor::linear(2, 2, 1.0).mean_log() + 0.577_215_664_901_532_9).abs() < 1e-14);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct LayerFactor {
    scale: f64,
    /// P(K = k) for k = 1, 2, ...
    freedom: Vec<f64>,
}

impl LayerFactor {
    /// Of a linear layer, n_out x n_in, with variance factor c.
    pub fn linear(n_in: usize, n_out: usize, variance: f64) -> Self {
        let mut freedom = vec![0.0; n_out];
        freedom[n_out - 1] = 1.0;
        LayerFactor { scale: variance / n_in as f64, freedom }
    }

    /// Of a ReLU layer that lets something pass: K is binomial, given K >= 1.
    pub fn relu(n_in: usize, n_out: usize, variance: f64) -> Self {
        let n = n_out as f64;
        let mut log_binomial = 0.0;
        let freedom = (1..=n_out).map(|k| {
            let k = k as f64;
            log_binomial += ln((n - k + 1.0) / k);
            exp(log_binomial - n * LN_2) / survival(n_out)
        });
        LayerFactor { freedom: freedom.collect(), scale: variance / n_in as f64 }
    }

    /// Means and variances of log χ²_k, with the probabilities of k.
    fn parts(&self) -> impl Iterator<Item = (f64, f64, f64)> {
        let each = self.freedom.iter().zip(polygammas());
        each.map(|(&p, (digamma, trigamma))| (p, digamma + LN_2, trigamma))
    }

    /// E log of the factor.
    pub fn mean_log(&self) -> f64 {
        ln(self.scale) + self.parts().map(|(p, mean, _)| p * mean).sum::<f64>()
    }

    /// The variance of log of the factor.
    pub fn variance_log(&self) -> f64 {
        let centre: f64 = self.parts().map(|(p, mean, _)| p * mean).sum();
        self.parts().map(|(p, mean, variance)| p * (variance + (mean - centre).powi(2))).sum()
    }

    /// The density of log of the factor at y.
    pub(super) fn log_density(&self, y: f64) -> f64 {
        let half = exp(y) / self.scale / 2.0;
        let log_half = y - ln(self.scale) - LN_2;
        // log Γ(k/2) for k = 1, 2, ...
        let (mut odd, mut even) = (ln(PI.sqrt()), 0.0);
        let mut density = 0.0;
        for (i, p) in self.freedom.iter().enumerate() {
            let shape = (i + 1) as f64 / 2.0;
            if *p > 0.0 {
                density += p * exp(shape * log_half - half - odd);
            }
            (odd, even) = (even, odd + ln(shape));
        }
        density
    }
}

/// The probability 1 - 2⁻ⁿ that a ReLU layer of width n lets something pass.
pub fn survival(width: usize) -> f64 {
    1.0 - 0.5f64.powi(width as i32)
}

/// ψ(k/2) and ψ'(k/2) for k = 1, 2, ...
fn polygammas() -> impl Iterator<Item = (f64, f64)> {
    let mut own = (-EULER - 2.0 * LN_2, PI * PI / 2.0);
    let mut next = (-EULER, PI * PI / 6.0);
    (1..).map(move |k| {
        let (now, x) = (own, f64::from(k) / 2.0);
        (own, next) = (next, (own.0 + 1.0 / x, own.1 - 1.0 / (x * x)));
        now
    })
}

/// The digamma function at half an integer, ψ(k/2) for k >= 1.
///
/// # Panics
/// If k is 0.
pub fn digamma_of_half(k: usize) -> f64 {
    assert!(k > 0, "the digamma function at a positive number");
    polygammas().nth(k - 1).map_or(f64::NAN, |p| p.0)
}
