//! `theoria list`.

use std::process::ExitCode;

use theoria_verification::Role;

use crate::command::arguments::List;
use crate::command::catalogue::Catalogue;
use crate::command::error::CommandError;
use crate::command::selection::select;
use crate::command::terminal::{BOLD, DIM, say};

/// Chapters with the ids and titles of their theorems.
pub(crate) fn list(catalogue: &Catalogue, arguments: &List) -> Result<ExitCode, CommandError> {
    let mut chapter = String::new();
    for theorem in select(&catalogue.theorems, &arguments.filters)? {
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
