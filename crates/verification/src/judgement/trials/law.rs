//! Laws: the whole distribution of a trial.

use super::finite_part;
use super::seen::Seen;
use crate::statistics::{LawTest, StatisticalTest, dkw_band};
use crate::trials::{Contradiction, PointRecord};
use crate::{ErrorRates, Finding, Level, Severity, ThinnedCurve, Verdict};

/// Cells of [0, 1] in which the values of the predicted distribution function are counted.
pub(super) const CELLS: usize = 400;
/// What rounding may do to a distribution function.
const ROUNDING: f64 = 1e-9;
/// What rounding may do to a trial, in units of its size and of that of a usual one.
const ATOM: f64 = 1e-12;

/// Counts the values of the predicted distribution function F at the trials, and its limits from the left: where
/// the law has atoms they differ, and the empirical distribution function is held against F on both sides of
/// each step. A trial that is infinite lies beyond every number; one that is none is counted apart.
pub(super) fn record(values: &[f64], distribution: &dyn Fn(f64) -> f64) -> PointRecord {
    let mut sorted: Vec<f64> = values.iter().copied().filter(|z| !z.is_nan()).collect();
    sorted.sort_by(f64::total_cmp);
    let (mut cells, mut from_the_left) = (vec![0u64; CELLS], vec![0u64; CELLS]);
    let (mut contradiction, mut before) = (None, (f64::NEG_INFINITY, 0.0));
    let mut heights = Vec::with_capacity(sorted.len());
    let usual = median_size(&sorted);
    for &z in &sorted {
        // Trials miss an atom by rounding: it counts if it lies within what rounding does.
        let rounding = ATOM * (z.abs() + usual);
        let (before_it, after_it) = if z.is_finite() {
            ((z - rounding).min(z.next_down()), z + rounding)
        } else {
            (z.clamp(f64::MIN, f64::MAX), z.clamp(f64::MIN, f64::MAX))
        };
        let left = if z == f64::NEG_INFINITY { 0.0 } else { distribution(before_it) };
        let height = if z == f64::INFINITY { 1.0 } else { distribution(after_it) };
        for (at, height) in [(before_it, left), (after_it, height)] {
            let trouble = if !(-ROUNDING..=1.0 + ROUNDING).contains(&height) {
                Some(Contradiction::NoProbability(at, height))
            } else if at >= before.0 && height < before.1 - ROUNDING {
                Some(Contradiction::Falls(before.0, at))
            } else {
                None
            };
            contradiction = contradiction.or(trouble);
            if at >= before.0 {
                before = (at, height);
            }
        }
        cells[cell_of(height)] += 1;
        from_the_left[cell_of(left)] += 1;
        heights.push(if height.is_finite() { height } else { 0.0 });
    }
    PointRecord {
        undefined: (values.len() - sorted.len()) as u64,
        non_finite: (values.len() - sorted.len()) as u64,
        contradiction,
        cells_from_the_left: if from_the_left == cells { Vec::new() } else { from_the_left },
        cells,
        ..finite_part(&heights)
    }
}

/// The median of the sizes of those that are finite.
fn median_size(values: &[f64]) -> f64 {
    let mut sizes: Vec<f64> =
        values.iter().map(|z| z.abs()).filter(|size| size.is_finite()).collect();
    let middle = sizes.len() / 2;
    if sizes.is_empty() { 0.0 } else { *sizes.select_nth_unstable_by(middle, f64::total_cmp).1 }
}

fn cell_of(height: f64) -> usize {
    ((height.clamp(0.0, 1.0) * CELLS as f64) as usize).min(CELLS - 1)
}

/// The shares of all that lie in cells up to each.
fn shares(cells: &[u64]) -> Vec<f64> {
    let n = cells.iter().sum::<u64>().max(1) as f64;
    let below = cells.iter().scan(0u64, |below, cell| {
        *below += cell;
        Some(*below as f64 / n)
    });
    below.collect()
}

fn end_of(cell: usize) -> f64 {
    (cell + 1) as f64 / CELLS as f64
}

