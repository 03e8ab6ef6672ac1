//! `theoria assignment list`.

use std::process::ExitCode;

use theoria_assignments::assignments;

use crate::command::error::CommandError;
use crate::command::terminal::{BOLD, DIM, say};

/// Names, titles and points.
pub(super) fn list() -> Result<ExitCode, CommandError> {
    for assignment in assignments::all() {
        let (checks, points) = (assignment.checks().count(), assignment.points());
        say!(
            "{BOLD}{:<28}{BOLD:#} {DIM}{checks} checks, {points} points; theorem {}{DIM:#}\n    {}",
            assignment.name,
            assignment.theorem,
            assignment.title
        )?;
    }
    Ok(ExitCode::SUCCESS)
}
