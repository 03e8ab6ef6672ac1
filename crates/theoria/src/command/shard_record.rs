//! The folder of a shard, and what it was to do.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use theoria_verification::evidence::Run;
use theoria_verification::evidence::store::{SHARD, StoreError, bytes_of, write_atomically};
use theoria_verification::{Shard, printable};

use crate::command::error::CommandError;

/// Written before anything is checked, so that whoever merges knows what a shard that was killed still owes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ShardRecord {
    /// Seed, effort and shard.
    pub(crate) run: Run,
    /// The filters that chose the theorems.
    pub(crate) filters: Vec<String>,
    /// Ids of the theorems, each of which leaves a file.
    pub(crate) theorems: Vec<String>,
}

impl ShardRecord {
    /// Writes it into the folder of the shard.
    pub(crate) fn write(&self, folder: &Path) -> Result<(), StoreError> {
        let path = folder.join(SHARD);
        let text = serde_json::to_string_pretty(self)
            .map_err(|error| StoreError::Write { path: path.clone(), source: error.into() })?;
        write_atomically(&path, (text + "\n").as_bytes())
    }

    /// The record in a folder, if it is one of a shard.
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
        Err(CommandError::ShardRecord { path, reason })
    }
}

/// The name of the folder of a shard: shard-2-of-3.
pub(crate) fn shard_folder(shard: Shard) -> String {
    format!("shard-{}-of-{}", shard.index + 1, shard.of)
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
    }
}
