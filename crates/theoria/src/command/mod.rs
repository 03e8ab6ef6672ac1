//! A command that checks theorems: ours, or those of a crate of its own.

mod arguments;
#[cfg(feature = "assignments")]
mod assignment;
mod builds;
mod calibrate;
mod catalogue;
mod check;
mod compare;
mod deepen;
mod error;
mod format;
mod hunt;
mod journal;
#[cfg(feature = "curves")]
mod judge;
mod list;
mod main_job;
mod merging;
mod report;
mod run_record;
mod selection;
mod show;
mod signals;
mod tally;
mod task;
mod terminal;
mod unfinished;
mod values;

use std::process::ExitCode;

use clap::FromArgMatches;
use theoria_verification::Theorem;

use arguments::{Arguments, Verb};
use catalogue::Catalogue;
use error::CommandError;

/// The whole of a program that checks these theorems: the verbs `check`, `seed`, `list`, `show`, `report`, `compare`, `calibrate` and `hunt`, and
/// without a verb all of them checked and the report written. The command line is that of the process. Evidence and
/// pages name this program where they say how they are made again.
///
/// ```no_run
/// use theoria::verification::Theorem;
///
/// fn main() -> std::process::ExitCode {
///     theoria::command::run(vec![Theorem::new("mine/heavy_ball", "# Is heavy ball monotone?")])
/// }
/// ```
///
/// The exit code is 0 if all theorems hold or a shard of them ran, 1 if not, 2 after wrong use (two theorems of one id too) or if a file
/// cannot be read or written, and 128 more than the number of the signal that ended it.
pub fn run(theorems: Vec<Theorem>) -> ExitCode {
    let outcome = Catalogue::of(theorems).and_then(|catalogue| {
        let parsed = Arguments::from_arg_matches(&catalogue.command_line().get_matches());
        let arguments = parsed.unwrap_or_else(|error| error.exit());
        obey(&catalogue, &arguments)
    });
    outcome.unwrap_or_else(|error| {
        terminal::report_error(&error);
        ExitCode::from(2)
    })
}

fn obey(catalogue: &Catalogue, arguments: &Arguments) -> Result<ExitCode, CommandError> {
    match &arguments.verb {
        None => main_job::main_job(catalogue, &arguments.main),
        Some(Verb::Check(check)) => check::check(catalogue, check),
        Some(Verb::Seed(_)) => {
            terminal::say!("{}", values::Seed::Fresh.number())?;
            Ok(ExitCode::SUCCESS)
        }
        Some(Verb::List(list)) => list::list(catalogue, list),
        Some(Verb::Show(show)) => show::show(catalogue, show),
        Some(Verb::Report(report)) => report::report(catalogue, report),
        Some(Verb::Compare(compare)) => compare::compare(catalogue, compare),
        Some(Verb::Calibrate(calibrate)) => calibrate::calibrate(catalogue, calibrate),
        Some(Verb::Hunt(hunt)) => hunt::hunt(catalogue, hunt),
        #[cfg(feature = "curves")]
        Some(Verb::Judge(arguments)) => judge::judge(catalogue, arguments),
        #[cfg(feature = "assignments")]
        Some(Verb::Assignment(arguments)) => assignment::obey(arguments),
    }
}
