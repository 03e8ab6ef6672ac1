//! Reading and writing evidence files.
//!
//! Evidence for `chapter/name` lies in `DIR/chapter/name.json`. Files are written whole or not at
//! all (to a temporary neighbour, then renamed), so an interrupted run leaves what was finished.

mod error;
mod whole_file;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::evidence::read::{self, Fault};
use crate::evidence::{TheoremEvidence, json};
use crate::theorem::TheoremId;

pub use error::StoreError;
pub use whole_file::{remove_leftovers, stop_writing, write_atomically};

/// What a folder of evidence holds beside evidence: when, where and how long was run.
pub const RUN: &str = "run.json";
/// What a folder of evidence holds beside evidence: which build of a program wrote it.
pub const BUILDS: &str = "builds.json";
/// What the folder of a shard holds beside evidence: what it was to do.
pub const SHARD: &str = "shard.json";
/// What a folder of evidence holds beside evidence while a run goes on, and after one that was killed: what it was to do.
pub const UNFINISHED: &str = "unfinished.json";

/// The file in which `directory` keeps the evidence for a theorem.
pub fn path_of(directory: &Path, id: &str) -> PathBuf {
    directory.join(id).with_extension("json")
}

/// Writes the evidence for a theorem and returns the file's path.
///
/// # Errors
/// If the folder cannot be made or the file cannot be written; a file that was there before is
/// then left as it was. Also if this program has already written evidence for another theorem of the same id into the
/// folder.
///
/// ```
/// use theoria_verification::{Settings, Theorem, evidence::store};
/// let folder = tempfile::tempdir()?;
/// let evidence = Theorem::new("examples/nothing", "# Nothing").check(&Settings::default());
/// let path = store::write(folder.path(), &evidence)?;
/// assert_eq!(store::read(&path)?, evidence);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn write(directory: &Path, evidence: &TheoremEvidence) -> Result<PathBuf, StoreError> {
    let id = || evidence.id.clone();
    if TheoremId::parse(&evidence.id).is_none() {
        return Err(StoreError::Id { id: id() });
    }
    let path = path_of(directory, &evidence.id);
    if !is_the_only_one(&path, &evidence.fingerprint) {
        return Err(StoreError::SameId { id: id() });
    }
    write_atomically(&path, &text_of(&path, evidence)?)?;
    Ok(path)
}

/// The bytes of the file in which [`write()`] keeps this evidence in a folder, for who has to know them before they are there.
///
/// # Errors
/// If they cannot be made.
pub fn bytes_for(directory: &Path, evidence: &TheoremEvidence) -> Result<Vec<u8>, StoreError> {
    text_of(&path_of(directory, &evidence.id), evidence)
}

fn text_of(path: &Path, evidence: &TheoremEvidence) -> Result<Vec<u8>, StoreError> {
    let mut text = json::to_vec(evidence)
        .map_err(|source| StoreError::Write { path: path.into(), source: source.into() })?;
    text.push(b'\n');
    Ok(text)
}

/// Whether this program has written nothing there yet but evidence for the same theorem.
fn is_the_only_one(path: &Path, fingerprint: &str) -> bool {
    static WRITTEN: Mutex<BTreeMap<PathBuf, String>> = Mutex::new(BTreeMap::new());
    let mut written = WRITTEN.lock().unwrap_or_else(PoisonError::into_inner);
    written.entry(path.into()).or_insert_with(|| fingerprint.into()) == fingerprint
}

/// Reads one evidence file. Nothing in it is trusted: what follows from something else (verdicts from findings,
/// findings on trials from their records) is derived again, and texts lose what a terminal would act on.
///
/// # Errors
/// If it cannot be read, is no plain file, is truncated, is not evidence, has another schema, or contradicts
/// itself.
pub fn read(path: &Path) -> Result<TheoremEvidence, StoreError> {
    understood(path, &bytes_of(path)?)
}

/// Reads the evidence for a theorem in a folder.
///
/// # Errors
/// As [`read`]; also if what lies there is evidence for another theorem.
pub fn read_of(directory: &Path, id: &str) -> Result<TheoremEvidence, StoreError> {
    let path = path_of(directory, id);
    let evidence = read(&path)?;
    if evidence.id == id { Ok(evidence) } else { Err(misplaced(path, evidence)) }
}

