//! Exponents: powers of the step.

use super::cells::{Cell, Gathered};
use super::claim::Terms;
use super::long_run::{Measured, last_step};
use super::rivals::rivals;
use super::sentences::named;
use super::trend::Trend;
use crate::Run;

/// A shift by more than this share of the last step is a warm-up that is not over.
const LONG_WARM_UP: f64 = 0.125;

/// The slope of logarithms over octaves, and what other laws the same octaves may follow.
///
/// # Errors
/// Why there is none.
pub(super) fn exponent(runs: &[&Run], terms: Terms) -> Result<Measured, String> {
    let mut notes = without_logarithm(runs)?;
    let gathered: Vec<Gathered> = runs.iter().map(|run| Gathered::by_octaves(run)).collect();
    let trend = Trend::over(&gathered, terms.error, "octaves")?;
    let averaged = averaged(&gathered);
    let (others, fits) = rivals(&averaged, terms.error);
    // What is correlated over octaves looks like another law on the mean; runs that bend alike do not.
    let still = trend.bend.value.abs() <= trend.bend.half_width(terms.error);
    let power = still || fits;
    let long = LONG_WARM_UP * last_step(runs);
    for rival in &others {
        let told = match rival.octaves {
            _ if !power => match rival.shift.filter(|s| *s <= long) {
                Some(s) => {
                    format!("fits better than a power (--shift-steps {s:.3} takes it as one)")
                }
                None => "fits better than a power".into(),
            },
            Some(1) => "fits as well: one more octave would tell".into(),
            Some(octaves) => format!("fits as well: {octaves} more octaves would tell"),
            None => "fits as well, and is not told apart in twenty more octaves".into(),
        };
        notes.push(format!("{} {told}", rival.formula));
    }
    let unseen = !power && others.iter().any(|rival| rival.shift.is_some_and(|s| s > long));
    if unseen {
        notes.push(
            "it may be a warm-up that is about as long as the log: longer runs would tell".into(),
        );
    }
    if !power {
        notes.insert(0, "no power on these steps".into());
    }
    let mut measured = Measured::of(&trend, notes, "octaves");
    measured.unseen = unseen;
    if !power {
        // Where another law is preferred, what the slope comes to is open to the side that it bends to.
        let target = if trend.bend.value > 0.0 { &mut measured.high } else { &mut measured.low };
        *target += trend.bend.value * 2.0;
    }
    Ok(measured)
}

/// The cells of all runs that have as many as the longest, at the same places, averaged as if they ended at one level.
fn averaged(runs: &[Gathered]) -> Vec<Cell> {
    let runs = || runs.iter().map(|run| &run.cells);
    let Some(longest) = runs().max_by_key(|cells| cells.len()) else { return Vec::new() };
    let beside = |cells: &&Vec<Cell>| {
        cells.len() == longest.len()
            && cells.iter().zip(longest).all(|(own, other)| (own.at - other.at).abs() < 0.25)
    };
    let whole: Vec<&Vec<Cell>> = runs().filter(beside).collect();
    let level = |cells: &[Cell]| cells.last().map_or(0.0, |cell| cell.mean);
    let common = whole.iter().map(|cells| level(cells)).sum::<f64>() / whole.len() as f64;
    (0..longest.len())
        .map(|i| {
            let own = whole.iter().map(|cells| (cells[i], common - level(cells)));
            let points: f64 = own.clone().map(|(cell, _)| cell.points).sum();
            let mean = |of: &dyn Fn(Cell, f64) -> f64| {
                own.clone().map(|(cell, shift)| cell.points * of(cell, shift)).sum::<f64>() / points
            };
            Cell {
                at: mean(&|cell, _| cell.at),
                mean: mean(&|cell, shift| cell.mean + shift),
                points,
            }
        })
        .collect()
}

/// What points have no logarithm and are left out.
///
/// # Errors
/// If values have none.
fn without_logarithm(runs: &[&Run]) -> Result<Vec<String>, String> {
    if let Some(run) = runs.iter().find(|run| run.values.iter().any(|v| *v <= 0.0)) {
        return Err(format!(
            "{} has values that are not positive: a power is one of positive values: claim it of what is above a limit, by --approach",
            named(&run.name)
        ));
    }
    let zero: usize = runs.iter().map(|run| run.steps.iter().filter(|n| **n <= 0.0).count()).sum();
    let left_out = match zero {
        0 => return Ok(Vec::new()),
        1 => "1 point, at a step that is not positive:".to_string(),
        more => format!("{more} points, at steps that are not positive:"),
    };
    Ok(vec![format!("left out, for want of a logarithm: {left_out} --shift-steps 1 counts from 1")])
}
