//! What can go wrong for a user of the command; each message names cause and cure.

use std::path::PathBuf;

use theoria_report::ReportError;
use theoria_verification::evidence::MergeError;
use theoria_verification::evidence::store::StoreError;

#[derive(Debug, thiserror::Error)]
pub(crate) enum CommandError {
    #[error("no theorem, chapter or part of an id is called {filter:?}{}", suggestion(nearest))]
    Unknown { filter: String, nearest: Vec<String> },
    #[error("{text:?} is a part of several ids: {}; give one of them", ids.join(", "))]
    Ambiguous { text: String, ids: Vec<String> },
    #[error("{} does not exist; run `theoria check` first, or name a folder or file of evidence", path.display())]
    NoEvidence { path: PathBuf },
    #[error("cannot use {threads} threads: {reason}")]
    Threads { threads: u16, reason: String },
    #[error("cannot write the output: {0}; evidence and report files are not affected")]
    Output(std::io::Error),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Merge(#[from] MergeError),
    #[error(transparent)]
    Report(#[from] ReportError),
}

fn suggestion(nearest: &[String]) -> String {
    match nearest {
        [] => "; see `theoria list`".into(),
        some => format!("; did you mean {}? See `theoria list`", some.join(" or ")),
    }
}
