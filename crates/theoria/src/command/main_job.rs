//! Without a verb: check everything, then write the report.

use std::process::ExitCode;

use theoria_verification::printable;

use crate::command::arguments::MainJob;
use crate::command::catalogue::Catalogue;
use crate::command::check::{exit_code, run};
use crate::command::error::CommandError;
use crate::command::format::Format;
use crate::command::report::draw;
use crate::command::run_record::RunRecord;
use crate::command::terminal::{BOLD, say};

/// Checks all theorems and writes the report; the last line is the path of its first page. Of a shard there is nothing to
/// report yet.
pub(crate) fn main_job(
    catalogue: &Catalogue,
    arguments: &MainJob,
) -> Result<ExitCode, CommandError> {
    let evidence = run(catalogue, (&catalogue.theorems, &[]), &arguments.run, Format::Text)?;
    if arguments.run.shard.is_some() {
        return Ok(ExitCode::SUCCESS);
    }
    let kept = arguments.run.folder()?;
    let told = (RunRecord::read(&kept), Some(kept.as_path()));
    let index = draw(catalogue, &evidence, told, &arguments.out)?;
    say!("report: {BOLD}{}{BOLD:#}", printable(&index.display().to_string()))?;
    Ok(exit_code(&evidence))
}
