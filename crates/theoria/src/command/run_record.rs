//! What is worth knowing of a run and is not evidence: when, where, how long.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};
use theoria_verification::evidence::store::{RUN, StoreError, bytes_of, write_atomically};

/// Kept beside the evidence, in a file of its own, so that evidence stays the same to the byte.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct RunRecord {
    /// Date and time of the end of the run, UTC.
    pub(crate) date: String,
    /// Operating system and architecture.
    pub(crate) machine: String,
    /// Number of threads.
    pub(crate) threads: usize,
    /// Wall-clock seconds of the whole run.
    pub(crate) seconds: f64,
    /// Seconds each theorem took, from its start to its end, beside others.
    pub(crate) theorems: BTreeMap<String, f64>,
}

impl RunRecord {
    /// A run that ends now.
    pub(crate) fn ending_now(elapsed: Duration, theorems: BTreeMap<String, f64>) -> Self {
        RunRecord {
            date: humantime::format_rfc3339_seconds(SystemTime::now()).to_string(),
            machine: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
            threads: rayon::current_num_threads(),
            seconds: elapsed.as_secs_f64(),
            theorems,
        }
    }

    /// Writes the record beside the evidence in `directory`.
    pub(crate) fn write(&self, directory: &Path) -> Result<(), StoreError> {
        let path = directory.join(RUN);
        let text = serde_json::to_string_pretty(self)
            .map_err(|error| StoreError::Write { path: path.clone(), source: error.into() })?;
        write_atomically(&path, (text + "\n").as_bytes())
    }

    /// The record in `directory`, if there is one that can be read: a report does without.
    pub(crate) fn read(directory: &Path) -> Option<Self> {
        serde_json::from_slice(&bytes_of(&directory.join(RUN)).ok()?).ok()
    }
}
