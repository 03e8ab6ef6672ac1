//! `theoria report`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use theoria_report::{About, Exercise};
use theoria_verification::evidence::{Accepted, TheoremEvidence, store};
use theoria_verification::printable;

use crate::command::arguments::Report;
use crate::command::catalogue::Catalogue;
use crate::command::check::exit_code;
use crate::command::error::CommandError;
use crate::command::merging::{Merged, merged};
use crate::command::run_record::RunRecord;
use crate::command::task::shard_folders;
use crate::command::terminal::{BOLD, remark, say};

/// Reads evidence from files and folders, merges what speaks of the same theorem, and draws it.
pub(crate) fn report(catalogue: &Catalogue, arguments: &Report) -> Result<ExitCode, CommandError> {
    if let Some(path) = arguments.merged.as_ref().filter(|path| !shard_folders(path).is_empty()) {
        return Err(CommandError::MergedBesideShards { path: path.clone() });
    }
    let accepted =
        Accepted { incomplete: arguments.incomplete, several_seeds: arguments.several_seeds };
    let Merged { evidence, unfinished } = merged(catalogue, &arguments.evidence, accepted)?;
    tell_of_mixed_runs(&evidence);
    tell_of_what_is_not_one_run(&evidence);
    if let Some(folder) = &arguments.merged {
        for theorem in &evidence {
            store::write(folder, theorem)?;
        }
        say!("evidence: {BOLD}{}{BOLD:#}", printable(&folder.display().to_string()))?;
    }
    store::remove_leftovers(&arguments.out);
    let record = match &arguments.evidence[..] {
        [only] => RunRecord::read(only),
        _ => None,
    };
    let index = draw(catalogue, &evidence, record, &arguments.out)?;
    say!("report: {BOLD}{}{BOLD:#}", printable(&index.display().to_string()))?;
    if unfinished.is_empty() {
        return Ok(exit_code(&evidence));
    }
    remark(format_args!(
        "incomplete: a run that was killed has not checked {} ({})",
        if unfinished.len() == 1 {
            "1 theorem".into()
        } else {
            format!("{} theorems", unfinished.len())
        },
        printable(&unfinished.join(", "))
    ));
    Ok(ExitCode::FAILURE)
}

/// Theorems of one report may have been checked in different runs; the pages say so too.
fn tell_of_mixed_runs(evidence: &[TheoremEvidence]) {
    let runs = theoria_report::different_runs(evidence);
    if runs.len() > 1 {
        remark(format_args!("not all theorems were checked in the same runs: {}", runs.join("; ")));
    }
}

/// Shards that are missing, and seeds that spend more than one budget; the pages say so too.
fn tell_of_what_is_not_one_run(evidence: &[TheoremEvidence]) {
    let count = |is: fn(&TheoremEvidence) -> bool| evidence.iter().filter(|it| is(it)).count();
    let incomplete = count(TheoremEvidence::is_incomplete);
    if incomplete > 0 {
        remark(format_args!(
            "incomplete: of {incomplete} of {} theorems shards are missing, and nothing of these is supported",
            evidence.len()
        ));
    }
    if let Some(most) = evidence.iter().map(TheoremEvidence::budgets).max().filter(|it| *it > 1) {
        remark(format_args!(
            "up to {most} runs of a theorem are put together, each of which spends the error budget once more"
        ));
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
