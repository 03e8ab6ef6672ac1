//! The command `theoria`.

mod arguments;
mod command;
mod error;
mod run_record;
mod selection;
mod terminal;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Verb};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let outcome = match arguments.verb {
        None => command::main_job(&arguments.main),
        Some(Verb::Check(check)) => command::check(&check),
        Some(Verb::List(list)) => command::list(&list),
        Some(Verb::Show(show)) => command::show(&show),
        Some(Verb::Report(report)) => command::report(&report),
        Some(Verb::Calibrate(calibrate)) => command::calibrate(&calibrate),
    };
    outcome.unwrap_or_else(|error| {
        terminal::report_error(&error);
        ExitCode::from(2)
    })
}
