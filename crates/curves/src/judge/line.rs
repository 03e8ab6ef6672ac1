//! Straight lines through cells, and what several runs say together.

use statrs::distribution::{ContinuousCDF, FisherSnedecor};
use theoria_verification::statistics::student_quantile;

use super::cells::Cell;

/// A number that was estimated on one run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Estimate {
    pub(super) value: f64,
    pub(super) error: f64,
    /// Degrees of freedom of the error.
    pub(super) degrees: f64,
}

/// A line through cells, and how it bends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Line {
    pub(super) slope: Estimate,
    /// By how much the slope changes from the middle of the cells to their end.
    pub(super) bend: Estimate,
}

/// The smallest number of cells whose line and bend have errors.
pub(super) const FEWEST: usize = 5;

impl Line {
    /// By weighted least squares, each cell with the weight of its points. None on fewer cells than five.
    pub(super) fn through(cells: &[Cell]) -> Option<Line> {
        let k = cells.len();
        if k < FEWEST {
            return None;
        }
        let weight = |cell: &Cell| cell.points;
        let total: f64 = cells.iter().map(weight).sum();
        let mean = |of: &dyn Fn(&Cell) -> f64| {
            cells.iter().map(|cell| weight(cell) * of(cell)).sum::<f64>() / total
        };
        let centre = mean(&|cell| cell.at);
        let level = mean(&|cell| cell.mean);
        let spread = mean(&|cell| (cell.at - centre).powi(2));
        let slope = mean(&|cell| (cell.at - centre) * (cell.mean - level)) / spread;
        // The square, less its own line.
        let skew = mean(&|cell| (cell.at - centre).powi(3)) / spread;
        let square = |cell: &Cell| (cell.at - centre).powi(2) - spread - skew * (cell.at - centre);
        let rest = |cell: &Cell| cell.mean - level - slope * (cell.at - centre);
        let squares = mean(&|cell| square(cell).powi(2));
        let bend = mean(&|cell| square(cell) * rest(cell)) / squares;
        let unexplained = mean(&|cell| rest(cell).powi(2));
        let still = mean(&|cell| (rest(cell) - bend * square(cell)).powi(2));
        let half = (cells[k - 1].at - cells[0].at) / 2.0;
        let error = |unexplained: f64, spread: f64, degrees: f64| Estimate {
            value: 0.0,
            error: (unexplained / (spread * degrees)).sqrt(),
            degrees,
        };
        Some(Line {
            slope: Estimate { value: slope, ..error(unexplained, spread, k as f64 - 2.0) },
            bend: {
                let of_square = error(still, squares, k as f64 - 3.0);
                Estimate {
                    value: 2.0 * half * bend,
                    error: 2.0 * half * of_square.error,
                    ..of_square
                }
            },
        })
    }
}

/// Level at 0 and slope of the line of y over x that weighted least squares give.
pub(super) fn regression(
    cells: &[Cell],
    weights: &[f64],
    x: impl Fn(&Cell) -> f64,
    y: impl Fn(&Cell) -> f64,
) -> (f64, f64) {
    let total: f64 = weights.iter().sum();
    let mean = |of: &dyn Fn(&Cell) -> f64| {
        cells.iter().zip(weights).map(|(cell, weight)| weight * of(cell)).sum::<f64>() / total
    };
    let (at, level) = (mean(&x), mean(&y));
    let spread = mean(&|cell| (x(cell) - at).powi(2));
    let slope = mean(&|cell| (x(cell) - at) * (y(cell) - level)) / spread;
    (level - slope * at, slope)
}

/// What several runs say of a number that they share, or one run alone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Pooled {
    pub(super) value: f64,
    pub(super) error: f64,
    pub(super) degrees: f64,
    /// Whether runs differ by more than the noise of each explains.
    pub(super) differ: bool,
}

/// How unlikely a spread of runs must be under their own noise to count.
const DIFFERENT: f64 = 0.05;

impl Pooled {
    /// The mean over runs. Its error is that of the spread between them where this is larger than their own errors explain (then it has
    /// as many degrees as runs, less one), else of both together.
    pub(super) fn over(estimates: &[Estimate]) -> Option<Pooled> {
        let r = estimates.len() as f64;
        let first = estimates.first()?;
        if estimates.len() == 1 {
            let Estimate { value, error, degrees } = *first;
            return Some(Pooled { value, error, degrees, differ: false });
        }
        let mean = estimates.iter().map(|own| own.value).sum::<f64>() / r;
        let between =
            estimates.iter().map(|own| (own.value - mean).powi(2)).sum::<f64>() / (r - 1.0);
        let within = estimates.iter().map(|own| own.error.powi(2)).sum::<f64>() / r;
        let degrees: f64 = estimates.iter().map(|own| own.degrees).sum();
        let differ = exceeds(between / within, r - 1.0, degrees);
        let (variance, degrees) = if differ {
            (between, r - 1.0)
        } else {
            let all = (r - 1.0) + degrees;
            (((r - 1.0) * between + degrees * within) / all, all)
        };
        Some(Pooled { value: mean, error: (variance / r).sqrt(), degrees, differ })
    }

    /// Half the width of an interval that misses with probability `alpha`, half of it at either end.
    pub(super) fn half_width(&self, alpha: f64) -> f64 {
        self.error * student_quantile(self.degrees, alpha / 2.0)
    }
}

/// Whether a ratio of variances is larger than chance makes it.
fn exceeds(ratio: f64, above: f64, below: f64) -> bool {
    if !ratio.is_finite() {
        // Runs without noise of their own differ if they differ at all.
        return ratio > 0.0;
    }
    FisherSnedecor::new(above, below).map_or(true, |law| law.sf(ratio) < DIFFERENT)
}
