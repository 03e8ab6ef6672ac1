//! `theoria assignment verify`.

use std::process::ExitCode;
use std::time::Instant;

use theoria_assignments::{Assignment, assignments};

use super::arguments::Verify;
use super::named;
use crate::command::error::CommandError;
use crate::command::terminal::{BAD, BOLD, GOOD, say};

/// References, stubs and mutants of these assignments, and what surprises.
pub(super) fn verify(arguments: &Verify) -> Result<ExitCode, CommandError> {
    let chosen: Vec<Assignment> = match &arguments.names[..] {
        [] => assignments::all(),
        names => names.iter().map(|name| named(name)).collect::<Result<_, _>>()?,
    };
    let (seed, began) = (arguments.seed.number(), Instant::now());
    let surprises = theoria_assignments::verify(&chosen, seed);
    for assignment in &chosen {
        let mine: Vec<&str> = surprises
            .iter()
            .filter(|surprise| surprise.assignment == assignment.name)
            .map(|surprise| surprise.what.as_str())
            .collect();
        let mutants = assignment.mutants.len();
        if mine.is_empty() {
            say!(
                "{GOOD}right{GOOD:#}  {}: the reference earns {} points, the stub none, {mutants} mutants fail what they must",
                assignment.name,
                assignment.points()
            )?;
        }
        for what in mine {
            say!("{BAD}wrong{BAD:#}  {}: {what}", assignment.name)?;
        }
    }
    let seconds = began.elapsed().as_secs_f64();
    say!("{BOLD}{} surprises{BOLD:#} (seed {seed}, {seconds:.1} s)", surprises.len())?;
    Ok(ExitCode::from(u8::from(!surprises.is_empty())))
}
