//! What runs in a folder were to check and have not, in a file beside the evidence.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use theoria_verification::evidence::Run;
use theoria_verification::evidence::store::{StoreError, UNFINISHED, bytes_of, write_atomically};
use theoria_verification::printable;

use crate::command::error::CommandError;
use crate::command::task::Task;

/// What a run has still to check. While it goes on the file names it, and so does that of a run that was killed: theorems that
/// are not there would look like theorems that nobody asked for.
pub(crate) struct Unfinished {
    folder: PathBuf,
    run: Run,
    tasks: Mutex<Vec<Task>>,
}

impl Unfinished {
    /// Before anything is checked. What an earlier run owed of the same theorems is this one's now.
    pub(crate) fn begin(folder: &Path, task: &Task) -> Result<Self, CommandError> {
        // What nobody can read any more says of no theorem that it is owed.
        let mut tasks = left_in(folder).unwrap_or_default();
        for earlier in &mut tasks {
            earlier.theorems.retain(|id| !task.theorems.contains(id));
        }
        tasks.push(task.clone());
        let run = task.run.clone();
        let unfinished = Unfinished { folder: folder.into(), run, tasks: Mutex::new(Vec::new()) };
        unfinished.write(&mut tasks)?;
        *unfinished.tasks.lock().unwrap_or_else(PoisonError::into_inner) = tasks;
        Ok(unfinished)
    }

    /// The evidence for a theorem is there.
    pub(crate) fn done(&self, id: &str) -> Result<(), StoreError> {
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        for task in tasks.iter_mut().filter(|task| task.run == self.run) {
            task.theorems.retain(|theorem| theorem != id);
        }
        self.write(&mut tasks)
    }

    fn write(&self, tasks: &mut Vec<Task>) -> Result<(), StoreError> {
        tasks.retain(|task| !task.theorems.is_empty());
        let path = self.folder.join(UNFINISHED);
        let fault = |source| StoreError::Write { path: path.clone(), source };
        if tasks.is_empty() {
            return match std::fs::remove_file(&path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(fault(error)),
                _ => Ok(()),
            };
        }
        let text = serde_json::to_string_pretty(tasks).map_err(|error| fault(error.into()))?;
        write_atomically(&path, (text + "\n").as_bytes())
    }
}

/// What runs that are no shards still owe in a folder.
///
/// # Errors
/// If there is a file that does not say so.
pub(crate) fn left_in(folder: &Path) -> Result<Vec<Task>, CommandError> {
    let path = folder.join(UNFINISHED);
    if !path.exists() {
        return Ok(Vec::new());
    }
    serde_json::from_slice(&bytes_of(&path)?).map_err(|error| CommandError::Task {
        reason: printable(&format!("it does not say what a run was to do ({error})")),
        path,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use theoria_verification::Settings;

    fn task(seed: u64, theorems: &[&str]) -> Task {
        let run = Run::with(&Settings::default().with_seed(seed));
        Task { run, filters: Vec::new(), theorems: theorems.iter().map(|&id| id.into()).collect() }
    }

    #[test]
    fn what_is_done_and_what_another_run_takes_over_is_owed_no_more() {
        let folder = tempfile::tempdir().unwrap();
        let killed = Unfinished::begin(folder.path(), &task(1, &["a/a", "a/b", "a/c"])).unwrap();
        killed.done("a/a").unwrap();
        drop(killed);
        assert_eq!(left_in(folder.path()).unwrap(), [task(1, &["a/b", "a/c"])]);
        let other = Unfinished::begin(folder.path(), &task(2, &["a/c", "a/d"])).unwrap();
        let both = [task(1, &["a/b"]), task(2, &["a/c", "a/d"])];
        assert_eq!(left_in(folder.path()).unwrap(), both);
        for id in ["a/c", "a/d"] {
            other.done(id).unwrap();
        }
        assert_eq!(left_in(folder.path()).unwrap(), [task(1, &["a/b"])]);
        Unfinished::begin(folder.path(), &task(1, &["a/b"])).unwrap().done("a/b").unwrap();
        assert!(!folder.path().join(UNFINISHED).exists());
        std::fs::write(folder.path().join(UNFINISHED), "[").unwrap();
        assert!(left_in(folder.path()).unwrap_err().to_string().contains("unfinished.json"));
        // Who checks is not kept from it.
        Unfinished::begin(folder.path(), &task(1, &["a/b"])).unwrap();
        assert_eq!(left_in(folder.path()).unwrap(), [task(1, &["a/b"])]);
    }
}
