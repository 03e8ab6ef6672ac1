//! The exact law of what a layer of random weights does to a squared norm.
//!
//! With independent N(0, c/n_in) weights the squared norm of a signal, of a tangent, and the variance of a
//! gradient on its way back are all multiplied by (c/n_in) χ²_K, independently in each layer: K = n_out for a
//! linear layer, and K binomial with n_out fair coins for ReLU.

use std::f64::consts::{LN_2, PI};

/// Euler's constant.
const EULER: f64 = 0.577_215_664_901_532_9;

/// s χ²_K for a random number K >= 1 of degrees of freedom.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct LayerFactor {
    scale: f64,
    /// P(K = k) for k = 1, 2, ...
    freedom: Vec<f64>,
}

impl LayerFactor {
    /// Of a linear layer, n_out x n_in, with variance factor c.
    pub(super) fn linear(n_in: usize, n_out: usize, variance: f64) -> Self {
        let mut freedom = vec![0.0; n_out];
        freedom[n_out - 1] = 1.0;
        LayerFactor { scale: variance / n_in as f64, freedom }
    }

    /// Of a ReLU layer that lets something pass: K is binomial, given K >= 1.
    pub(super) fn relu(n_in: usize, n_out: usize, variance: f64) -> Self {
        let n = n_out as f64;
        let mut log_binomial = 0.0;
        let freedom = (1..=n_out).map(|k| {
            let k = k as f64;
            log_binomial += ((n - k + 1.0) / k).ln();
            (log_binomial - n * LN_2).exp() / survival(n_out)
        });
        LayerFactor { freedom: freedom.collect(), scale: variance / n_in as f64 }
    }

    /// Means and variances of log χ²_k, with the probabilities of k.
    fn parts(&self) -> impl Iterator<Item = (f64, f64, f64)> {
        let each = self.freedom.iter().zip(polygammas());
        each.map(|(&p, (digamma, trigamma))| (p, digamma + LN_2, trigamma))
    }

    /// E log.
    pub(super) fn mean_log(&self) -> f64 {
        self.scale.ln() + self.parts().map(|(p, mean, _)| p * mean).sum::<f64>()
    }

    /// The variance of log.
    pub(super) fn variance_log(&self) -> f64 {
        let centre: f64 = self.parts().map(|(p, mean, _)| p * mean).sum();
        self.parts().map(|(p, mean, variance)| p * (variance + (mean - centre).powi(2))).sum()
    }

    /// The density of log at y.
    fn log_density(&self, y: f64) -> f64 {
        let half = y.exp() / self.scale / 2.0;
        let log_half = y - self.scale.ln() - LN_2;
        // log Γ(k/2) for k = 1, 2, ...
        let (mut odd, mut even) = (PI.sqrt().ln(), 0.0);
        let mut density = 0.0;
        for (i, p) in self.freedom.iter().enumerate() {
            let shape = (i + 1) as f64 / 2.0;
            if *p > 0.0 {
                density += p * (shape * log_half - half - odd).exp();
            }
            (odd, even) = (even, odd + shape.ln());
        }
        density
    }
}

