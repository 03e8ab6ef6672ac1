//! What a student is handed: a folder with the task, a stub that runs, and the helper file of its language.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::assignment::Assignment;
use crate::protocol::PROTOCOL;

/// The file that says of a folder which assignment it is of.
pub const MARKER: &str = "assignment.json";

/// A language that there is a stub in. Programs in any other speak the protocol themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// A project without dependencies.
    Rust,
    /// A file, for Python 3 alone.
    Python,
}

/// What [`MARKER`] says. For the student's own loop alone: a grader is told which assignment is graded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marker {
    /// The name of the assignment.
    pub assignment: String,
    /// The version of the protocol that its helper file speaks.
    pub protocol: u32,
}

/// Why a folder cannot be made, or is none of an assignment.
#[derive(Debug, thiserror::Error)]
pub enum HandoutError {
    /// There is something in it already.
    #[error("{} is not empty, and nothing in it is overwritten: name a new folder", path.display())]
    NotEmpty {
        /// The folder.
        path: PathBuf,
    },
    /// It cannot be written.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// It has no marker, or one that cannot be read.
    #[error(
        "{} does not say which assignment this is ({reason}): name the folder that `assignment new` made",
        path.display()
    )]
    NoMarker {
        /// Where the marker should be.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
}

const CARGO: &str = "\
[package]
name = \"solution\"
version = \"0.1.0\"
edition = \"2024\"

[dependencies]

# A project of its own, wherever the folder lies.
[workspace]
";

const MAIN: &str = "\
//! Nothing has to be changed here: your solution is in solution.rs.

mod solution;
#[allow(dead_code, reason = \"no solution needs all that the helper has\")]
mod theoria;

fn main() {
    theoria::serve(solution::Mine::default());
}
";

/// The files that a student is handed, by their paths in the folder. What the grader knows more is not among them.
pub fn files(assignment: &Assignment, language: Language) -> Vec<(&'static str, String)> {
    let marker = Marker { assignment: assignment.name.into(), protocol: PROTOCOL };
    let marker = serde_json::to_string_pretty(&marker).unwrap_or_default() + "\n";
    let mut files = vec![("task.md", assignment.task.to_owned()), (MARKER, marker)];
    match language {
        Language::Python => files.extend([
            ("solution.py", assignment.stubs.python.to_owned()),
            ("theoria.py", include_str!("../helpers/theoria.py").to_owned()),
        ]),
        Language::Rust => files.extend([
            ("Cargo.toml", CARGO.to_owned()),
            (".gitignore", "/target\n".to_owned()),
            ("src/main.rs", MAIN.to_owned()),
            ("src/solution.rs", assignment.stubs.rust.to_owned()),
            ("src/theoria.rs", include_str!("../helpers/theoria.rs").to_owned()),
        ]),
    }
    files
}

/// Writes them into a folder that is new or empty.
///
/// # Errors
/// If there is something in it, or it cannot be written.
pub fn hand_out(
    assignment: &Assignment,
    language: Language,
    folder: &Path,
) -> Result<(), HandoutError> {
    let write = |path: &Path| {
        let path = path.to_owned();
        move |source| HandoutError::Write { path, source }
    };
    std::fs::create_dir_all(folder).map_err(write(folder))?;
    if std::fs::read_dir(folder).map_err(write(folder))?.next().is_some() {
        return Err(HandoutError::NotEmpty { path: folder.into() });
    }
    for (name, text) in files(assignment, language) {
        let path = folder.join(name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(write(parent))?;
        }
        std::fs::write(&path, text).map_err(write(&path))?;
    }
    Ok(())
}

/// Which assignment a folder says that it is of.
///
/// # Errors
/// If it says nothing that can be read.
pub fn marker(folder: &Path) -> Result<Marker, HandoutError> {
    let path = folder.join(MARKER);
    let read = std::fs::read_to_string(&path).map_err(|error| error.to_string());
    let parsed =
        read.and_then(|text| serde_json::from_str(&text).map_err(|error| error.to_string()));
    parsed.map_err(|reason| HandoutError::NoMarker { path, reason })
}