/// What a folder holds.
#[derive(Debug)]
pub struct Found {
    /// The evidence, ordered by path.
    pub evidence: Vec<TheoremEvidence>,
    /// Where each piece of it lies.
    pub paths: Vec<PathBuf>,
    /// Files with the ending of evidence that hold something else.
    pub foreign: Vec<PathBuf>,
}

/// Reads every evidence file in a folder, in its chapters, or, of a chapter's folder, in itself. Files of something
/// else are left alone.
///
/// # Errors
/// If the folder or a file of evidence cannot be read (see [`read`]), lies under another id than its own, or if
/// there is no evidence.
pub fn read_all(directory: &Path) -> Result<Found, StoreError> {
    let mut files = Vec::new();
    gather(directory, 2, &mut files)?;
    files.sort();
    let mut found = Found { evidence: Vec::new(), paths: Vec::new(), foreign: Vec::new() };
    for path in files {
        let bytes = bytes_of(&path)?;
        if read::is_foreign(&bytes) {
            found.foreign.push(path);
            continue;
        }
        let evidence = understood(&path, &bytes)?;
        let below = path.strip_prefix(directory).unwrap_or(&path).with_extension("");
        if !Path::new(&evidence.id).ends_with(below) {
            return Err(misplaced(path, evidence));
        }
        found.evidence.push(evidence);
        found.paths.push(path);
    }
    match (found.evidence.is_empty(), found.foreign.first()) {
        // A folder of something else: what its first file is instead says most.
        (true, Some(first)) => Err(understood(first, &bytes_of(first)?)
            .map_or_else(|error| error, |_| StoreError::Empty { path: directory.into() })),
        (true, None) => Err(StoreError::Empty { path: directory.into() }),
        (false, _) => Ok(found),
    }
}

fn misplaced(path: PathBuf, evidence: TheoremEvidence) -> StoreError {
    StoreError::Misplaced { path, id: evidence.id }
}

/// Evidence is not nearly as large.
const MOST_BYTES: u64 = 1 << 30;

/// The bytes of a plain file of a size that evidence, or what lies beside it, can have.
///
/// # Errors
/// If it cannot be read, is no plain file (reading a pipe would wait for somebody to write into it), or is too large.
pub fn bytes_of(path: &Path) -> Result<Vec<u8>, StoreError> {
    let explain = |source| StoreError::Read { path: path.into(), source };
    let known = std::fs::metadata(path).map_err(explain)?;
    if !known.is_file() {
        return Err(StoreError::NoPlainFile { path: path.into() });
    }
    if known.len() > MOST_BYTES {
        let reason = "it is larger than evidence can be".into();
        return Err(StoreError::NotEvidence { path: path.into(), reason });
    }
    std::fs::read(path).map_err(explain)
}

fn understood(path: &Path, bytes: &[u8]) -> Result<TheoremEvidence, StoreError> {
    let path = path.to_owned();
    read::parse(bytes).map_err(|fault| match fault {
        Fault::Truncated => StoreError::Truncated { path },
        Fault::NotEvidence(reason) => StoreError::NotEvidence { path, reason },
        Fault::OtherSchema { found, version } => StoreError::OtherSchema { path, found, version },
        Fault::Contradiction(reason) => StoreError::Contradiction { path, reason },
    })
}

/// Plain files that end as evidence does, in the folder and in those within.
fn gather(directory: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<(), StoreError> {
    let explain = |source| StoreError::Read { path: directory.into(), source };
    for entry in std::fs::read_dir(directory).map_err(explain)? {
        let path = entry.map_err(explain)?.path();
        if path.is_dir() && depth > 1 {
            gather(&path, depth - 1, files)?;
        } else if path.extension().is_some_and(|extension| extension == "json")
            && path.is_file()
            && !path
                .file_name()
                .is_some_and(|name| [RUN, BUILDS, SHARD, UNFINISHED].iter().any(|it| name == *it))
        {
            files.push(path);
        }
    }
    Ok(())
}
