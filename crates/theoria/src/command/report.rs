//! `theoria report`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use theoria_report::{About, Exercise};
use theoria_verification::evidence::{TheoremEvidence, store};
use theoria_verification::{Theorem, printable};

use crate::command::arguments::Report;
use crate::command::catalogue::Catalogue;
use crate::command::check::exit_code;
use crate::command::error::CommandError;
use crate::command::run_record::RunRecord;
use crate::command::terminal::{BOLD, remark, say};

/// Reads evidence from files and folders, merges what speaks of the same theorem, and draws it.
pub(crate) fn report(catalogue: &Catalogue, arguments: &Report) -> Result<ExitCode, CommandError> {
    let mut merged: BTreeMap<String, TheoremEvidence> = BTreeMap::new();
    for path in &arguments.evidence {
        for evidence in read(path)? {
            let evidence = match merged.remove(&evidence.id) {
                Some(earlier) => earlier.merge(evidence)?,
                None => evidence,
            };
            merged.insert(evidence.id.clone(), evidence);
        }
    }
    let mut evidence: Vec<TheoremEvidence> = merged.into_values().collect();
    in_the_order_of(&catalogue.theorems, &mut evidence);
    tell_of_mixed_runs(&evidence);
    store::remove_leftovers(&arguments.out);
    let record = match &arguments.evidence[..] {
        [only] => RunRecord::read(only),
        _ => None,
    };
    let index = draw(catalogue, &evidence, record, &arguments.out)?;
    say!("report: {BOLD}{}{BOLD:#}", printable(&index.display().to_string()))?;
    Ok(exit_code(&evidence))
}

fn read(path: &Path) -> Result<Vec<TheoremEvidence>, CommandError> {
    if !path.exists() {
        return Err(CommandError::NoEvidence { path: path.into() });
    }
    if !path.is_dir() {
        return Ok(vec![store::read(path)?]);
    }
    let found = store::read_all(path)?;
    for file in &found.foreign {
        let file = printable(&file.display().to_string());
        remark(format_args!("left out: {file}, which is not evidence"));
    }
    Ok(found.evidence)
}

/// Theorems that this program knows first, as their chapters have them; foreign ones after, by id.
fn in_the_order_of(theorems: &[Theorem], evidence: &mut [TheoremEvidence]) {
    let order: Vec<String> = theorems.iter().map(|theorem| theorem.id().to_string()).collect();
    evidence.sort_by_key(|evidence| {
        order.iter().position(|id| *id == evidence.id).unwrap_or(order.len())
    });
}

/// Theorems of one report may have been checked in different runs; the pages say so too.
fn tell_of_mixed_runs(evidence: &[TheoremEvidence]) {
    let runs = theoria_report::different_runs(evidence);
    if runs.len() > 1 {
        remark(format_args!("not all theorems were checked in the same runs: {}", runs.join("; ")));
    }
}

/// Writes the report and returns the path of its first page.
pub(crate) fn draw(
    catalogue: &Catalogue,
    evidence: &[TheoremEvidence],
    record: Option<RunRecord>,
    out: &Path,
) -> Result<PathBuf, CommandError> {
    let of_run = record.map_or_else(About::default, |record| About {
        date: Some(record.date),
        machine: Some(format!("{}, {} threads", record.machine, record.threads)),
        duration: Some(format!("{:.1} s", record.seconds)),
        ..About::default()
    });
    let about = About { exercises: exercises(catalogue), ..of_run };
    Ok(theoria_report::write(evidence, &about, out)?.index)
}

/// The assignments, which the report does not know.
#[cfg(feature = "assignments")]
fn exercises(catalogue: &Catalogue) -> Vec<Exercise> {
    let program = catalogue.name();
    let all = theoria_assignments::assignments::all().into_iter();
    all.map(|assignment| Exercise {
        theorem: assignment.theorem.into(),
        title: assignment.title.into(),
        points: assignment.points(),
        asked: assignment.asked(),
        command: format!("{program} assignment new {} my-solution", assignment.name),
    })
    .collect()
}

#[cfg(not(feature = "assignments"))]
fn exercises(_: &Catalogue) -> Vec<Exercise> {
    Vec::new()
}
