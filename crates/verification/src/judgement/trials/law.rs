//! Laws: the whole distribution of a trial.

use super::{Seen, finite_part};
use crate::statistics::dkw_band;
use crate::trials::PointRecord;
use crate::{Finding, Severity, ThinnedCurve, Verdict};

/// Cells of [0, 1] in which the values of the predicted distribution function are counted.
pub(super) const CELLS: usize = 400;

/// Each value is the predicted distribution function at the trial, uniform on [0, 1] if the law is right. A
/// trial that diverged lies beyond every number, in the last cell.
pub(super) fn record(values: &[f64]) -> PointRecord {
    let mut cells = vec![0u64; CELLS];
    for u in values {
        let cell = if u.is_nan() { CELLS - 1 } else { (u * CELLS as f64) as usize };
        cells[cell.min(CELLS - 1)] += 1;
    }
    PointRecord { cells, ..finite_part(values) }
}

/// The empirical distribution function at the ends of the cells.
fn empirical(point: &PointRecord) -> Vec<f64> {
    let n = point.cells.iter().sum::<u64>().max(1) as f64;
    point
        .cells
        .iter()
        .scan(0u64, |below, cell| {
            *below += cell;
            Some(*below as f64 / n)
        })
        .collect()
}

fn end_of(cell: usize) -> f64 {
    (cell + 1) as f64 / CELLS as f64
}

pub(super) fn judge(seen: &Seen<'_>, distance: f64) -> Finding {
    let checkpoints = seen.points() as f64;
    let mut worst: Option<(f64, usize, f64)> = None;
    let mut band = 0f64;
    for j in 0..seen.points() {
        let point = seen.point(j);
        band = band.max(dkw_band(point.cells.iter().sum(), seen.alpha / checkpoints));
        let (cell, gap) = empirical(&point)
            .into_iter()
            .enumerate()
            .map(|(cell, share)| (cell, (share - end_of(cell)).abs()))
            .fold((0, 0.0), |a, b| if b.1 > a.1 { b } else { a });
        if worst.is_none_or(|(most, ..)| gap > most) {
            worst = Some((gap, j, end_of(cell)));
        }
    }
    let Some((gap, j, u)) = worst else {
        return Finding::inconclusive("nothing was measured");
    };
    // Between the ends of cells the distance can be larger by one cell.
    let cell = 1.0 / CELLS as f64;
    let verdict = if gap - band > distance {
        Verdict::Refuted
    } else if gap + cell + band <= distance {
        Verdict::Supported
    } else {
        Verdict::Inconclusive
    };
    let mut finding = seen.finding(j, verdict, gap, distance);
    finding.severity = Severity::Resolution(distance + 2.0 * band);
    finding.closeness = (gap + cell + band) / distance;
    finding.note = Some(format!(
        "{} trials: the distribution functions differ by {gap:.4} ± {band:.4}, most at the quantile {u:.3}",
        seen.trials()
    ));
    finding
}

/// Shares of the trials below each quantile of the predicted law, at the first checkpoint.
pub(super) fn curve(seen: &Seen<'_>) -> ThinnedCurve {
    let point = seen.point(0);
    let band = dkw_band(point.cells.iter().sum(), 0.05);
    let shares = empirical(&point);
    let kept = || (0..CELLS).filter(|cell| cell % 4 == 3);
    ThinnedCurve {
        x: kept().map(end_of).collect(),
        measured: kept().map(|cell| shares[cell]).collect(),
        uncertainty: kept().map(|_| band).collect(),
        predicted: kept().map(end_of).collect(),
    }
}
