//! What a check prints: for people, or for other programs.

mod json;
mod junit;

use std::collections::BTreeMap;
use std::path::Path;

use clap::ValueEnum;
use theoria_verification::Settings;
use theoria_verification::evidence::TheoremEvidence;

use crate::command::catalogue::Catalogue;
use crate::command::error::CommandError;
use crate::command::terminal::say;

/// How verdicts are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Format {
    /// For people
    #[default]
    Text,
    /// One JSON object: verdicts, numbers and reasons, without the curves that the evidence keeps
    Json,
    /// JUnit's XML, as continuous integration reads it: a suite a theorem, a case a claim or control
    Junit,
}

/// A run that has ended.
pub(crate) struct Ended<'a> {
    pub(crate) evidence: &'a [TheoremEvidence],
    pub(crate) settings: &'a Settings,
    pub(crate) folder: &'a Path,
    /// Seconds that each theorem took, by its id.
    pub(crate) seconds: &'a BTreeMap<String, f64>,
}

/// Prints the verdicts for another program.
pub(crate) fn print(
    catalogue: &Catalogue,
    ended: &Ended<'_>,
    format: Format,
) -> Result<(), CommandError> {
    let text = match format {
        Format::Json => json::text(catalogue, ended).map_err(unprintable),
        Format::Junit => junit::text(catalogue, ended).map_err(unprintable),
        Format::Text => return Ok(()),
    }?;
    say!("{}", text.trim_end())
}

fn unprintable(error: impl std::error::Error + Send + Sync + 'static) -> CommandError {
    CommandError::Output(std::io::Error::other(error))
}
