//! Slopes of logarithms of means, with a bootstrap over blocks of trials.

use rand::RngExt;

use crate::Stream;
use theoria_elementary::ln;

/// Resamples of a bootstrap.
const RESAMPLES: usize = 2000;

/// A straight line through (u, log mean), and what is known of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SlopeFit {
    /// Its slope.
    pub slope: f64,
    /// Standard error of the slope.
    pub error: f64,
    /// How much the slope changes from the first to the last pair of points, by a parabola's fit.
    pub drift: f64,
    /// Standard error of the drift.
    pub drift_error: f64,
}

/// Least squares through (u_j, log of the mean of column j), the mean being over all blocks, with standard errors
/// by a bootstrap over blocks: whole blocks are drawn with replacement, 2000 times, so the correlation
/// between the points of one trajectory is kept; a resample of B blocks varies less than B new blocks would, by
/// the factor √((B - 1)/B), which is made good. `blocks[b][j]` is the mean of block b at point j, all
/// blocks having the same number of trials; the u are distinct, at least 3 of them.
///
/// None if a mean is not positive, or if there are fewer than 8 blocks.
pub fn fit_slope(u: &[f64], blocks: &[Vec<f64>]) -> Option<SlopeFit> {
    if blocks.len() < 8 {
        return None;
    }
    let line = Line::through(u);
    // The rows side by side, and no allocation within the loop: it is where the time goes.
    let rows: Vec<f64> = blocks.iter().flatten().copied().collect();
    let mut mean = vec![0.0; u.len()];
    for row in rows.chunks_exact(u.len()) {
        add(&mut mean, row);
    }
    let (slope, drift) = line.fit(logarithms(&mut mean, blocks.len())?);
    // Its randomness is its own: the same data give the same interval.
    let mut generator = Stream::new(0).child("bootstrap").trial(0);
    let (mut slopes, mut drifts) = (Squares::default(), Squares::default());
    for _ in 0..RESAMPLES {
        mean.fill(0.0);
        for _ in 0..blocks.len() {
            let chosen = generator.random_range(0..blocks.len() as u32) as usize * u.len();
            add(&mut mean, &rows[chosen..][..u.len()]);
        }
        let (s, d) = line.fit(logarithms(&mut mean, blocks.len())?);
        slopes.add(s - slope);
        drifts.add(d - drift);
    }
    let of_new_blocks = (blocks.len() as f64 / (blocks.len() - 1) as f64).sqrt();
    Some(SlopeFit {
        slope,
        error: of_new_blocks * slopes.root_mean(),
        drift,
        drift_error: of_new_blocks * drifts.root_mean(),
    })
}

fn add(sums: &mut [f64], row: &[f64]) {
    for (sum, value) in sums.iter_mut().zip(row) {
        *sum += value;
    }
}

/// Logarithms of sums over `n`, in place; None if one is not positive.
fn logarithms(sums: &mut [f64], n: usize) -> Option<&[f64]> {
    for sum in sums.iter_mut() {
        let mean = *sum / n as f64;
        if mean.is_nan() || mean <= 0.0 || mean.is_infinite() {
            return None;
        }
        *sum = ln(mean);
    }
    Some(sums)
}

/// Orthogonal polynomials of degree 1 and 2 on the points.
struct Line {
    first: Vec<f64>,
    second: Vec<f64>,
    span: f64,
}

impl Line {
    fn through(u: &[f64]) -> Self {
        let n = u.len() as f64;
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let mean = u.iter().sum::<f64>() / n;
        let first: Vec<f64> = u.iter().map(|u| u - mean).collect();
        let squares: Vec<f64> = first.iter().map(|u| u * u).collect();
        let level = squares.iter().sum::<f64>() / n;
        let along = dot(&squares, &first) / dot(&first, &first);
        let second: Vec<f64> =
            squares.iter().zip(&first).map(|(square, u)| square - level - along * u).collect();
        let scaled = |v: &[f64]| {
            let norm = dot(v, v);
            v.iter().map(|x| x / norm).collect()
        };
        let span = u.iter().copied().fold(f64::NEG_INFINITY, f64::max)
            - u.iter().copied().fold(f64::INFINITY, f64::min);
        Line { second: scaled(&second), first: scaled(&first), span }
    }

    /// Slope, and change of the slope over the span.
    fn fit(&self, y: &[f64]) -> (f64, f64) {
        let along = |weights: &[f64]| weights.iter().zip(y).map(|(w, y)| w * y).sum::<f64>();
        (along(&self.first), 2.0 * along(&self.second) * self.span)
    }
}

#[derive(Default)]
struct Squares {
    sum: f64,
    n: usize,
}

impl Squares {
    fn add(&mut self, value: f64) {
        self.sum += value * value;
        self.n += 1;
    }

    fn root_mean(&self) -> f64 {
        (self.sum / self.n as f64).sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rand_chacha::rand_core::SeedableRng;

    proptest! {
        #[test]
        fn slope_and_drift_of_a_parabola_are_exact(a in -2.0..2.0f64, b in -2.0..2.0f64, c in -0.2..0.2f64) {
            let u: Vec<f64> = (0..7).map(f64::from).collect();
            let y: Vec<f64> = u.iter().map(|u| a + b * u + c * u * u).collect();
            let (slope, drift) = Line::through(&u).fit(&y);
            prop_assert!((slope - (b + 6.0 * c)).abs() < 1e-10);
            prop_assert!((drift - 12.0 * c).abs() < 1e-10);
        }
    }

    #[test]
    fn the_standard_error_is_that_of_the_slope() {
        // Independent points with relative noise s: the slope's standard error is s/√(blocks Σ(u-ū)²).
        let u: Vec<f64> = (0..6).map(f64::from).collect();
        let mut generator = rand_chacha::ChaCha8Rng::seed_from_u64(1);
        let blocks: Vec<Vec<f64>> = (0..64)
            .map(|_| {
                u.iter()
                    .map(|_| 1.0 + 0.1 * (generator.random::<f64>() - 0.5) * 12f64.sqrt())
                    .collect()
            })
            .collect();
        let fit = fit_slope(&u, &blocks).unwrap();
        let expected = 0.1 / (64.0 * 17.5f64).sqrt();
        assert!((fit.error / expected - 1.0).abs() < 0.3, "{} {expected}", fit.error);
        assert!(fit.slope.abs() < 5.0 * expected);
    }
}