/// Between what the largest distance of the empirical distribution function and the predicted one lies, and the
/// quantile where it is seen. Within a cell the predicted one is known up to the width of the cell.
fn distance_between(point: &PointRecord) -> (f64, f64, f64) {
    let left = if point.cells_from_the_left.is_empty() {
        &point.cells
    } else {
        &point.cells_from_the_left
    };
    let width = 1.0 / CELLS as f64;
    let (mut low, mut high, mut at) = (0.0, 0.0, 0.0);
    let mut see = |least: f64, quantile: f64| {
        high = f64::max(high, least + width);
        if least > low {
            (low, at) = (least, quantile);
        }
    };
    for (cell, share) in shares(&point.cells).into_iter().enumerate() {
        // Above the predicted one at a trial of this cell, which is at most the end of the cell.
        if point.cells[cell] > 0 {
            see(share - end_of(cell), end_of(cell));
        }
    }
    let n = left.iter().sum::<u64>().max(1) as f64;
    for (cell, share) in shares(left).into_iter().enumerate() {
        // Below its limit from the left at a trial of this cell, which is at least the begin of the cell.
        if left[cell] > 0 {
            let before = share - left[cell] as f64 / n;
            see(end_of(cell) - width - before, end_of(cell));
        }
    }
    (low, high, at)
}

pub(super) fn judge(seen: &Seen<'_>, distance: f64) -> Finding {
    let checkpoints = seen.points() as f64;
    let mut worst: Option<(f64, f64, usize, f64)> = None;
    let (mut band, mut n) = (0f64, u64::MAX);
    for j in 0..seen.points() {
        let point = seen.point(j);
        band = band.max(dkw_band(point.cells.iter().sum(), seen.alpha / checkpoints));
        n = n.min(point.cells.iter().sum());
        let (low, high, at) = distance_between(&point);
        if worst.is_none_or(|(_, most, ..)| high > most) {
            worst = Some((low, high, j, at));
        }
    }
    let Some((low, high, j, u)) = worst else {
        return Finding::inconclusive("nothing was measured");
    };
    let verdict = if low - band > distance {
        Verdict::Refuted
    } else if high + band <= distance {
        Verdict::Supported
    } else {
        Verdict::Inconclusive
    };
    let mut finding = seen.finding(j, verdict, low, distance);
    finding.level = Level::Proved;
    finding.errors = ErrorRates::both(seen.evidence.spent());
    finding.rests_on = Some("the band of Dvoretzky, Kiefer and Wolfowitz".into());
    finding.severity = Severity::Resolution(
        distance
            + LawTest { distance }.smallest_error(n, ErrorRates::both(seen.alpha / checkpoints)),
    );
    finding.closeness = (high + band) / distance;
    finding.note = Some(format!(
        "{} trials: the distribution functions differ by {low:.4} ± {band:.4}, most at the quantile {u:.3}",
        seen.trials()
    ));
    finding
}

/// Shares of the trials below each quantile of the predicted law, at the first checkpoint.
pub(super) fn curve(seen: &Seen<'_>) -> ThinnedCurve {
    let point = seen.point(0);
    let band = dkw_band(point.cells.iter().sum(), 0.05);
    let shares = shares(&point.cells);
    let kept = || (0..shares.len()).filter(|cell| cell % 4 == 3);
    ThinnedCurve {
        x: kept().map(end_of).collect(),
        measured: kept().map(|cell| shares[cell]).collect(),
        uncertainty: kept().map(|_| band).collect(),
        predicted: kept().map(end_of).collect(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The largest distance of the two distribution functions, on both sides of each step, a little apart since trials
    /// miss atoms by rounding.
    fn distance(values: &[f64], distribution: impl Fn(f64) -> f64) -> f64 {
        let share = |below: &dyn Fn(f64) -> bool| {
            values.iter().filter(|v| below(**v)).count() as f64 / values.len() as f64
        };
        let at = |z: f64| {
            let (before, after) = (z - 1e-12, z + 1e-12);
            let left = share(&|v| v < before) - distribution(before);
            let right = share(&|v| v <= after) - distribution(after);
            left.abs().max(right.abs())
        };
        values.iter().map(|z| at(*z)).fold(0.0, f64::max)
    }

    proptest! {
        #[test]
        fn the_distance_lies_between_its_ends_with_and_without_atoms(
            draws in prop::collection::vec(0.0..1.0f64, 50..200), atoms in 1.0..8.0f64, mixed in 0.0..1.0f64
        ) {
            // Continuous with probability `mixed`, else on a lattice.
            let lattice = move |z: f64| ((z * atoms).floor() / atoms).clamp(0.0, 1.0);
            let function = move |z: f64| mixed * z.clamp(0.0, 1.0) + (1.0 - mixed) * lattice(z);
            let values: Vec<f64> = draws
                .iter()
                .map(|u| if u * 7.0 % 1.0 < mixed { *u } else { (u * atoms).ceil() / atoms })
                .collect();
            let (low, high, _) = distance_between(&record(&values, &function));
            let truth = distance(&values, function);
            prop_assert!(low <= truth + 1e-9 && truth <= high + 1e-9, "{low} {truth} {high}");
            prop_assert!(high - low <= 2.0 / CELLS as f64 + 1e-9);
        }
    }
}
