//! What is started, where, and how long it may think.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::isolation::{Confinement, Launcher, Tier};

/// How a program is started.
#[derive(Debug, Clone)]
pub struct Launch {
    /// Program and arguments.
    pub command: Vec<OsString>,
    /// Where it runs.
    pub directory: PathBuf,
    /// How long one answer may take by the clock on the wall.
    pub patience: Duration,
    /// How many bytes it may write to standard output in all.
    pub most_output: u64,
    /// What it may do, and who sees to that; on one's own machine it may do all.
    pub confined: Option<(Launcher, Confinement)>,
}

impl Launch {
    /// On one's own machine: ten seconds an answer.
    pub fn new(command: impl IntoIterator<Item = impl Into<OsString>>, directory: &Path) -> Self {
        Launch {
            command: command.into_iter().map(Into::into).collect(),
            directory: directory.into(),
            patience: Duration::from_secs(10),
            most_output: 1 << 30,
            confined: None,
        }
    }

    /// Under this confinement.
    pub fn confined(launcher: Launcher, confinement: Confinement) -> Self {
        Launch {
            patience: Duration::from_secs(confinement.limits.answer_seconds),
            command: confinement.command.iter().map(Into::into).collect(),
            directory: confinement.folder.clone(),
            most_output: 1 << 30,
            confined: Some((launcher, confinement)),
        }
    }

    /// The command line as one would type it.
    pub fn shown(&self) -> String {
        let words: Vec<String> =
            self.command.iter().map(|word| word.to_string_lossy().into_owned()).collect();
        words.join(" ")
    }

    /// Not started yet, with pipes for all three streams.
    pub(super) fn command(&self) -> Option<Command> {
        let mut command = match &self.confined {
            Some((launcher, confinement)) if confinement.tier > Tier::Nothing => {
                launcher.stage("launch", confinement)
            }
            other => {
                let (program, arguments) = self.command.split_first()?;
                // One of a submission's own is found from wherever the grader runs.
                let is_own = other.is_some() && Path::new(program).components().count() > 1;
                let own = self.directory.join(program);
                let mut command = Command::new(if is_own { own.as_os_str() } else { program });
                // A solution in Python would leave folders beside it.
                command.args(arguments).env("PYTHONDONTWRITEBYTECODE", "1");
                let environment =
                    other.iter().flat_map(|(_, confinement)| &confinement.environment);
                command.envs(environment.map(|(name, value)| (name, value)));
                command.current_dir(&self.directory);
                command
            }
        };
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        Some(command)
    }
}
