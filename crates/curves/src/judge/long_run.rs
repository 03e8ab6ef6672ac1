//! Claims on the long run: exponents, rates, limits.

use theoria_verification::{ErrorRates, Finding, Level, Severity, Verdict};

use super::answer::blank;
use super::cells::{self, Cell};
use super::claim::{Claim, Target, Terms};
use super::limit::Approach;
use super::line::Pooled;
use super::rivals::{power_is_good, rivals};
use super::trend::Trend;
use crate::Run;

/// Blocks of equal width that a rate is read off.
const BLOCKS: usize = 12;
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
    let Measured { value, low, high, pooled, mut notes, cure } = measured;
    let (least, most) = (target.value - margin, target.value + margin);
    let verdict = if least <= low && high <= most {
        Verdict::Supported
    } else if high < least || most < low {
        Verdict::Refuted
    } else {
        notes.push(cure);
        Verdict::Inconclusive
    };
    notes.insert(0, format!("{value:.5}, between {low:.5} and {high:.5}"));
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
            _ if !power && rival.shift.is_some() => format!(
                "fits better than a power (--shift-steps {:.3} takes it as one)",
                rival.shift.unwrap_or_default()
            ),
            _ if !power => "fits better than a power".to_string(),
            Some(1) => "fits as well: one more octave would tell".into(),
            Some(octaves) => format!("fits as well: {octaves} more octaves would tell"),
            None => "fits as well, and is not told apart in twenty more octaves".into(),
        };
        notes.push(format!("{} {told}", rival.formula));
    }
    if !power && trend.bend.value != 0.0 {
        notes.insert(0, "no power on these steps".into());
    }
    let mut measured = of(&trend, notes, "octaves");
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
    let measured = of(&trend, Vec::new(), "blocks of steps");
    Ok(Measured {
        value: measured.value.exp(),
        low: measured.low.exp(),
        high: measured.high.exp(),
        ..measured
    })
}

fn limit(
    runs: &[&Run],
    terms: Terms,
    part: impl Fn(&Approach) -> super::line::Estimate,
) -> Result<Measured, String> {
    let mut notes = Vec::new();
    let mut estimates = Vec::new();
    for run in runs {
        let gathered = cells::parts_of_octaves(run, PARTS);
        let last = run.steps.last().copied().unwrap_or(f64::NAN);
        let octave = |cell: &Cell| (last / cell.at).log2().floor() as i64;
        let approach =
            Approach::of(&gathered, octave).map_err(|reason| format!("{}: {reason}", run.name))?;
        estimates.push(part(&approach));
        if runs.len() == 1 {
            let Approach { limit, exponent, size } = approach;
            notes.push(format!("{:.5} {size:+.4} n^{:.3}", limit.value, exponent.value));
        }
    }
    let Some(pooled) = Pooled::over(&estimates) else { return Err("there is no run".into()) };
    let half = pooled.half_width(terms.error);
    Ok(Measured {
        value: pooled.value,
        low: pooled.value - half,
        high: pooled.value + half,
        pooled,
        notes,
        cure: "more runs, or longer ones, would tell".into(),
    })
}

/// The cells of all runs that have as many as the longest, averaged from the last one backwards.
fn averaged(runs: &[Vec<Cell>]) -> Vec<Cell> {
    let most = runs.iter().map(Vec::len).max().unwrap_or(0);
    let whole: Vec<&Vec<Cell>> = runs.iter().filter(|cells| cells.len() == most).collect();
    (0..most)
        .map(|i| {
            let own = whole.iter().map(|cells| cells[i]);
            let points: f64 = own.clone().map(|cell| cell.points).sum();
            let mean = |of: &dyn Fn(Cell) -> f64| {
                own.clone().map(|cell| cell.points * of(cell)).sum::<f64>() / points
            };
            Cell { at: mean(&|cell| cell.at), mean: mean(&|cell| cell.mean), points }
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
