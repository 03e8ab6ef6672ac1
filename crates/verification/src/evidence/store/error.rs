//! Why evidence could not be read or written.

use std::io::ErrorKind;
use std::path::PathBuf;

use crate::evidence::SCHEMA;

/// Why evidence could not be read or written; each message names cause and cure.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The file or folder cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// Where.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The file or folder cannot be written.
    #[error("cannot write {}: {source}; {}", path.display(), cure(source))]
    Write {
        /// Where.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The file ends too early.
    #[error("{} is truncated; check the theorem again to write it anew", path.display())]
    Truncated {
        /// Where.
        path: PathBuf,
    },
    /// The file is not evidence.
    #[error("{} is not evidence of this program: {reason}; give a file that `check` wrote", path.display())]
    NotEvidence {
        /// Where.
        path: PathBuf,
        /// What is wrong, with line and column.
        reason: String,
    },
    /// The file was written by another version.
    #[error(
        "{} has evidence schema {found}, and this version reads {SCHEMA}: check the theorem again, \
         or read the file with version {version}",
        path.display()
    )]
    OtherSchema {
        /// Where.
        path: PathBuf,
        /// Schema of the file.
        found: u64,
        /// Version that wrote it.
        version: String,
    },
    /// What the file says contradicts itself.
    #[error("{} contradicts itself: {reason}; check the theorem again to write it anew", path.display())]
    Contradiction {
        /// Where.
        path: PathBuf,
        /// What contradicts what.
        reason: String,
    },
    /// The file lies under the id of another theorem.
    #[error("{} is evidence for {id}: move it to {id}.json in its folder, or check the theorem again", path.display())]
    Misplaced {
        /// Where.
        path: PathBuf,
        /// The theorem that it is evidence for.
        id: String,
    },
    /// It is a pipe, a device, a folder.
    #[error("{} is not a plain file; give a file that `check` wrote", path.display())]
    NoPlainFile {
        /// Where.
        path: PathBuf,
    },
    /// The id would lead out of the folder.
    #[error(
        "{id:?} is no id of a theorem: it is chapter/name in lower case letters, digits and underscores"
    )]
    Id {
        /// The id.
        id: String,
    },
    /// Another theorem of this run has the id.
    #[error("two theorems of this run are called {id}: rename one of them")]
    SameId {
        /// The id.
        id: String,
    },
    /// There is no evidence in the folder.
    #[error("there is no evidence in {}; run `check` first", path.display())]
    Empty {
        /// Where.
        path: PathBuf,
    },
}

/// What helps against an error of writing.
fn cure(error: &std::io::Error) -> &'static str {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            "free some space or choose another folder; files that were there are as they were"
        }
        _ => "choose a folder that can be written",
    }
}
