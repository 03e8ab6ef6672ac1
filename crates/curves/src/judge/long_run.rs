//! Claims on the long run: exponents, rates, limits.

use theoria_verification::{ErrorRates, Finding, Level, Severity, Verdict};

use super::answer::{blank, open};
use super::cells::Gathered;
use super::claim::{Claim, Target, Terms};
use super::digits::told;
use super::exponent::exponent;
use super::limit::limit;
use super::line::Pooled;
use super::sentences::{BETWEEN, named};
use super::trend::Trend;
use crate::Run;

/// Blocks of equal width that a rate is read off.
const BLOCKS: usize = 12;
/// What was measured, where it may lie, and what there is to say.
pub(super) struct Measured {
    pub(super) value: f64,
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) pooled: Pooled,
    pub(super) notes: Vec<String>,
    pub(super) cure: String,
    /// Whether another law is plain to see, so that this one is not supported.
    pub(super) open: bool,
    /// Whether what is to come may be another slope than any that was seen, so that none is refuted.
    pub(super) unseen: bool,
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
        Err(reason) => return open(reason),
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
    let half = width / 2.0;
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
        note: Some(notes.join(BETWEEN)),
        ..blank()
    }
}

/// The last step of any run.
pub(super) fn last_step(runs: &[&Run]) -> f64 {
    let last = runs.iter().filter_map(|run| run.steps.last().copied());
    last.fold(f64::NAN, f64::max)
}

impl Measured {
    /// What a trend over cells of this name says.
    pub(super) fn of(trend: &Trend, mut notes: Vec<String>, cell: &str) -> Measured {
        if trend.goes_on {
            notes.push(format!(
                "what the fit leaves goes on over {cell}, as a random walk would: errors are those of the steps between {cell}"
            ));
        }
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
}

/// The slope of logarithms over blocks of steps.
fn rate(runs: &[&Run], terms: Terms) -> Result<Measured, String> {
    if let Some(run) = runs.iter().find(|run| run.values.iter().any(|v| *v <= 0.0)) {
        return Err(format!(
            "{} has values that are not positive, and a rate is one of positive values",
            named(&run.name)
        ));
    }
    let gathered: Vec<Gathered> = runs.iter().map(|run| Gathered::by_blocks(run, BLOCKS)).collect();
    let trend = Trend::over(&gathered, terms.error, "blocks of steps")?;
    let mut measured = Measured::of(&trend, Vec::new(), "blocks of steps");
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
