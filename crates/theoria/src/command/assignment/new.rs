//! `theoria assignment new`.

use std::process::ExitCode;

use theoria_assignments::handout;
use theoria_verification::printable;

use super::arguments::New;
use super::named;
use crate::command::error::CommandError;
use crate::command::terminal::{BOLD, say};

/// Hands out an assignment and says how to go on.
pub(super) fn new(arguments: &New) -> Result<ExitCode, CommandError> {
    let assignment = named(&arguments.name)?;
    let language = arguments.language.language();
    handout::hand_out(&assignment, language, &arguments.folder)?;
    let folder = printable(&arguments.folder.display().to_string());
    say!("{BOLD}{}{BOLD:#}: {}", assignment.name, assignment.title)?;
    for (name, _) in handout::files(&assignment, language) {
        say!("  {folder}/{name}")?;
    }
    say!("\nread {folder}/task.md, then run: theoria assignment check {folder}")?;
    Ok(ExitCode::SUCCESS)
}
