//! What a reader of the answer must know about how the log was read.

use std::fmt;

/// What was left out, detected or decided while a log was read: one sentence with file, lines and counts.
///
/// ```
/// # use theoria_curves::{Selection, read};
/// # let folder = tempfile::tempdir().unwrap();
/// # let file = folder.path().join("log.csv");
/// std::fs::write(&file, "step,loss\n1,0.5\n2,\n3,0.25\n").unwrap();
/// let log = read(&[file], &Selection::default(), &mut |_| ()).unwrap();
/// assert!(log.notes.iter().any(|note| note.to_string().contains("1 of 3 rows")));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    file: String,
    others: usize,
    text: String,
}

impl Note {
    pub(crate) fn new(file: &str, text: String) -> Self {
        Self { file: file.to_owned(), others: 0, text }
    }

    /// The sentence without the file.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Adds a note to others: what is said of several files alike is said once.
    pub(crate) fn add(self, notes: &mut Vec<Self>) {
        match notes.iter_mut().find(|note| note.text == self.text && note.file != self.file) {
            Some(note) => note.others += 1,
            None => notes.push(self),
        }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.others {
            0 => write!(to, "{}: {}", self.file, self.text),
            1 => write!(to, "{} and another file: {}", self.file, self.text),
            others => write!(to, "{} and {others} other files: {}", self.file, self.text),
        }
    }
}

/// `1 row`, `2 rows`.
pub(crate) fn count(number: u64, of: &str) -> String {
    match (number, of.strip_suffix('y')) {
        (1, _) => format!("1 {of}"),
        (_, Some(stem)) if !stem.ends_with(['a', 'e', 'o']) => format!("{number} {stem}ies"),
        _ => format!("{number} {of}s"),
    }
}
