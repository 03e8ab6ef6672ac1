//! Which build of a program wrote which evidence.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

use sha2::{Digest, Sha256};
use theoria_verification::evidence::store::{
    BUILDS, StoreError, bytes_of, path_of, write_atomically,
};

/// Kept beside the evidence, and no part of it: a fingerprint of a theorem knows what is declared, not what its
/// experiments compute. What another build wrote, or somebody edited since, is not resumed.
pub(crate) struct Builds {
    directory: PathBuf,
    /// The bytes of this program, hashed; none if they cannot be read.
    own: Option<Sha256>,
    /// Hashes of program and file together, by theorem.
    seals: Mutex<BTreeMap<String, String>>,
}

impl Builds {
    /// Of the evidence in this folder.
    pub(crate) fn of(directory: &Path) -> Self {
        let bytes = bytes_of(&directory.join(BUILDS)).unwrap_or_default();
        Builds {
            directory: directory.into(),
            own: hash_of_this_program(),
            seals: Mutex::new(serde_json::from_slice(&bytes).unwrap_or_default()),
        }
    }

    /// Whether this build wrote the evidence for a theorem as it is.
    pub(crate) fn is_own(&self, theorem: &str) -> bool {
        let seals = self.seals.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(seal) = self.seal(theorem) else { return false };
        [theorem, &coming(theorem)].iter().any(|key| seals.get(*key) == Some(&seal))
    }

    /// That this build is about to write these bytes as evidence for a theorem, whatever is there until then: one that is killed
    /// before it says that they are there is known to have written either.
    pub(crate) fn announce(&self, theorem: &str, bytes: &[u8]) -> Result<(), StoreError> {
        let mut seals = self.seals.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = self.own.clone() {
            seals.insert(coming(theorem), short(own.chain_update(bytes)));
        }
        self.write(&seals)
    }

    /// That this build wrote it.
    pub(crate) fn record(&self, theorem: &str) -> Result<(), StoreError> {
        let mut seals = self.seals.lock().unwrap_or_else(PoisonError::into_inner);
        let was_coming = seals.remove(&coming(theorem)).is_some();
        let known = match self.seal(theorem) {
            Some(seal) => seals.insert(theorem.into(), seal.clone()) == Some(seal),
            None => seals.remove(theorem).is_none(),
        };
        if known && !was_coming {
            return Ok(());
        }
        self.write(&seals)
    }

    fn write(&self, seals: &BTreeMap<String, String>) -> Result<(), StoreError> {
        let path = self.directory.join(BUILDS);
        let text = serde_json::to_string_pretty(seals)
            .map_err(|error| StoreError::Write { path: path.clone(), source: error.into() })?;
        write_atomically(&path, (text + "\n").as_bytes())
    }

    fn seal(&self, theorem: &str) -> Option<String> {
        let evidence = bytes_of(&path_of(&self.directory, theorem)).ok()?;
        Some(short(self.own.clone()?.chain_update(evidence)))
    }
}

/// What the evidence that is about to be written is kept under; no theorem is called so.
fn coming(theorem: &str) -> String {
    format!("{theorem} (coming)")
}

/// This build, as a hash of the program; none if that cannot be read.
pub(crate) fn this_build() -> Option<String> {
    Some(short(hash_of_this_program()?))
}

/// As many digits as tell any two apart.
pub(crate) fn short(hash: Sha256) -> String {
    hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// The bytes of this program, hashed, to go on with; read once.
pub(crate) fn hash_of_this_program() -> Option<Sha256> {
    static OWN: OnceLock<Option<Sha256>> = OnceLock::new();
    let read = || {
        let program = std::fs::read(std::env::current_exe().ok()?).ok()?;
        Some(Sha256::new_with_prefix(program))
    };
    OWN.get_or_init(read).clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_announced_is_own_before_and_after_it_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = path_of(folder.path(), "mine/one");
        write_atomically(&path, b"old").unwrap();
        let builds = || Builds::of(folder.path());
        assert!(!builds().is_own("mine/one"));
        builds().record("mine/one").unwrap();
        builds().announce("mine/one", b"new").unwrap();
        assert!(builds().is_own("mine/one"), "killed before it was there");
        write_atomically(&path, b"new").unwrap();
        assert!(builds().is_own("mine/one"), "killed after it was there");
        builds().record("mine/one").unwrap();
        assert!(builds().is_own("mine/one"));
        write_atomically(&path, b"old").unwrap();
        assert!(!builds().is_own("mine/one"), "what is over is over");
    }
}
