//! Points of a run, gathered into cells.

use std::f64::consts::LN_2;

use crate::Run;

/// Points that lie together: their mean place, their mean, and how many they are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Cell {
    pub(super) at: f64,
    pub(super) mean: f64,
    pub(super) points: f64,
}

/// A run in cells that a slope is read off, and in parts of these that show how noise goes on from one to the next.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Gathered {
    pub(super) cells: Vec<Cell>,
    pub(super) parts: Vec<Cell>,
}

/// Parts of each cell.
const PARTS: usize = 8;

impl Gathered {
    /// Logarithms of positive values over logarithms of positive steps, by octaves of the step that end at the last one: of noise
    /// that is correlated over less than an octave the means are all but independent.
    pub(super) fn by_octaves(run: &Run) -> Gathered {
        Gathered { cells: octaves(run, 1.0), parts: octaves(run, PARTS as f64) }
    }

    /// Logarithms of positive values over the step, by so many blocks of equal width.
    pub(super) fn by_blocks(run: &Run, count: usize) -> Gathered {
        Gathered { cells: blocks(run, count), parts: blocks(run, count * PARTS) }
    }
}

fn octaves(run: &Run, parts: f64) -> Vec<Cell> {
    let Some(last) = run.steps.last() else { return Vec::new() };
    let points = positive(run).map(|(n, v)| (n.ln(), v.ln()));
    gathered(points, |u| ((last.ln() - u) / LN_2 * parts + 1e-9).floor())
}

/// Parts of an octave, for sums that are not linear in the logarithm: step and value themselves.
pub(super) fn parts_of_octaves(run: &Run, parts: f64) -> Vec<Cell> {
    let Some(last) = run.steps.last() else { return Vec::new() };
    let points = run.steps.iter().zip(&run.values).filter(|(n, _)| **n > 0.0);
    gathered(points.map(|(n, v)| (*n, *v)), |n| ((last / n).log2() * parts + 1e-9).floor())
}

fn blocks(run: &Run, count: usize) -> Vec<Cell> {
    let (Some(first), Some(last)) = (run.steps.first(), run.steps.last()) else {
        return Vec::new();
    };
    let width = (last - first) / count as f64;
    let points = run.steps.iter().zip(&run.values).filter(|(_, v)| **v > 0.0);
    let place = |n: f64| ((n - first) / width).floor().min(count as f64 - 1.0);
    gathered(points.map(|(n, v)| (*n, v.ln())), place)
}

/// The points that have logarithms.
pub(super) fn positive(run: &Run) -> impl Iterator<Item = (f64, f64)> {
    let points = run.steps.iter().zip(&run.values).map(|(n, v)| (*n, *v));
    points.filter(|(n, v)| *n > 0.0 && *v > 0.0)
}

/// Neighbours of the same key in one cell, in the order in which they come.
fn gathered(points: impl Iterator<Item = (f64, f64)>, key: impl Fn(f64) -> f64) -> Vec<Cell> {
    let mut cells: Vec<Cell> = Vec::new();
    let mut current = f64::NAN;
    for (at, value) in points {
        let own = key(at);
        match cells.last_mut() {
            Some(cell) if own == current => {
                cell.points += 1.0;
                cell.at += (at - cell.at) / cell.points;
                cell.mean += (value - cell.mean) / cell.points;
            }
            _ => {
                current = own;
                cells.push(Cell { at, mean: value, points: 1.0 });
            }
        }
    }
    cells
}
