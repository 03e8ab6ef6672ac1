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
        let seal = self.seal(theorem);
        seal.is_some() && seals.get(theorem) == seal.as_ref()
    }

    /// That this build wrote it.
    pub(crate) fn record(&self, theorem: &str) -> Result<(), StoreError> {
        let mut seals = self.seals.lock().unwrap_or_else(PoisonError::into_inner);
        let known = match self.seal(theorem) {
            Some(seal) => seals.insert(theorem.into(), seal.clone()) == Some(seal),
            None => seals.remove(theorem).is_none(),
        };
        if known {
            return Ok(());
        }
        let path = self.directory.join(BUILDS);
        let text = serde_json::to_string_pretty(&*seals)
            .map_err(|error| StoreError::Write { path: path.clone(), source: error.into() })?;
        write_atomically(&path, (text + "\n").as_bytes())
    }

    fn seal(&self, theorem: &str) -> Option<String> {
        let evidence = bytes_of(&path_of(&self.directory, theorem)).ok()?;
        Some(short(self.own.clone()?.chain_update(evidence)))
    }
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
