//! Which build of a program wrote which evidence.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use sha2::{Digest, Sha256};
use theoria_verification::evidence::store::{BUILDS, StoreError, write_atomically};

/// Kept beside the evidence, and no part of it: a fingerprint of a theorem knows what is declared, not what its
/// experiments compute. What another build wrote is not resumed.
pub(crate) struct Builds {
    file: PathBuf,
    /// The hash of this program; none if it cannot be read.
    own: Option<String>,
    by_theorem: Mutex<BTreeMap<String, String>>,
}

impl Builds {
    /// Of the evidence in this folder.
    pub(crate) fn of(directory: &Path) -> Self {
        let file = directory.join(BUILDS);
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        Builds {
            file,
            own: hash_of_this_program(),
            by_theorem: Mutex::new(serde_json::from_str(&text).unwrap_or_default()),
        }
    }

    /// Whether this build wrote the evidence for a theorem.
    pub(crate) fn is_own(&self, theorem: &str) -> bool {
        let known = self.by_theorem.lock().unwrap_or_else(PoisonError::into_inner);
        self.own.is_some() && known.get(theorem) == self.own.as_ref()
    }

    /// That this build wrote it.
    pub(crate) fn record(&self, theorem: &str) -> Result<(), StoreError> {
        let mut known = self.by_theorem.lock().unwrap_or_else(PoisonError::into_inner);
        match &self.own {
            Some(own) if known.get(theorem) == Some(own) => return Ok(()),
            Some(own) => known.insert(theorem.into(), own.clone()),
            None => known.remove(theorem),
        };
        let text = serde_json::to_string_pretty(&*known)
            .map_err(|error| StoreError::Write { path: self.file.clone(), source: error.into() })?;
        write_atomically(&self.file, (text + "\n").as_bytes())
    }
}

fn hash_of_this_program() -> Option<String> {
    let program = std::fs::read(std::env::current_exe().ok()?).ok()?;
    let hash = Sha256::digest(program);
    Some(hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect())
}
