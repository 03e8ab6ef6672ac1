//! `theoria assignment hint`.

use std::process::ExitCode;

use theoria_assignments::{Progress, handout};
use theoria_verification::printable;

use super::arguments::Hint;
use super::named;
use crate::command::error::CommandError;
use crate::command::terminal::{self, BOLD, say};

/// One more hint than last time.
pub(super) fn hint(arguments: &Hint) -> Result<ExitCode, CommandError> {
    let folder = &arguments.folder;
    let assignment = named(&handout::marker(folder)?.assignment)?;
    let mut progress = Progress::of(folder);
    let given = progress.hints.min(assignment.hints.len());
    let shown =
        if arguments.again { 0..given } else { given..(given + 1).min(assignment.hints.len()) };
    if shown.is_empty() {
        let what =
            if arguments.again { "no hint was given yet" } else { "there are no more hints" };
        say!("{what}: {given} of {} were given", assignment.hints.len())?;
        return Ok(ExitCode::SUCCESS);
    }
    for number in shown {
        say!("{BOLD}hint {} of {}{BOLD:#}", number + 1, assignment.hints.len())?;
        say!("{}", terminal::wrapped(assignment.hints[number], "  ", "  "))?;
        progress.hints = progress.hints.max(number + 1);
    }
    keep(&progress, folder)?;
    Ok(ExitCode::SUCCESS)
}

/// Keeps the progress in the folder of the solution.
pub(super) fn keep(progress: &Progress, folder: &std::path::Path) -> Result<(), CommandError> {
    progress.keep(folder).map_err(|source| CommandError::Progress {
        folder: printable(&folder.display().to_string()),
        source,
    })
}
