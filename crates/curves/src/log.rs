//! What was read.

use crate::Note;

/// What was read of a log.
///
/// ```
/// # use theoria_curves::{Selection, read};
/// # let folder = tempfile::tempdir().unwrap();
/// # let file = folder.path().join("log.csv");
/// std::fs::write(&file, "Epoch;Loss\n1;0,5\n2;0,25\n").unwrap();
/// let log = read(&[file], &Selection::default(), &mut |_| ()).unwrap();
/// assert_eq!((log.step_name.as_str(), log.value_name.as_str()), ("Epoch", "Loss"));
/// assert!(log.notes.iter().any(|note| note.to_string().contains("decimal comma")));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Log {
    /// The runs, in the order in which they first appear; their names are distinct.
    pub runs: Vec<Run>,
    /// What the values are called.
    pub value_name: String,
    /// What the steps are called.
    pub step_name: String,
    /// What was left out, detected or decided.
    pub notes: Vec<Note>,
}

/// One curve: the values that were logged while a model was trained once.
///
/// ```
/// # use theoria_curves::{Selection, read};
/// # let folder = tempfile::tempdir().unwrap();
/// # let file = folder.path().join("log.csv");
/// std::fs::write(&file, "step,loss\n1,0.5\n2,inf\n").unwrap();
/// let log = read(&[file], &Selection::default(), &mut |_| ()).unwrap();
/// assert_eq!((log.runs[0].name.as_str(), log.runs[0].diverged), ("log", Some(2.0)));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// What it is called.
    pub name: String,
    /// The group that it is of.
    pub group: Option<String>,
    /// The steps, strictly increasing.
    pub steps: Vec<f64>,
    /// The values at these steps: finite, at most 1e150 in size.
    pub values: Vec<f64>,
    /// The step from which on it is not finite, or beyond 1e150 in size; it is beyond all `steps`.
    pub diverged: Option<f64>,
}
