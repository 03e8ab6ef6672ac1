//! Logs that are written and read again.

use std::path::PathBuf;

use theoria_curves::{Fault, Log, Selection, read};

/// The files of logs as people have them.
pub(crate) const LOGS: [&str; 10] = [
    "cut_off.csv",
    "decimal_comma.csv",
    "diverged_runs.csv",
    "epochs_from_zero.csv",
    "header_again.csv",
    "log_history.json",
    "padded_header.csv",
    "resumed_overlap.csv",
    "sparse_columns.csv",
    "wide_runs.csv",
];

pub(crate) fn path(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "tests", "logs", name].iter().collect()
}

/// Reads files of these names and contents.
pub(crate) fn read_files(files: &[(&str, &[u8])], selection: &Selection) -> Result<Log, Fault> {
    let folder = tempfile::tempdir().expect("a folder");
    let mut paths = Vec::new();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("it is in a folder")).expect("a folder");
        std::fs::write(&path, bytes).expect("a file");
        paths.push(path);
    }
    read(&paths, selection, &mut |_| ())
}

pub(crate) fn read_bytes(bytes: &[u8], selection: &Selection) -> Result<Log, Fault> {
    read_files(&[("log.csv", bytes)], selection)
}

/// What must be readable, with nothing said of how.
pub(crate) fn found(text: &str) -> Log {
    read_bytes(text.as_bytes(), &Selection::default()).unwrap_or_else(|fault| panic!("{fault}"))
}

pub(crate) fn with(text: &str, selection: &Selection) -> Log {
    read_bytes(text.as_bytes(), selection).unwrap_or_else(|fault| panic!("{fault}"))
}

pub(crate) fn value(name: &str) -> Selection {
    Selection { value: name.parse().ok(), ..Selection::default() }
}

pub(crate) fn names(log: &Log) -> Vec<&str> {
    log.runs.iter().map(|run| run.name.as_str()).collect()
}

pub(crate) fn groups(log: &Log) -> Vec<Option<&str>> {
    log.runs.iter().map(|run| run.group.as_deref()).collect()
}

/// The points of a run.
pub(crate) fn points(log: &Log, run: usize) -> Vec<(f64, f64)> {
    log.runs[run].steps.iter().copied().zip(log.runs[run].values.iter().copied()).collect()
}

pub(crate) fn says(log: &Log, what: &str) {
    let notes = log.notes.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert!(notes.iter().any(|note| note.contains(what)), "{what}: {notes:#?}");
}

/// What holds of everything that is read.
pub(crate) fn is_sound(log: &Log) {
    assert!(!log.runs.is_empty());
    for (index, run) in log.runs.iter().enumerate() {
        assert!(log.runs[..index].iter().all(|other| other.name != run.name), "{}", run.name);
        assert_eq!(run.steps.len(), run.values.len());
        assert!(run.steps.iter().all(|step| step.is_finite()));
        assert!(run.steps.is_sorted_by(|a, b| a < b));
        assert!(run.values.iter().all(|value| value.abs() <= 1e150));
        assert!(!run.steps.is_empty() || run.diverged.is_some());
        let last = run.steps.last().copied().unwrap_or(f64::NEG_INFINITY);
        assert!(run.diverged.is_none_or(|diverged| diverged.is_finite() && diverged > last));
    }
}
