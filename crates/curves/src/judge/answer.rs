//! What is said of a claim.

use std::collections::HashMap;

use theoria_verification::{Finding, Level, Verdict};

use super::claim::{Claim, Terms};
use super::sentences::{BETWEEN, named};
use super::{comparison, every_step, long_run};
use crate::Run;

/// A claim cannot be judged on these runs.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Misuse {
    /// There is no run.
    #[error("there is no run with a point to judge")]
    NoRun,
    /// The comparison names a group that is not there.
    #[error("there is no group `{wanted}`; there are {}", .known.join(", "))]
    NoGroup {
        /// The group that was asked for.
        wanted: String,
        /// The groups that there are.
        known: Vec<String>,
    },
    /// A number of the claim makes no sense.
    #[error("{0}")]
    Number(String),
}

/// A finding to be completed, open so far.
pub(super) fn blank() -> Finding {
    Finding { level: Level::Measured, note: None, ..Finding::inconclusive("") }
}

/// A finding that says nothing, and why.
pub(super) fn open(reason: impl Into<String>) -> Finding {
    Finding { note: Some(reason.into()), ..blank() }
}

/// Which runs diverged and where, if any did.
pub(super) fn diverged(runs: &[&Run]) -> Option<String> {
    let gone: Vec<String> = runs
        .iter()
        .filter_map(|run| run.diverged.map(|step| format!("{} by step {step}", named(&run.name))))
        .collect();
    (!gone.is_empty())
        .then(|| format!("{} of {} runs diverged: {}", gone.len(), runs.len(), gone.join(", ")))
}

/// No quantile is looked up beyond this.
const LEAST_ERROR: f64 = 1e-9;
/// Equal runs of fewer points may be ties.
const COPIED: usize = 5;

/// Runs that are not copies of one another, and which are.
fn without_copies<'a>(runs: &[&'a Run]) -> (Vec<&'a Run>, Vec<String>) {
    let mut own: Vec<&Run> = Vec::new();
    let mut notes = Vec::new();
    let mut alike: HashMap<(Option<&str>, usize, u64), Vec<&Run>> = HashMap::new();
    for run in runs {
        let sum = run.values.iter().fold(0u64, |sum, v| sum.rotate_left(5) ^ v.to_bits());
        let known = alike.entry((run.group.as_deref(), run.values.len(), sum)).or_default();
        let twin = known.iter().find(|other| {
            run.values.len() >= COPIED
                && other.values == run.values
                && other.steps == run.steps
                && other.diverged == run.diverged
        });
        match twin {
            Some(other) => notes.push(format!(
                "{} is {} to the bit (a copy, or ranks that report one loss): counted once",
                named(&run.name),
                named(&other.name)
            )),
            None => {
                known.push(run);
                own.push(run);
            }
        }
    }
    (own, notes)
}

/// What these runs say of a claim.
///
/// # Errors
/// If there are no runs, groups that are named are not there, or a number makes no sense.
pub fn judge(runs: &[Run], claim: &Claim, terms: Terms) -> Result<Finding, Misuse> {
    judge_each(&runs.iter().collect::<Vec<_>>(), claim, terms)
}

pub(super) fn judge_each(runs: &[&Run], claim: &Claim, terms: Terms) -> Result<Finding, Misuse> {
    let seen = runs.iter().filter(|run| !run.steps.is_empty() || run.diverged.is_some());
    let (runs, notes) = without_copies(&seen.copied().collect::<Vec<_>>());
    if runs.is_empty() {
        return Err(Misuse::NoRun);
    }
    if !(LEAST_ERROR..0.5).contains(&terms.error) {
        return Err(Misuse::Number(format!(
            "the error probability lies between {LEAST_ERROR:e} and 1/2"
        )));
    }
    let mut finding = match claim {
        Claim::Exponent(target)
        | Claim::Rate(target)
        | Claim::Limit(target)
        | Claim::Approach(target) => {
            let margin = claim.margin(target);
            if !target.value.is_finite() {
                return Err(Misuse::Number(format!("{} claims no number", target.value)));
            }
            if !(margin > 0.0 && margin.is_finite()) {
                return Err(Misuse::Number(format!(
                    "{} with the margin {margin} could not be supported: say a positive --margin",
                    claim.formula("value")
                )));
            }
            if matches!(claim, Claim::Rate(_)) && target.value <= 0.0 {
                return Err(Misuse::Number(
                    "a rate is positive: the factor from one step to the next".into(),
                ));
            }
            of_finite_runs(&runs, terms, |runs| long_run::judge(runs, claim, target, terms))
        }
        Claim::Below(formula) => every_step::judge(&runs, formula, true, terms),
        Claim::Above(formula) => every_step::judge(&runs, formula, false, terms),
        Claim::Finite {} => every_step::finite(&runs, terms),
        Claim::Lower(groups) => {
            if !groups.at.is_finite() || groups.within.is_some_and(|w| !(w >= 0.0 && w.is_finite()))
            {
                return Err(Misuse::Number(
                    "groups are compared at a step that is a number".into(),
                ));
            }
            let of = |wanted: &str| {
                let own: Vec<&Run> = runs
                    .iter()
                    .copied()
                    .filter(|run| run.group.as_deref() == Some(wanted))
                    .collect();
                if own.is_empty() { Err(no_group(wanted, &runs)) } else { Ok(own) }
            };
            comparison::judge(&of(&groups.lower)?, &of(&groups.higher)?, groups, terms)
        }
    };
    for note in notes {
        add(&mut finding, note);
    }
    Ok(finding)
}

fn no_group(wanted: &str, runs: &[&Run]) -> Misuse {
    let mut known: Vec<String> = runs.iter().filter_map(|run| run.group.clone()).collect();
    known.sort();
    known.dedup();
    if known.is_empty() {
        known.push("none: --group names the column".into());
    }
    Misuse::NoGroup { wanted: wanted.into(), known }
}

/// A statement on the long run speaks of runs that have one. Where some diverged it is supported of the others alone, if that was asked.
fn of_finite_runs(runs: &[&Run], terms: Terms, judged: impl Fn(&[&Run]) -> Finding) -> Finding {
    let Some(told) = diverged(runs) else { return judged(runs) };
    let finite: Vec<&Run> = runs.iter().copied().filter(|run| run.diverged.is_none()).collect();
    if finite.is_empty() {
        return Finding { verdict: Verdict::Refuted, ..open(told) };
    }
    let mut finding = judged(&finite);
    if terms.finite_runs {
        add(&mut finding, format!("{told}; of the other {} alone", finite.len()));
    } else {
        if finding.verdict == Verdict::Supported {
            finding.verdict = Verdict::Inconclusive;
        }
        add(
            &mut finding,
            format!(
                "{told}; this is what the other {} say: --finite-runs claims it of these alone",
                finite.len()
            ),
        );
    }
    finding
}

fn add(finding: &mut Finding, note: String) {
    finding.note = Some(match finding.note.take() {
        Some(before) => format!("{before}{BETWEEN}{note}"),
        None => note,
    });
}
