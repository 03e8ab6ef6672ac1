//! What a student has come to, kept beside the solution.

use std::collections::BTreeSet;
use std::path::Path;

use serde::{Deserialize, Serialize};

/// The file in the folder of the solution. Whoever deletes it begins anew and loses nothing else.
const FILE: &str = ".theoria-progress.json";

/// Checks that have held, and hints that were given.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Progress {
    /// The checks that held when they were last run.
    pub holding: BTreeSet<String>,
    /// How many hints were given.
    pub hints: usize,
}

impl Progress {
    /// Of this folder; none yet where there is no file of it that can be read.
    pub fn of(folder: &Path) -> Self {
        let text = std::fs::read_to_string(folder.join(FILE)).unwrap_or_default();
        serde_json::from_str(&text).unwrap_or_default()
    }

    /// Keeps it.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn keep(&self, folder: &Path) -> std::io::Result<()> {
        let text = serde_json::to_string_pretty(self).unwrap_or_default() + "\n";
        std::fs::write(folder.join(FILE), text)
    }
}
