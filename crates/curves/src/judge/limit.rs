//! Limits, and how they are approached.

use super::approach::Approach;
use super::cells::{self, Cell};
use super::claim::Terms;
use super::digits::{short, told};
use super::line::{Estimate, Pooled};
use super::long_run::Measured;
use super::sentences::named;
use super::trend::{STILL_TO_GO, UNSEEN};
use crate::Run;

/// Parts of an octave that a limit is read off.
const PARTS: f64 = 16.0;
/// Octaves that a fit of the later ones takes.
const FEWEST_LATER: f64 = 4.0;
/// The share of the octaves that the later ones are without.
const EARLY: f64 = 0.4;
/// So few runs tell by their spread too little of noise that goes on over octaves.
const FEW: usize = 2;
/// 1/log n looks like an approach of the power 2/(1 + log n) at step n: over most of the octaves, and half as fast again for what noise hides.
const OVER: f64 = 0.7;
const FASTER: f64 = 1.5;

/// The limit (or the exponent of its approach) of all octaves, and of their later half: what has changed between them goes on, by as much again
/// and a third.
///
/// # Errors
/// Why there is none.
pub(super) fn limit(
    runs: &[&Run],
    terms: Terms,
    part: impl Fn(&Approach) -> Estimate,
) -> Result<Measured, String> {
    let mut notes = Vec::new();
    let mut whole = Vec::new();
    let mut later = Vec::new();
    let mut slow = false;
    for run in runs {
        let gathered = cells::parts_of_octaves(run, PARTS);
        let last = run.steps.last().copied().unwrap_or(f64::NAN);
        let first = gathered.first().map_or(f64::NAN, |cell| cell.at);
        let octave = |cell: &Cell| (last / cell.at).log2().floor() as i64;
        let fitted = |cells: &[Cell]| {
            Approach::of(cells, octave, runs.len() <= FEW)
                .map_err(|reason| format!("{}: {reason}", named(&run.name)))
        };
        let approach = fitted(&gathered)?;
        whole.push(part(&approach));
        let octaves = (last / first).log2();
        let from = first * (EARLY * octaves).min(octaves - FEWEST_LATER).max(0.0).exp2();
        let late: Vec<Cell> = gathered.iter().copied().filter(|cell| cell.at >= from).collect();
        let late = fitted(&late)?;
        let logarithm = -FASTER * 2.0 / (1.0 + OVER * (last / first).ln());
        let slowly = late.exponent.value + UNSEEN * late.exponent.error;
        slow |= slowly > logarithm;
        later.push(part(&late));
        if runs.len() == 1 {
            let Approach { limit, exponent, size } = approach;
            notes.push(format!("{} + {} n^{:.3}", short(limit.value), short(size), exponent.value));
        }
    }
    let (Some(whole), Some(later)) = (Pooled::over(&whole), Pooled::over(&later)) else {
        return Err("there is no run".into());
    };
    let change = later.value - whole.value;
    let half = whole.half_width(terms.error);
    let seen = change.abs() > later.half_width(terms.error).hypot(half);
    let (to_go, unseen) = (change * (1.0 + STILL_TO_GO), UNSEEN * later.error);
    if seen {
        notes.push(format!(
            "the later octaves alone say {}: no such approach on these steps",
            told(later.value, 2.0 * half)
        ));
    }
    if slow {
        notes.push("so slow an approach is not told from a logarithm".into());
    }
    Ok(Measured {
        value: whole.value,
        low: whole.value - half - unseen + to_go.min(0.0),
        high: whole.value + half + unseen + to_go.max(0.0),
        pooled: whole,
        notes,
        cure: "more runs, or longer ones, would tell".into(),
        open: seen || slow,
        unseen: slow,
    })
}