/// The probability 1 - 2⁻ⁿ that a ReLU layer of width n lets something pass.
pub(super) fn survival(width: usize) -> f64 {
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

/// ψ(k/2).
pub(super) fn digamma_of_half(k: usize) -> f64 {
    polygammas().nth(k - 1).map_or(f64::NAN, |p| p.0)
}

/// The law of a sum of logarithms of independent factors.
#[derive(Debug, Clone)]
pub(super) struct LogNorm {
    pub(super) mean: f64,
    pub(super) deviation: f64,
    low: f64,
    step: f64,
    /// On a grid from `low`.
    density: Vec<f64>,
    distribution: Vec<f64>,
}

impl LogNorm {
    /// By convolution on a grid, whose error falls like exp(-π²/step) since the densities are analytic.
    pub(super) fn of(factors: &[LayerFactor]) -> Self {
        let moments: Vec<(f64, f64)> =
            factors.iter().map(|factor| (factor.mean_log(), factor.variance_log())).collect();
        let mean: f64 = moments.iter().map(|m| m.0).sum();
        let deviation = moments.iter().map(|m| m.1).sum::<f64>().sqrt();
        let narrowest = moments.iter().map(|m| m.1).fold(f64::INFINITY, f64::min);
        let step = (deviation / 50.0).min(narrowest.sqrt() / 3.0).min(0.2);
        let mut sum = Grid { first: 0, values: vec![1.0 / step] };
        for same in factors.chunk_by(|a, b| a == b) {
            let one = Grid::of(&same[0], same[0].mean_log(), step);
            sum = sum.convolved(&one.power(same.len(), step), step);
        }
        let mut below = 0.0;
        let distribution = sum.values.iter().map(|value| {
            let at = below + value * step / 2.0;
            below += value * step;
            at
        });
        LogNorm {
            mean,
            deviation,
            low: sum.first as f64 * step,
            step,
            distribution: distribution.collect(),
            density: sum.values,
        }
    }

    /// P(Z <= z).
    pub(super) fn distribution(&self, z: f64) -> f64 {
        interpolated(&self.distribution, (z - self.low) / self.step, 1.0)
    }

    /// The density, as points of a line.
    pub(super) fn density(&self) -> impl Iterator<Item = (f64, f64)> {
        let values = self.density.iter().enumerate();
        values.map(|(i, value)| (self.low + i as f64 * self.step, *value))
    }

    /// The largest distance to the distribution function of the normal law with the same mean and variance.
    pub(super) fn distance_to_normal(&self) -> f64 {
        self.distribution
            .iter()
            .enumerate()
            .map(|(i, p)| {
                let z = self.low + i as f64 * self.step;
                (p - normal((z - self.mean) / self.deviation)).abs()
            })
            .fold(0.0, f64::max)
    }
}

/// Between the places of a grid; 0 before it and `beyond` behind it.
fn interpolated(values: &[f64], place: f64, beyond: f64) -> f64 {
    if place.is_nan() || place <= 0.0 {
        return 0.0;
    }
    let (i, part) = (place as usize, place.fract());
    match values.get(i..i + 2) {
        Some(pair) => pair[0] + part * (pair[1] - pair[0]),
        None => beyond,
    }
}

/// The standard normal distribution function.
pub(super) fn normal(z: f64) -> f64 {
    theoria_models::networks::Activation::Erf.value(z / 2f64.sqrt()) / 2.0 + 0.5
}

/// A density at the multiples first, first + 1, ... of a step.
#[derive(Clone)]
struct Grid {
    first: i64,
    values: Vec<f64>,
}

impl Grid {
    /// Values below this share of the largest are left out at both ends.
    const NEGLIGIBLE: f64 = 1e-17;

    fn of(factor: &LayerFactor, centre: f64, step: f64) -> Self {
        let middle = (centre / step).round() as i64;
        let value = |place: i64| factor.log_density(place as f64 * step);
        let least = Self::NEGLIGIBLE * value(middle);
        let until = |direction: i64| {
            (0..)
                .map(|i| value(middle + direction * i))
                .take_while(|v| *v > least)
                .collect::<Vec<f64>>()
        };
        let (left, right) = (until(-1), until(1));
        Grid {
            first: middle - left.len() as i64 + 1,
            values: left.into_iter().rev().chain(right.into_iter().skip(1)).collect(),
        }
    }

    /// Of the sum of `times` independent copies, at least one, by squaring.
    fn power(&self, times: usize, step: f64) -> Grid {
        if times == 1 {
            return self.clone();
        }
        let half = self.power(times / 2, step);
        let whole = half.convolved(&half, step);
        if times.is_multiple_of(2) { whole } else { whole.convolved(self, step) }
    }

    fn convolved(&self, other: &Grid, step: f64) -> Grid {
        let mut values = vec![0.0; self.values.len() + other.values.len() - 1];
        for (i, a) in self.values.iter().enumerate() {
            for (value, b) in values[i..].iter_mut().zip(&other.values) {
                *value += a * b * step;
            }
        }
        let least = Self::NEGLIGIBLE * values.iter().copied().fold(0.0, f64::max);
        let kept = |v: &f64| *v > least;
        let skipped = values.iter().position(kept).unwrap_or(0);
        let end = values.iter().rposition(kept).map_or(0, |i| i + 1);
        Grid {
            first: self.first + other.first + skipped as i64,
            values: values[skipped..end].to_vec(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithms_have_the_means_and_variances_of_the_tables() {
        // scipy.special: digamma(5) + log(2/10), polygamma(1, 5).
        let linear = LayerFactor::linear(10, 10, 1.0);
        assert!((linear.mean_log() + 0.103_320_244_2).abs() < 1e-9);
        assert!((linear.variance_log() - 0.221_322_955_7).abs() < 1e-9);
        let relu = LayerFactor::relu(16, 16, 2.0);
        assert!((20.0 * relu.mean_log() + 3.5279).abs() < 1e-4);
        assert!((20.0 * relu.variance_log() - 8.392).abs() < 1e-3);
    }

    #[test]
    fn the_grid_holds_the_law() {
        let law = LogNorm::of(&vec![LayerFactor::relu(16, 16, 2.0); 20]);
        let moment = |k: i32| law.density().map(|(z, p)| z.powi(k) * p * law.step).sum::<f64>();
        assert!((moment(0) - 1.0).abs() < 1e-12);
        assert!((moment(1) - law.mean).abs() < 1e-10);
        assert!((moment(2) - moment(1).powi(2) - law.deviation.powi(2)).abs() < 1e-9);
        // One layer of two linear neurons: χ²_2/2 is exponential.
        let exponential = LogNorm::of(&[LayerFactor::linear(2, 2, 1.0)]);
        for z in [-3.0f64, -1.0, 0.0, 0.7] {
            let exact = 1.0 - (-z.exp()).exp();
            assert!((exponential.distribution(z) - exact).abs() < 1e-4);
        }
    }
}
