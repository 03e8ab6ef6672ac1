//! Straight lines through cells, and what several runs say together.

use statrs::distribution::{ContinuousCDF, FisherSnedecor};
use theoria_verification::statistics::student_quantile;

use super::cells::{Cell, Gathered};

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
    /// Whether what it leaves goes on from cell to cell, as a random walk does.
    pub(super) goes_on: bool,
}

/// The smallest number of cells whose line and bend have errors.
pub(super) const FEWEST: usize = 5;

/// A parabola through cells by weighted least squares, each with the weight of its points: the line, and what bends it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Parabola {
    centre: f64,
    level: f64,
    slope: f64,
    spread: f64,
    skew: f64,
    /// Of the square, less its own line.
    bend: f64,
    squares: f64,
}

impl Parabola {
    pub(super) fn through(cells: &[Cell]) -> Parabola {
        let mean = |of: &dyn Fn(&Cell) -> f64| mean(cells, of);
        let centre = mean(&|cell| cell.at);
        let level = mean(&|cell| cell.mean);
        let spread = mean(&|cell| (cell.at - centre).powi(2));
        let slope = mean(&|cell| (cell.at - centre) * (cell.mean - level)) / spread;
        let skew = mean(&|cell| (cell.at - centre).powi(3)) / spread;
        let line = Parabola { centre, level, slope, spread, skew, bend: 0.0, squares: 0.0 };
        let squares = mean(&|cell| line.square(cell).powi(2));
        let bend = mean(&|cell| line.square(cell) * line.rest(cell)) / squares;
        Parabola { bend, squares, ..line }
    }

    /// The square, less its own line.
    fn square(&self, cell: &Cell) -> f64 {
        let x = cell.at - self.centre;
        x * x - self.spread - self.skew * x
    }

    /// What the line leaves.
    fn rest(&self, cell: &Cell) -> f64 {
        cell.mean - self.level - self.slope * (cell.at - self.centre)
    }

    /// What the parabola leaves.
    pub(super) fn left(&self, cell: &Cell) -> f64 {
        self.rest(cell) - self.bend * self.square(cell)
    }
}

fn mean(cells: &[Cell], of: &dyn Fn(&Cell) -> f64) -> f64 {
    let total: f64 = cells.iter().map(|cell| cell.points).sum();
    cells.iter().map(|cell| cell.points * of(cell)).sum::<f64>() / total
}

impl Line {
    /// By weighted least squares, each cell with the weight of its points. None on fewer cells than five. Where what it leaves goes on
    /// from cell to cell, the error of the slope is that of the steps between them.
    pub(super) fn through(gathered: &Gathered) -> Option<Line> {
        let cells = &gathered.cells;
        let k = cells.len();
        if k < FEWEST {
            return None;
        }
        let fit = Parabola::through(cells);
        let unexplained = mean(cells, &|cell| fit.rest(cell).powi(2));
        let still = mean(cells, &|cell| fit.left(cell).powi(2));
        let half = (cells[k - 1].at - cells[0].at) / 2.0;
        let error = |unexplained: f64, spread: f64, degrees: f64| Estimate {
            value: 0.0,
            error: (unexplained / (spread * degrees)).sqrt(),
            degrees,
        };
        let apart = error(unexplained, fit.spread, k as f64 - 2.0);
        let goes_on = goes_on(&gathered.parts);
        let slope = if goes_on { steps_between(cells, &fit).or(apart) } else { apart };
        let of_square = error(still, fit.squares, k as f64 - 3.0);
        Some(Line {
            slope: Estimate { value: fit.slope, ..slope },
            bend: Estimate {
                value: 2.0 * half * fit.bend,
                error: 2.0 * half * of_square.error,
                ..of_square
            },
            goes_on,
        })
    }
}

impl Estimate {
    /// With an error that is no smaller than another one's.
    fn or(self, other: Estimate) -> Estimate {
        Estimate { error: self.error.max(other.error), ..self }
    }
}

/// Neighbours are correlated by more than this over the root of their number once in ten times where they are independent.
const CORRELATED: f64 = 1.28;

/// Whether what a parabola leaves of parts of cells is correlated from each to the next.
fn goes_on(parts: &[Cell]) -> bool {
    let fit = Parabola::through(parts);
    let left: Vec<f64> = parts.iter().map(|part| part.points.sqrt() * fit.left(part)).collect();
    are_correlated(&left)
}

/// Whether residuals of one variance are correlated from each to the next. Independent ones are said to be so once in ten times, which
/// costs a wider interval; those of a random walk almost always.
pub(super) fn are_correlated(left: &[f64]) -> bool {
    let all: f64 = left.iter().map(|rest| rest * rest).sum();
    let beside: f64 = left.windows(2).map(|pair| pair[0] * pair[1]).sum();
    beside * (left.len() as f64).sqrt() > CORRELATED * all
}

/// A residual keeps no less than this share of the step that it is of.
pub(super) const KEPT: f64 = 1e-3;

/// The error of the slope as a mean of the slopes from cell to cell, which are independent where noise is a random walk, however its steps
/// grow: from what the parabola leaves of each, over the share that it leaves of it (as of the jackknife; MacKinnon and White 1985).
/// Where noise is independent it is some three times too large.
fn steps_between(cells: &[Cell], fit: &Parabola) -> Estimate {
    let total: f64 = cells.iter().map(|cell| cell.points).sum();
    let of_slope = |cell: &Cell| cell.points * (cell.at - fit.centre) / (total * fit.spread);
    let (mut variance, mut squares) = (0.0, 0.0);
    for k in 1..cells.len() {
        let step = |fit: &Parabola, cells: &[Cell]| fit.left(&cells[k]) - fit.left(&cells[k - 1]);
        let stepped: Vec<Cell> = cells
            .iter()
            .enumerate()
            .map(|(i, cell)| Cell { mean: f64::from(u8::from(i >= k)), ..*cell })
            .collect();
        let kept = step(&Parabola::through(&stepped), &stepped).max(KEPT);
        let weight: f64 = cells[k..].iter().map(of_slope).sum();
        variance += (weight * step(fit, cells) / kept).powi(2);
        squares += (weight * (cells[k].at - cells[k - 1].at)).powi(2);
    }
    // The weights add up to 1; the parabola has taken two of the slopes.
    Estimate { value: fit.slope, error: variance.sqrt(), degrees: (1.0 / squares - 2.0).max(1.0) }
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
