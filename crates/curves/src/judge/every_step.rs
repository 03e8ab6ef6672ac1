//! Claims on every step of every run.

use theoria_verification::statistics::clopper_pearson;
use theoria_verification::{ErrorRates, Finding, Level, Severity, Verdict, Violation};

use super::answer::{blank, diverged, open};
use super::claim::Terms;
use super::digits::short;
use super::formula::Formula;
use super::sentences::named;
use crate::Run;

/// Whether every run stays on this side of a formula. A run that diverges is on no side.
pub(super) fn judge(runs: &[&Run], formula: &Formula, below: bool, terms: Terms) -> Finding {
    let mut worst: Option<(f64, Violation, &str)> = None;
    let mut first = None;
    let mut broken = 0;
    for run in runs {
        let points = run.steps.iter().zip(&run.values).map(|(n, v)| (*n, *v));
        let diverged =
            run.diverged.map(|n| (n, if below { f64::INFINITY } else { f64::NEG_INFINITY }));
        let mut breaks = false;
        for (at, measured) in points.chain(diverged) {
            let predicted = formula.at(at);
            if predicted.is_nan() {
                return open(format!("{formula} is no number at n = {at}"));
            }
            let excess = if below { measured - predicted } else { predicted - measured };
            let point = Violation { at, measured, predicted };
            if excess > 0.0 {
                breaks = true;
                first.get_or_insert((point, run.name.as_str()));
            }
            let relative = excess / predicted.abs().max(f64::MIN_POSITIVE);
            if worst.is_none_or(|(most, ..)| relative > most) {
                worst = Some((relative, point, &run.name));
            }
        }
        broken += u64::from(breaks);
    }
    let Some((relative, at, name)) = worst else {
        return open("there is no point");
    };
    let count = runs.len() as u64;
    let (_, most) = clopper_pearson(broken, count, 2.0 * terms.error);
    let share = format!(
        "{broken} of {count} runs break it; of runs like these at most {:.0}% do (error probability {})",
        100.0 * most,
        terms.error
    );
    let (verdict, note) = match first {
        Some((first, name)) => (
            Verdict::Refuted,
            format!(
                "first by {} at n = {}: {} against {}; {share}",
                named(name),
                first.at,
                short(first.measured),
                short(first.predicted)
            ),
        ),
        None => (Verdict::Supported, format!("nearest: {} at n = {}; {share}", named(name), at.at)),
    };
    Finding {
        verdict,
        level: Level::Measured,
        at: at.at,
        measured: at.measured,
        predicted: at.predicted,
        severity: Severity::Tightness { value: (1.0 + relative).max(0.0), rate: None },
        closeness: (1.0 + relative).max(0.0),
        first_violation: first.map(|(point, _)| point),
        errors: ErrorRates::NONE,
        rests_on: Some("the points that were logged".into()),
        note: Some(note),
    }
}

/// Whether no run diverges.
pub(super) fn finite(runs: &[&Run], terms: Terms) -> Finding {
    let gone: Vec<&&Run> = runs.iter().filter(|run| run.diverged.is_some()).collect();
    let (count, all) = (gone.len() as u64, runs.len() as u64);
    let (_, most) = clopper_pearson(count, all, 2.0 * terms.error);
    let note = match diverged(runs) {
        Some(told) => told,
        None => format!(
            "none of {all} runs diverged; of runs like these at most {:.0}% do (error probability {})",
            100.0 * most,
            terms.error
        ),
    };
    Finding {
        verdict: if count == 0 { Verdict::Supported } else { Verdict::Refuted },
        level: Level::Measured,
        at: gone.first().and_then(|run| run.diverged).unwrap_or(f64::NAN),
        measured: count as f64,
        predicted: 0.0,
        severity: Severity::Resolution(most),
        closeness: if count == 0 { 0.0 } else { f64::INFINITY },
        rests_on: Some("the steps that were logged".into()),
        note: Some(note),
        ..blank()
    }
}
