//! The law of a product of independent factors of layers, in logarithm.

use super::{Activation, LayerFactor};

/// The law of the logarithm of a squared norm after layers of random weights: a sum of logarithms of
/// independent [`LayerFactor`]s, given that something passes.
#[derive(Debug, Clone)]
pub struct LogNorm {
    mean: f64,
    deviation: f64,
    low: f64,
    step: f64,
    /// On a grid from `low`.
    density: Vec<f64>,
    distribution: Vec<f64>,
}

impl LogNorm {
    /// By convolution on a grid, whose error falls like exp(-π²/step) since the densities are analytic.
    pub fn of(factors: &[LayerFactor]) -> Self {
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

    /// Its expectation.
    pub fn mean(&self) -> f64 {
        self.mean
    }

    /// Its standard deviation.
    pub fn deviation(&self) -> f64 {
        self.deviation
    }

    /// P(Z <= z).
    pub fn distribution(&self, z: f64) -> f64 {
        interpolated(&self.distribution, (z - self.low) / self.step, 1.0)
    }

    /// The density, as points of a line.
    pub fn density(&self) -> impl Iterator<Item = (f64, f64)> {
        let values = self.density.iter().enumerate();
        values.map(|(i, value)| (self.low + i as f64 * self.step, *value))
    }

    /// The largest distance to the distribution function of the normal law with the same mean and variance.
    pub fn distance_to_normal(&self) -> f64 {
        self.distribution
            .iter()
            .enumerate()
            .map(|(i, p)| {
                let z = self.low + i as f64 * self.step;
                (p - normal_distribution((z - self.mean) / self.deviation)).abs()
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

/// The standard normal distribution function at z.
pub fn normal_distribution(z: f64) -> f64 {
    Activation::Erf.value(z / 2f64.sqrt()) / 2.0 + 0.5
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
