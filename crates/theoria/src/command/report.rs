//! `theoria report`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use theoria_report::{About, Exercise, Place};
use theoria_verification::evidence::{Accepted, TheoremEvidence, store};
use theoria_verification::{Theorem, printable};

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
    let kept = match (&arguments.merged, &arguments.evidence[..]) {
        (Some(merged), _) => Some(merged.as_path()),
        (None, [only]) => Some(only.as_path()),
        _ => None,
    };
    let index = draw(catalogue, &evidence, (record, kept), &arguments.out)?;
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

/// Writes the report and returns the path of its first page. Told are the record of the run and the folder in which its evidence is
/// kept, if there is one.
pub(crate) fn draw(
    catalogue: &Catalogue,
    evidence: &[TheoremEvidence],
    (record, kept): (Option<RunRecord>, Option<&Path>),
    out: &Path,
) -> Result<PathBuf, CommandError> {
    let of_run = record.map_or_else(About::default, |record| About {
        date: Some(record.date),
        machine: Some(format!("{}, {} threads", record.machine, record.threads)),
        duration: Some(format!("{:.1} s", record.seconds)),
        ..About::default()
    });
    let has_all =
        |folder: &&Path| evidence.iter().all(|it| store::path_of(folder, &it.id).exists());
    let about = About {
        exercises: exercises(catalogue),
        places: catalogue.theorems.iter().map(place).collect(),
        evidence: kept.filter(has_all).and_then(|kept| from_the_site(kept, out)),
        ..of_run
    };
    Ok(theoria_report::write(evidence, &about, out)?.index)
}

/// Where the source of a theorem lies, which the report does not know.
fn place(theorem: &Theorem) -> Place {
    let place = theorem.place();
    Place {
        theorem: theorem.id().to_string(),
        file: format!("{}:{}", place.path().unwrap_or_else(|| place.file.into()), place.line),
        address: place.address(),
    }
}

/// The way from the root of the site to a folder within it or beside it, where a link needs no escapes.
fn from_the_site(folder: &Path, site: &Path) -> Option<String> {
    let way = match folder.strip_prefix(site) {
        Ok(inside) => inside.to_path_buf(),
        Err(_) => Path::new("..").join(folder.strip_prefix(site.parent()?).ok()?),
    };
    let parts: Option<Vec<&str>> = way.components().map(|part| part.as_os_str().to_str()).collect();
    let plain = |part: &&str| part.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
    parts.filter(|parts| !parts.is_empty() && parts.iter().all(plain)).map(|parts| parts.join("/"))
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
        checks: assignment.public.checks.iter().map(|check| check.title.into()).collect(),
        command: format!("{program} assignment new {} my-solution", assignment.name),
    })
    .collect()
}

#[cfg(not(feature = "assignments"))]
fn exercises(_: &Catalogue) -> Vec<Exercise> {
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_within_the_site_or_beside_it_is_linked() {
        let way = |folder: &str, site: &str| from_the_site(folder.as_ref(), site.as_ref());
        assert_eq!(way("reports/evidence", "reports").as_deref(), Some("evidence"));
        assert_eq!(way("reports/evidence", "reports/drawn").as_deref(), Some("../evidence"));
        assert_eq!(way("/a/run 7/evidence", "/a"), None);
        assert_eq!(way("elsewhere", "/a/site"), None);
        assert_eq!(way("site", "site"), None);
    }

    #[test]
    fn the_place_of_a_theorem_is_that_of_its_declaration() {
        let place =
            place(&Theorem::new("mine/empty", "# Nothing").in_repository("https://example.org/a"));
        assert!(place.file.contains("report.rs:"), "{place:?}");
        assert!(
            place
                .address
                .is_some_and(|it| it.starts_with("https://example.org/a/blob/main/crates/theoria"))
        );
    }
}
