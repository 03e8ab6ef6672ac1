//! Submissions, and copies of them that are safe to run.

use std::fs::{self, DirEntry};
use std::path::{Path, PathBuf};

use super::{GradeError, at};
use crate::isolation::{give_to, set_mode};
use crate::submission;

/// No submission has more files, or more bytes.
const MOST_FILES: usize = 2000;
const MOST_BYTES: u64 = 64 << 20;

/// A folder that somebody handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    /// The name of its folder.
    pub name: String,
    /// The folder.
    pub folder: PathBuf,
}

/// All submissions in a folder, by name: itself, if it holds a solution, else each folder in it.
pub(super) fn find(folder: &Path, any: bool) -> Result<Vec<Submission>, GradeError> {
    let name = |path: &Path| {
        path.file_name()
            .map_or_else(|| "submission".into(), |name| name.to_string_lossy().into_owned())
    };
    let entries: Vec<DirEntry> =
        fs::read_dir(folder).and_then(Iterator::collect).map_err(at(folder))?;
    let is_folder = |entry: &&DirEntry| entry.file_type().is_ok_and(|kind| kind.is_dir());
    let is_solution = submission::language(folder).is_ok();
    let mut found: Vec<Submission> =
        match is_solution || (any && !entries.iter().any(|e| is_folder(&e))) {
            true => {
                let real = folder.canonicalize().map_err(at(folder))?;
                vec![Submission { name: name(&real), folder: real }]
            }
            false => entries
                .iter()
                .filter(is_folder)
                .filter(|entry| !entry.file_name().to_string_lossy().starts_with('.'))
                .map(|entry| Submission { name: name(&entry.path()), folder: entry.path() })
                .collect(),
        };
    found.sort_by(|a, b| a.name.cmp(&b.name));
    if found.is_empty() {
        return Err(GradeError::NoSubmissions { folder: folder.into() });
    }
    Ok(found)
}

/// Whether it may be executed, by somebody.
#[cfg(unix)]
pub(super) fn is_executable(data: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    data.permissions().mode() & 0o111 != 0
}

#[cfg(not(unix))]
pub(super) fn is_executable(_: &fs::Metadata) -> bool {
    true
}

/// Copies what a submission holds into an empty folder, for a user of its own. Links are not followed and not copied; what is no
/// file and no folder is refused, as is too much of it.
///
/// # Errors
/// In words for the student.
pub(super) fn copy(from: &Path, to: &Path, user: Option<u32>) -> Result<(), String> {
    let (mut files, mut bytes) = (0, 0);
    let mut waiting = vec![(from.to_owned(), to.to_owned())];
    while let Some((from, to)) = waiting.pop() {
        let failed = |error: std::io::Error| format!("{}: {error}", from.display());
        for entry in fs::read_dir(&from).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let (source, target) = (entry.path(), to.join(entry.file_name()));
            // Of the entry itself, not of what a link leads to.
            let data = fs::symlink_metadata(&source).map_err(failed)?;
            (files, bytes) = (files + 1, bytes + if data.is_file() { data.len() } else { 0 });
            if files > MOST_FILES || bytes > MOST_BYTES {
                return Err(format!(
                    "the submission holds more than {MOST_FILES} files or {} MiB",
                    MOST_BYTES >> 20
                ));
            }
            if data.is_dir() {
                // What was built at home is built again here.
                if entry.file_name() == "target" || entry.file_name() == ".git" {
                    continue;
                }
                fs::create_dir(&target).map_err(failed)?;
                waiting.push((source, target.clone()));
            } else if data.is_file() {
                fs::copy(&source, &target).map_err(failed)?;
                let mode = if is_executable(&data) { 0o755 } else { 0o644 };
                set_mode(&target, mode).map_err(failed)?;
            } else if !data.is_symlink() {
                let name = source.display();
                return Err(format!(
                    "{name} is neither a file nor a folder (a pipe, a device): it is refused"
                ));
            } else {
                continue;
            }
            give_to(&target, user).map_err(failed)?;
        }
    }
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn links_are_not_followed_and_pipes_are_refused() {
        let (from, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::create_dir(from.path().join("part")).unwrap();
        fs::write(from.path().join("part/solution.py"), "pass").unwrap();
        std::os::unix::fs::symlink("/etc/passwd", from.path().join("stolen")).unwrap();
        copy(from.path(), to.path(), None).unwrap();
        assert_eq!(fs::read_to_string(to.path().join("part/solution.py")).unwrap(), "pass");
        assert!(fs::symlink_metadata(to.path().join("stolen")).is_err());

        let pipe = from.path().join("pipe");
        let _socket = std::os::unix::net::UnixListener::bind(&pipe).unwrap();
        let to = tempfile::tempdir().unwrap();
        let refused = copy(from.path(), to.path(), None).unwrap_err();
        assert!(refused.contains("neither a file nor a folder"), "{refused}");
    }

    #[test]
    fn a_submission_is_found_by_itself_or_among_others() {
        let folder = tempfile::tempdir().unwrap();
        let missing = find(folder.path(), false).unwrap_err();
        assert!(missing.to_string().contains("holds no submission"), "{missing}");
        for name in ["b", "a", ".hidden"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        let names = |folder: &Path| -> Vec<String> {
            find(folder, false).unwrap().into_iter().map(|one| one.name).collect()
        };
        assert_eq!(names(folder.path()), ["a", "b"]);
        fs::write(folder.path().join("a/solution.py"), "").unwrap();
        assert_eq!(names(&folder.path().join("a")), ["a"]);
    }
}
