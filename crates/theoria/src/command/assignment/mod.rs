//! `theoria assignment`.

mod arguments;
mod check;
mod grade;
mod hint;
mod list;
mod new;
mod verify;

use std::process::ExitCode;

use theoria_assignments::{Assignment, assignments, isolation};

pub(crate) use arguments::Assignment as AssignmentArguments;
use arguments::AssignmentVerb;

use crate::command::error::CommandError;

/// Obeys one of its verbs.
pub(crate) fn obey(arguments: &AssignmentArguments) -> Result<ExitCode, CommandError> {
    match &arguments.verb {
        AssignmentVerb::List => list::list(),
        AssignmentVerb::New(new) => new::new(new),
        AssignmentVerb::Check(check) => check::check(check),
        AssignmentVerb::Hint(hint) => hint::hint(hint),
        AssignmentVerb::Grade(grade) => grade::grade(grade),
        AssignmentVerb::Verify(verify) => verify::verify(verify),
        AssignmentVerb::Stage(stage) => Ok(isolation::enter(&stage.stage, &stage.confinement)),
    }
}

/// The assignment of this name.
fn named(name: &str) -> Result<Assignment, CommandError> {
    assignments::named(name).ok_or_else(|| {
        let all = assignments::all();
        let likeness = |known: &str| strsim::jaro_winkler(known, name);
        let nearest = all
            .iter()
            .map(|known| known.name)
            .max_by(|a, b| likeness(a).total_cmp(&likeness(b)))
            .filter(|known| likeness(known) > 0.75);
        CommandError::UnknownAssignment {
            name: name.into(),
            nearest: nearest.map(Into::into).into_iter().collect(),
        }
    })
}
