//! What is started, where, and how long it may think.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

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
}

impl Launch {
    /// On one's own machine: ten seconds an answer.
    pub fn new(command: impl IntoIterator<Item = impl Into<OsString>>, directory: &Path) -> Self {
        Launch {
            command: command.into_iter().map(Into::into).collect(),
            directory: directory.into(),
            patience: Duration::from_secs(10),
            most_output: 1 << 30,
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
        let (program, arguments) = self.command.split_first()?;
        let mut command = Command::new(program);
        command
            .args(arguments)
            .current_dir(&self.directory)
            // A solution in Python would leave folders beside it.
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        Some(command)
    }
}
