//! A limit and its approach, fitted to one run.

use super::cells::Cell;
use super::line::{Estimate, KEPT, are_correlated, regression};

/// c + a n^-q, fitted to one run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Approach {
    pub(super) limit: Estimate,
    /// −q.
    pub(super) exponent: Estimate,
    /// a.
    pub(super) size: f64,
}

/// Exponents q that are tried, as powers of 2, before the best one is refined.
const SLOWEST: f64 = -4.0;
const FASTEST: f64 = 2.5;
const GRID: u32 = 65;
const REFINEMENTS: usize = 40;
/// Rounds in which the noise is learned from what the last fit left.
const ROUNDS: usize = 4;
/// An exponent that is known to no more than this share of it is told from none as little as its limit.
const KNOWN: f64 = 0.4;
/// The smallest number of octaves that three numbers and an error are read off.
const OCTAVES: usize = 4;

/// A limit and a size at a given exponent, and what they leave.
#[derive(Debug, Clone, Copy)]
struct Fit {
    q: f64,
    limit: f64,
    size: f64,
    left: f64,
}

impl Fit {
    fn rest(&self, cell: &Cell) -> f64 {
        cell.mean - self.limit - self.size * cell.at.powf(-self.q)
    }
}

impl Approach {
    /// By least squares over parts of octaves, with the noise a power of n that is read off what is left. `octave` tells to which octave
    /// each part belongs: what is left of whole octaves is what errors are made of, since neighbours may be correlated. Where the fit is
    /// one of `few` runs, whose spread says too little, and what it leaves goes on over octaves, errors are those of the steps between them.
    ///
    /// # Errors
    /// Why there is none.
    pub(super) fn of(
        cells: &[Cell],
        octave: impl Fn(&Cell) -> i64,
        few: bool,
    ) -> Result<Approach, String> {
        let mut octaves: Vec<i64> = cells.iter().map(&octave).collect();
        octaves.dedup();
        if octaves.len() < OCTAVES {
            return Err(format!("{} octaves are seen, and a limit takes {OCTAVES}", octaves.len()));
        }
        let mut weights: Vec<f64> = cells.iter().map(|cell| cell.points).collect();
        let mut best = best(cells, &weights)?;
        for _ in 1..ROUNDS {
            weights = weighed(cells, |cell| best.rest(cell));
            best = self::best(cells, &weights)?;
        }
        let degrees = octaves.len() as f64 - 3.0;
        let inverse = inverse(cells, &weights, &best)?;
        let unit = unit(cells, &weights, &best, &octave, octaves.len() as f64 / degrees);
        let apart = [0, 1, 2].map(|i| unit * inverse[i][i]);
        if apart[2].sqrt() > KNOWN * best.q {
            return Err("a limit is not told from a power or a logarithm on these steps".into());
        }
        let left = cells.iter().zip(&weights).map(|(cell, weight)| weight.sqrt() * best.rest(cell));
        let goes_on = few && are_correlated(&left.collect::<Vec<_>>());
        let (own, degrees) = if goes_on {
            let steps = of_steps(cells, &weights, &best, octave, &inverse);
            ([0, 1, 2].map(|i| apart[i].max(steps[i])), (degrees - 2.0).max(1.0))
        } else {
            (apart, degrees)
        };
        let estimate =
            |value: f64, variance: f64| Estimate { value, error: variance.sqrt(), degrees };
        let (of_limit, exponent) = (own[0], estimate(-best.q, own[2]));
        Ok(Approach { limit: estimate(best.limit, of_limit), exponent, size: best.size })
    }
}

fn best(cells: &[Cell], weights: &[f64]) -> Result<Fit, String> {
    let step = (FASTEST - SLOWEST) / f64::from(GRID);
    let at = |power: f64| fit(cells, weights, power.exp2());
    let grid = (0..=GRID).map(|i| SLOWEST + f64::from(i) * step);
    let tried = grid.map(|power| (power, at(power))).filter(|(_, fit)| fit.left.is_finite());
    let coarse = tried.min_by(|(_, a), (_, b)| a.left.total_cmp(&b.left));
    let Some((middle, mut best)) = coarse else { return Err("no limit fits".into()) };
    // Thirds of the interval around it.
    let (mut low, mut high) = (middle - step, middle + step);
    for _ in 0..REFINEMENTS {
        let third = (high - low) / 3.0;
        let (left, right) = (at(low + third), at(high - third));
        if left.left < right.left {
            high -= third;
        } else {
            low += third;
        }
        for fit in [left, right] {
            if fit.left < best.left {
                best = fit;
            }
        }
    }
    Ok(best)
}

fn fit(cells: &[Cell], weights: &[f64], q: f64) -> Fit {
    let (limit, size) = regression(cells, weights, |cell| cell.at.powf(-q), |cell| cell.mean);
    let own = Fit { q, limit, size, left: f64::NAN };
    let squares = cells.iter().zip(weights).map(|(cell, weight)| weight * own.rest(cell).powi(2));
    Fit { left: squares.sum(), ..own }
}

