//! Claims on the long run: exponents, rates, limits.

use theoria_verification::{ErrorRates, Finding, Level, Severity, Verdict};

use super::answer::blank;
use super::cells::{self, Cell};
use super::claim::{Claim, Target, Terms};
use super::limit::Approach;
use super::line::Pooled;
use super::rivals::{power_is_good, rivals};
use super::trend::{STILL_TO_GO, Trend, UNSEEN};
use crate::Run;

/// Blocks of equal width that a rate is read off.
const BLOCKS: usize = 12;
/// 1/log n looks like an approach of the power 2/(1 + log n) at step n: over most of the octaves, and half as fast again for what noise hides.
const OVER: f64 = 0.7;
const FASTER: f64 = 1.5;
/// Octaves that a fit of the later ones takes.
const FEWEST_LATER: f64 = 4.0;
/// The share of the octaves that the later ones are without.
const EARLY: f64 = 0.4;
/// A shift by more than this share of the last step is a warm-up that is not over.
const LONG_WARM_UP: f64 = 0.125;
/// Parts of an octave that a limit is read off.
const PARTS: f64 = 16.0;

/// What was measured, where it may lie, and what there is to say.
struct Measured {
    value: f64,
    low: f64,
    high: f64,
    pooled: Pooled,
    notes: Vec<String>,
    cure: String,
    /// Whether another law is plain to see, so that this one is not supported.
    open: bool,
    /// Whether what is to come may be another slope than any that was seen, so that none is refuted.
    unseen: bool,
}

/// The finding on a claim on the long run; `runs` are finite.
pub(super) fn judge(runs: &[&Run], claim: &Claim, target: &Target, terms: Terms) -> Finding {
    let measured = match claim {
        Claim::Rate(_) => rate(runs, terms),
        Claim::Limit(_) => limit(runs, terms, |approach| approach.limit),
        Claim::Approach(_) => limit(runs, terms, |approach| approach.exponent),
        _ => exponent(runs, terms),
    };
    let measured = match measured {
        Ok(measured) => measured,
        Err(reason) => return Finding::inconclusive(reason),
    };
    let margin = claim.margin(target);
    let Measured { value, low, high, pooled, mut notes, cure, open, unseen } = measured;
    let (least, most) = (target.value - margin, target.value + margin);
    let verdict = if least <= low && high <= most && !open {
        Verdict::Supported
    } else if (high < least || most < low) && !unseen {
        Verdict::Refuted
    } else {
        notes.push(cure);
        Verdict::Inconclusive
    };
    let width = high - low;
    notes.insert(
        0,
        format!("{}, between {} and {}", told(value, width), told(low, width), told(high, width)),
    );
    if pooled.differ {
        notes.push("runs differ by more than the noise of each".into());
    }
    if runs.len() == 1 {
        notes.push("one run speaks for itself alone".into());
    }
    let half = (high - low) / 2.0;
    Finding {
        verdict,
        level: Level::Nominal,
        at: last_step(runs),
        measured: value,
        predicted: target.value,
        severity: Severity::Resolution(margin + half),
        closeness: (value - target.value).abs() / (margin + half),
        errors: ErrorRates::both(terms.error),
        rests_on: Some(
            if runs.len() == 1 {
                "noise like that of this run"
            } else {
                "runs that are independent"
            }
            .into(),
        ),
        note: Some(notes.join("; ")),
        ..blank()
    }
}

/// A number with the digits that a width of its interval leaves a meaning.
pub(super) fn told(number: f64, width: f64) -> String {
    let size = number.abs();
    if size != 0.0 && !(1e-3..1e7).contains(&size) {
        return format!("{number:.4e}");
    }
    let decimals = if width > 0.0 { (2.0 - width.log10()).ceil().clamp(1.0, 12.0) } else { 5.0 };
    format!("{number:.*}", decimals as usize)
}

fn last_step(runs: &[&Run]) -> f64 {
    let last = runs.iter().filter_map(|run| run.steps.last().copied());
    last.fold(f64::NAN, f64::max)
}

