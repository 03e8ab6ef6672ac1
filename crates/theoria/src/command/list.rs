//! `theoria list`.

use std::process::ExitCode;

use theoria_verification::Role;

use crate::arguments::List;
use crate::error::CommandError;
use crate::selection::select;
use crate::terminal::{BOLD, DIM, say};

/// Chapters with the ids and titles of their theorems.
pub(crate) fn list(arguments: &List) -> Result<ExitCode, CommandError> {
    let mut chapter = String::new();
    for theorem in select(theoria_theorems::all(), &arguments.filters)? {
        let id = theorem.id();
        if chapter != id.chapter() {
            id.chapter().clone_into(&mut chapter);
            say!("{BOLD}{chapter}{BOLD:#}")?;
        }
        let count = |role| theorem.claims().filter(|(r, _)| *r == role).count();
        say!(
            "  {:<44} {DIM}{} claims, {} controls{DIM:#}\n      {}",
            id.to_string(),
            count(Role::Claim),
            count(Role::Control),
            theorem.statement().title()
        )?;
    }
    Ok(ExitCode::SUCCESS)
}