/// Points over the variance of one, which is a power of n: fitted to logarithms of squares of what is left.
fn weighed(cells: &[Cell], rest: impl Fn(&Cell) -> f64) -> Vec<f64> {
    let squares = cells.iter().map(|cell| (cell.at.ln(), cell.points * rest(cell).powi(2)));
    let seen: Vec<(f64, f64)> =
        squares.filter(|(_, square)| *square > 0.0).map(|(u, square)| (u, square.ln())).collect();
    let n = seen.len() as f64;
    let (u, y) = seen.iter().fold((0.0, 0.0), |(a, b), (u, y)| (a + u / n, b + y / n));
    let (over, spread) =
        seen.iter().fold((0.0, 0.0), |(a, b), (x, z)| (a + (x - u) * (z - y), b + (x - u).powi(2)));
    let power = if spread > 0.0 { (over / spread).clamp(-8.0, 2.0) } else { 0.0 };
    let weight = |cell: &Cell| cell.points * (-power * (cell.at.ln() - u)).exp();
    cells.iter().map(weight).collect()
}

/// What the three numbers change at a cell: limit, size, −q.
fn changes(cell: &Cell, fit: &Fit) -> [f64; 3] {
    let x = cell.at.powf(-fit.q);
    [1.0, x, fit.size * x * cell.at.ln()]
}

/// The inverse of the weighted normal equations.
fn inverse(cells: &[Cell], weights: &[f64], fit: &Fit) -> Result<[[f64; 3]; 3], String> {
    let mut m = [[0.0; 3]; 3];
    for (cell, weight) in cells.iter().zip(weights) {
        let row = changes(cell, fit);
        for i in 0..3 {
            for j in 0..3 {
                m[i][j] += weight * row[i] * row[j];
            }
        }
    }
    let minor = |i: usize, j: usize| {
        let (a, b) = ((i + 1) % 3, (i + 2) % 3);
        let (c, d) = ((j + 1) % 3, (j + 2) % 3);
        m[a][c] * m[b][d] - m[a][d] * m[b][c]
    };
    let determinant = (0..3).map(|j| m[0][j] * minor(0, j)).sum::<f64>();
    let own = [0, 1, 2].map(|i| [0, 1, 2].map(|j| minor(j, i) / determinant));
    if (0..3).all(|i| own[i][i] > 0.0 && own[i][i].is_finite()) {
        Ok(own)
    } else {
        Err("a limit is not told from a power or a logarithm on these steps".into())
    }
}

/// The variances of the three numbers where noise is a random walk, however its steps grow: from what the fit leaves of the steps from octave
/// to octave, over the share that it leaves of each.
fn of_steps(
    cells: &[Cell],
    weights: &[f64],
    fit: &Fit,
    octave: impl Fn(&Cell) -> i64,
    inverse: &[[f64; 3]; 3],
) -> [f64; 3] {
    // Of each octave: its weight, the sums of what is left and of the changes.
    let mut sums: Vec<(i64, f64, f64, [f64; 3])> = Vec::new();
    for (cell, weight) in cells.iter().zip(weights) {
        let own = octave(cell);
        if sums.last().is_none_or(|last| last.0 != own) {
            sums.push((own, 0.0, 0.0, [0.0; 3]));
        }
        let Some(last) = sums.last_mut() else { continue };
        last.1 += weight;
        last.2 += weight * fit.rest(cell);
        for (sum, change) in last.3.iter_mut().zip(changes(cell, fit)) {
            *sum += weight * change;
        }
    }
    let mut variances = [0.0; 3];
    for later in 1..sums.len() {
        let [(_, w, rest, sum), (_, v, before, earlier)] = [sums[later], sums[later - 1]];
        // What a step of 1 at this place adds to the numbers.
        let after = sums[later..]
            .iter()
            .fold([0.0; 3], |total, own| [0, 1, 2].map(|i| total[i] + own.3[i]));
        let added = [0, 1, 2].map(|i| (0..3).map(|j| inverse[i][j] * after[j]).sum::<f64>());
        let taken: f64 = (0..3).map(|i| added[i] * (sum[i] / w - earlier[i] / v)).sum();
        let step = (rest / w - before / v) / (1.0 - taken).max(KEPT);
        for i in 0..3 {
            variances[i] += (added[i] * step).powi(2);
        }
    }
    variances
}

/// The variance of a point of weight 1: of parts of octaves, or of whole ones where these vary more.
fn unit(
    cells: &[Cell],
    weights: &[f64],
    fit: &Fit,
    octave: &impl Fn(&Cell) -> i64,
    lost: f64,
) -> f64 {
    let apart = fit.left / (cells.len() as f64 - 3.0);
    let mut sums: Vec<(i64, f64, f64)> = Vec::new();
    for (cell, weight) in cells.iter().zip(weights) {
        let (own, part) = (octave(cell), weight * fit.rest(cell));
        match sums.last_mut() {
            Some(last) if last.0 == own => {
                last.1 += part;
                last.2 += weight;
            }
            _ => sums.push((own, part, *weight)),
        }
    }
    let whole = sums.iter().map(|(_, sum, weight)| sum * sum / weight).sum::<f64>();
    // The fit has taken three of the octaves' numbers.
    apart.max(lost * whole / sums.len() as f64)
}