fn exponent(runs: &[&Run], terms: Terms) -> Result<Measured, String> {
    let mut notes = without_logarithm(runs)?;
    let gathered: Vec<Vec<Cell>> = runs.iter().map(|run| cells::octaves(run)).collect();
    let mut trend = Trend::over(&gathered, terms.error, "octaves")?;
    let per_log = |x: &mut f64| *x /= 2f64.ln();
    for x in [
        &mut trend.slope.value,
        &mut trend.slope.error,
        &mut trend.bend.value,
        &mut trend.bend.error,
        &mut trend.low,
        &mut trend.high,
        &mut trend.noise,
    ] {
        per_log(x);
    }
    let averaged = averaged(&gathered);
    let others = rivals(&averaged, terms.error);
    // What is correlated over octaves looks like another law on the mean; runs that bend alike do not.
    let still = trend.bend.value.abs() <= trend.bend.half_width(terms.error);
    let power = still || power_is_good(&averaged, &others, terms.error);
    for rival in &others {
        let told = match rival.octaves {
            _ if !power && rival.shift.is_some_and(|s| s <= LONG_WARM_UP * last_step(runs)) => {
                format!(
                    "fits better than a power (--shift-steps {:.3} takes it as one)",
                    rival.shift.unwrap_or_default()
                )
            }
            _ if !power => "fits better than a power".to_string(),
            Some(1) => "fits as well: one more octave would tell".into(),
            Some(octaves) => format!("fits as well: {octaves} more octaves would tell"),
            None => "fits as well, and is not told apart in twenty more octaves".into(),
        };
        notes.push(format!("{} {told}", rival.formula));
    }
    let last = last_step(runs);
    let unseen = others.iter().any(|rival| rival.shift.is_some_and(|s| s > LONG_WARM_UP * last));
    if unseen && !power {
        notes.push(
            "it may be a warm-up that is about as long as the log: longer runs would tell".into(),
        );
    }
    if !power && trend.bend.value != 0.0 {
        notes.insert(0, "no power on these steps".into());
    }
    let mut measured = of(&trend, notes, "octaves");
    measured.unseen = unseen && !power;
    if !power {
        // Where another law is preferred, what the slope comes to is open to the side that it bends to.
        let target = if trend.bend.value > 0.0 { &mut measured.high } else { &mut measured.low };
        *target += trend.bend.value * 2.0;
    }
    Ok(measured)
}

fn of(trend: &Trend, notes: Vec<String>, cell: &str) -> Measured {
    Measured {
        value: trend.slope.value,
        low: trend.low,
        high: trend.high,
        pooled: trend.slope,
        notes,
        cure: trend.cure(cell),
        open: false,
        unseen: false,
    }
}

fn rate(runs: &[&Run], terms: Terms) -> Result<Measured, String> {
    if let Some(run) = runs.iter().find(|run| run.values.iter().any(|v| *v <= 0.0)) {
        return Err(format!(
            "{} has values that are not positive, and a rate is one of positive values",
            run.name
        ));
    }
    let gathered: Vec<Vec<Cell>> = runs.iter().map(|run| cells::blocks(run, BLOCKS)).collect();
    let trend = Trend::over(&gathered, terms.error, "blocks of steps")?;
    let mut measured = of(&trend, Vec::new(), "blocks of steps");
    if trend.bend.value.abs() > trend.bend.half_width(terms.error) {
        measured.notes.push("the slope still changes: no geometric law on these steps".into());
        measured.open = true;
    }
    Ok(Measured {
        value: measured.value.exp(),
        low: measured.low.exp(),
        high: measured.high.exp(),
        ..measured
    })
}

/// The limit (or the exponent of its approach) of all octaves, and of their later half: what has changed between them goes on, by as much again
/// and a third.
fn limit(
    runs: &[&Run],
    terms: Terms,
    part: impl Fn(&Approach) -> super::line::Estimate,
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
            Approach::of(cells, octave).map_err(|reason| format!("{}: {reason}", run.name))
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
            notes.push(format!("{:.5} {size:+.4} n^{:.3}", limit.value, exponent.value));
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

/// The cells of all runs that have as many as the longest, at the same places, averaged as if they ended at one level.
fn averaged(runs: &[Vec<Cell>]) -> Vec<Cell> {
    let Some(longest) = runs.iter().max_by_key(|cells| cells.len()) else { return Vec::new() };
    let beside = |cells: &&Vec<Cell>| {
        cells.len() == longest.len()
            && cells.iter().zip(longest).all(|(own, other)| (own.at - other.at).abs() < 0.25)
    };
    let whole: Vec<&Vec<Cell>> = runs.iter().filter(beside).collect();
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
            run.name
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
