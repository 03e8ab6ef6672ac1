//! Without a verb: check everything, then write the report.

use std::process::ExitCode;

use crate::arguments::MainJob;
use crate::command::check::{exit_code, run};
use crate::command::report::draw;
use crate::error::CommandError;
use crate::run_record::RunRecord;
use crate::terminal::{BOLD, say};

/// Checks all theorems and writes the report; the last line is the path of its first page.
pub(crate) fn main_job(arguments: &MainJob) -> Result<ExitCode, CommandError> {
    let evidence = run(&theoria_theorems::all(), &arguments.run)?;
    let index = draw(&evidence, RunRecord::read(&arguments.run.evidence), &arguments.out)?;
    say!("report: {BOLD}{}{BOLD:#}", index.display())?;
    Ok(exit_code(&evidence))
}
