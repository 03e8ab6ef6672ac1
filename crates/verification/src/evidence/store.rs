//! Reading and writing evidence files.
//!
//! Evidence for `chapter/name` lies in `DIR/chapter/name.json`. Files are written whole or not at
//! all (to a temporary neighbour, then renamed), so an interrupted run leaves what was finished.

use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::evidence::{SCHEMA, TheoremEvidence, json};

/// Why evidence could not be read or written; each message names cause and cure.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The file or folder cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// Where.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The file or folder cannot be written.
    #[error("cannot write {}: {source}; {}", path.display(), cure(source))]
    Write {
        /// Where.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The file ends too early.
    #[error("{} is truncated; check the theorem again to write it anew", path.display())]
    Truncated {
        /// Where.
        path: PathBuf,
    },
    /// The file is not evidence.
    #[error("{} is not evidence of this program: {reason}; give a file that `theoria check` wrote", path.display())]
    NotEvidence {
        /// Where.
        path: PathBuf,
        /// What is wrong, with line and column.
        reason: String,
    },
    /// The file was written by another version.
    #[error(
        "{} has evidence schema {found}, and this version reads {SCHEMA}: check the theorem again, \
         or read the file with version {version}",
        path.display()
    )]
    OtherSchema {
        /// Where.
        path: PathBuf,
        /// Schema of the file.
        found: u32,
        /// Version that wrote it.
        version: String,
    },
    /// There is no evidence in the folder.
    #[error("there is no evidence in {}; run `theoria check` first", path.display())]
    Empty {
        /// Where.
        path: PathBuf,
    },
}

/// What helps against an error of writing.
fn cure(error: &std::io::Error) -> &'static str {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            "free some space or choose another folder; files that were there are as they were"
        }
        _ => "choose a folder that can be written",
    }
}

/// What every schema has had from the first on.
#[derive(Deserialize)]
struct Header {
    schema: u32,
    version: String,
}

/// The file in which `directory` keeps the evidence for a theorem.
pub fn path_of(directory: &Path, id: &str) -> PathBuf {
    directory.join(id).with_extension("json")
}

/// Writes the evidence for a theorem and returns the file's path.
///
/// # Errors
/// If the folder cannot be made or the file cannot be written; a file that was there before is
/// then left as it was.
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
    let path = path_of(directory, &evidence.id);
    let mut text = json::to_vec(evidence)
        .map_err(|source| StoreError::Write { path: path.clone(), source: source.into() })?;
    text.push(b'\n');
    write_atomically(&path, &text)?;
    Ok(path)
}

/// Writes a file whole or not at all, making its folder if need be.
///
/// # Errors
/// If the folder cannot be made or the file cannot be written; a file that was there before is
/// then left as it was.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let attempt = || -> std::io::Result<()> {
        let folder = path.parent().unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder)?;
        let mut file = tempfile::Builder::new()
            .prefix(".writing-")
            .permissions_of_a_plain_file()
            .tempfile_in(folder)?;
        file.write_all(bytes)?;
        file.as_file().sync_data()?;
        file.persist(path)?;
        Ok(())
    };
    attempt().map_err(|source| StoreError::Write { path: path.into(), source })
}

/// Temporary files are private to their owner; what they become is not meant to be.
trait PlainPermissions {
    fn permissions_of_a_plain_file(&mut self) -> &mut Self;
}

impl PlainPermissions for tempfile::Builder<'_, '_> {
    #[cfg(unix)]
    fn permissions_of_a_plain_file(&mut self) -> &mut Self {
        use std::os::unix::fs::PermissionsExt;
        self.permissions(std::fs::Permissions::from_mode(0o644))
    }

    #[cfg(not(unix))]
    fn permissions_of_a_plain_file(&mut self) -> &mut Self {
        self
    }
}

/// Reads one evidence file.
///
/// # Errors
/// If it cannot be read, is truncated, is not evidence, or has another schema.
pub fn read(path: &Path) -> Result<TheoremEvidence, StoreError> {
    let bytes =
        std::fs::read(path).map_err(|source| StoreError::Read { path: path.into(), source })?;
    let explain = |error: serde_json::Error| {
        if error.is_eof() {
            StoreError::Truncated { path: path.into() }
        } else {
            StoreError::NotEvidence { path: path.into(), reason: error.to_string() }
        }
    };
    let header: Header = serde_json::from_slice(&bytes).map_err(explain)?;
    if header.schema != SCHEMA {
        return Err(StoreError::OtherSchema {
            path: path.into(),
            found: header.schema,
            version: header.version,
        });
    }
    serde_json::from_slice(&bytes).map_err(explain)
}

/// Reads every evidence file in a folder and its chapters, ordered by path.
///
/// # Errors
/// If the folder or one of its files cannot be read (see [`read`]), or if it holds no evidence.
pub fn read_all(directory: &Path) -> Result<Vec<TheoremEvidence>, StoreError> {
    let mut files = Vec::new();
    gather(directory, 2, &mut files)?;
    if files.is_empty() {
        return Err(StoreError::Empty { path: directory.into() });
    }
    files.sort();
    files.iter().map(|file| read(file)).collect()
}

fn gather(directory: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<(), StoreError> {
    let explain = |source| StoreError::Read { path: directory.into(), source };
    for entry in std::fs::read_dir(directory).map_err(explain)? {
        let path = entry.map_err(explain)?.path();
        if path.is_dir() && depth > 1 {
            gather(&path, depth - 1, files)?;
        } else if path.extension().is_some_and(|extension| extension == "json") && depth == 1 {
            files.push(path);
        }
    }
    Ok(())
}
