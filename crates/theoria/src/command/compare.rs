//! `theoria compare`.

use std::path::Path;
use std::process::ExitCode;
use std::slice;

use theoria_report::{Change, Comparison, Weight, different_runs};
use theoria_verification::evidence::{Accepted, TheoremEvidence};
use theoria_verification::printable;

use crate::command::arguments::Compare;
use crate::command::catalogue::Catalogue;
use crate::command::error::CommandError;
use crate::command::merging::merged;
use crate::command::terminal::{self, BAD, BOLD, DIM, GOOD, say};

/// Prints what changed from one folder of evidence to another; the exit code says whether anything got worse.
pub(crate) fn compare(
    catalogue: &Catalogue,
    arguments: &Compare,
) -> Result<ExitCode, CommandError> {
    let read = |path| -> Result<Vec<TheoremEvidence>, CommandError> {
        let accepted = Accepted { incomplete: false, several_seeds: true };
        Ok(merged(catalogue, slice::from_ref(path), accepted)?.evidence)
    };
    let (before, after) = (read(&arguments.before)?, read(&arguments.after)?);
    let names = [&arguments.before, &arguments.after].map(|path| shown(path));
    for (name, side) in names.iter().zip([&before, &after]) {
        let theorems = if side.len() == 1 { "theorem" } else { "theorems" };
        let runs = different_runs(side).join("; ");
        say!("{BOLD}{name}{BOLD:#}: {} {theorems} ({runs})", side.len())?;
    }
    let sides = [&before[..], &after[..]];
    let comparison = Comparison::of([&names[0], &names[1]], sides, arguments.tolerance);
    for weight in [Weight::Neither, Weight::Better, Weight::Worse] {
        for change in comparison.changes().iter().filter(|change| change.weight == weight) {
            say!("{}", line(change))?;
        }
    }
    say!("{}", terminal::wrapped(&comparison.summary(), "", ""))?;
    if let Some(out) = &arguments.out {
        let index = comparison.write(out)?;
        say!("drawn: {BOLD}{}{BOLD:#}", shown(&index))?;
    }
    Ok(ExitCode::from(u8::from(comparison.is_worse())))
}

fn shown(path: &Path) -> String {
    printable(&path.display().to_string())
}

fn line(change: &Change) -> String {
    let style = match change.weight {
        Weight::Worse => BAD,
        Weight::Better => GOOD,
        Weight::Neither => DIM,
    };
    let what = match &change.claim {
        Some(claim) => format!("{}: {claim}: {}", change.theorem, change.what),
        None => format!("{} {}", change.theorem, change.what),
    };
    let told = terminal::wrapped(&printable(&what), "", "          ");
    format!("{style}{:<8}{style:#}{told}", change.weight)
}
