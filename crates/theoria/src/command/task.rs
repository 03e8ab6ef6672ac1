//! What a run was to do, and the folders of shards.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use theoria_verification::evidence::Run;
use theoria_verification::evidence::store::{SHARD, StoreError, bytes_of, write_atomically};
use theoria_verification::{Shard, printable};

use crate::command::error::CommandError;

/// Written before anything is checked, so that whoever reads the folder knows what a run that was killed still owes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Task {
    /// Seed, effort and shard.
    pub(crate) run: Run,
    /// The filters that chose the theorems.
    pub(crate) filters: Vec<String>,
    /// Ids of the theorems, each of which leaves a file; of a run that is no shard, those that have not yet.
    pub(crate) theorems: Vec<String>,
}

impl Task {
    /// Writes that of a shard into its folder.
    pub(crate) fn write(&self, folder: &Path) -> Result<(), StoreError> {
        let path = folder.join(SHARD);
        let text = serde_json::to_string_pretty(self)
            .map_err(|error| StoreError::Write { path: path.clone(), source: error.into() })?;
        write_atomically(&path, (text + "\n").as_bytes())
    }

    /// What the shard was to do whose folder this is, if it is one of a shard.
    pub(crate) fn read(folder: &Path) -> Result<Option<Self>, CommandError> {
        let path = folder.join(SHARD);
        if !path.exists() {
            return Ok(None);
        }
        let read: Result<Self, _> = serde_json::from_slice(&bytes_of(&path)?);
        let reason = match read {
            Ok(record) if record.run.shard.is_some_and(|shard| shard.is_sound()) => {
                return Ok(Some(record));
            }
            Ok(_) => "it names no shard that can be".into(),
            Err(error) => printable(&format!("it does not say what the shard was to do ({error})")),
        };
        Err(CommandError::Task { path, reason })
    }
}

/// The name of the folder of a shard: shard-2-of-3.
pub(crate) fn shard_folder(shard: Shard) -> String {
    format!("shard-{}-of-{}", shard.index + 1, shard.of)
}

/// The shard whose folder this is, by what it was to do, or by its name where that is not there yet.
pub(crate) fn shard_of(folder: &Path) -> Option<Shard> {
    if let Ok(Some(task)) = Task::read(folder) {
        return task.run.shard;
    }
    // `.` has a name too.
    let folder = folder.canonicalize().or_else(|_| std::path::absolute(folder)).ok()?;
    shard_called(folder.file_name()?.to_str()?)
}

/// The folders of shards within a folder, in the order of their names.
pub(crate) fn shard_folders(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = entries
        .filter(|entry| entry.file_name().to_str().is_some_and(is_name))
        .map(|entry| entry.path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    folders
}

fn is_name(name: &str) -> bool {
    let numbers = name.strip_prefix("shard-").and_then(|rest| rest.split_once("-of-"));
    numbers.is_some_and(|(index, of)| index.parse::<usize>().is_ok() && of.parse::<usize>().is_ok())
}

fn shard_called(name: &str) -> Option<Shard> {
    let (index, of) = name.strip_prefix("shard-")?.split_once("-of-")?;
    let shard = Shard { index: index.parse::<usize>().ok()?.checked_sub(1)?, of: of.parse().ok()? };
    Some(shard).filter(Shard::is_sound)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_of_shards_are_known_by_their_names() {
        assert_eq!(shard_folder(Shard { index: 1, of: 3 }), "shard-2-of-3");
        for (name, known) in [
            ("shard-2-of-3", true),
            ("shard-10-of-16", true),
            ("shard-of", false),
            ("shard-a-of-3", false),
            ("convergence", false),
        ] {
            assert_eq!(is_name(name), known, "{name}");
        }
        assert_eq!(shard_called("shard-2-of-3"), Some(Shard { index: 1, of: 3 }));
        for none in ["shard-0-of-3", "shard-4-of-3", "shard-1-of-x", "mine"] {
            assert_eq!(shard_called(none), None, "{none}");
        }
    }
}
