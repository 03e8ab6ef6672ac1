//! Files that are whole or not there.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::StoreError;

/// How the names of files begin that are being written.
const BEING_WRITTEN: &str = ".theoria-writing-";

/// How many files are being written, and whether no more may be begun.
static WRITING: AtomicUsize = AtomicUsize::new(0);
const STOPPED: usize = 1 << (usize::BITS - 1);

/// Counts a file that is being written.
struct Turn;

impl Turn {
    /// Waits for ever once writing has been stopped: the process is about to end.
    fn take() -> Turn {
        if WRITING.fetch_add(1, Ordering::AcqRel) & STOPPED == 0 {
            return Turn;
        }
        WRITING.fetch_sub(1, Ordering::AcqRel);
        loop {
            std::thread::park();
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        WRITING.fetch_sub(1, Ordering::AcqRel);
    }
}

/// Lets what this process is writing become whole, and nothing more begin: for a process that ends when it is told to, and
/// leaves no half files. After `patience` it waits no longer, as where a disk does not answer. Who writes afterwards waits for ever.
///
/// Returns whether all that was begun is whole.
pub fn stop_writing(patience: Duration) -> bool {
    let begun = Instant::now();
    WRITING.fetch_or(STOPPED, Ordering::AcqRel);
    while WRITING.load(Ordering::Acquire) != STOPPED {
        if begun.elapsed() > patience {
            return false;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    true
}

/// Writes a file whole or not at all, making its folder if need be.
///
/// # Errors
/// If the folder cannot be made or the file cannot be written; a file that was there before is
/// then left as it was.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let _turn = Turn::take();
    let attempt = || -> std::io::Result<()> {
        let folder = path.parent().unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder)?;
        let mut file = tempfile::Builder::new()
            .prefix(BEING_WRITTEN)
            .permissions_of_a_plain_file()
            .tempfile_in(folder)?;
        // The lock says that somebody lives who will finish it. Where there are no locks, leftovers stay.
        let _ = file.as_file().lock();
        file.write_all(bytes)?;
        file.as_file().sync_data()?;
        file.persist(path)?;
        Ok(())
    };
    attempt().map_err(|source| StoreError::Write { path: path.into(), source })
}

/// Removes what programs that were killed while they wrote have left in a folder and in those within. Files that
/// somebody is writing are left alone, and so is everything that cannot be removed: a leftover does no harm.
pub fn remove_leftovers(directory: &Path) {
    remove_from(directory, 2);
}

fn remove_from(directory: &Path, depth: usize) {
    for entry in std::fs::read_dir(directory).into_iter().flatten().flatten() {
        let Ok(kind) = entry.file_type() else {
            continue;
        };
        let path = entry.path();
        if kind.is_dir() && depth > 1 {
            remove_from(&path, depth - 1);
        } else if kind.is_file()
            && entry.file_name().to_string_lossy().starts_with(BEING_WRITTEN)
            && is_abandoned(&path)
        {
            let _ = std::fs::remove_file(&path);
        }
    }
}

/// Whether nobody holds its lock, which is taken right after it was made.
fn is_abandoned(path: &Path) -> bool {
    let Ok(file) = File::open(path) else {
        return false;
    };
    let age = file.metadata().and_then(|known| known.modified()).map(|time| time.elapsed());
    let just_made = !matches!(age, Ok(Ok(age)) if age > Duration::from_secs(1));
    !just_made && file.try_lock().is_ok()
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

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;

    #[test]
    fn what_a_killed_program_left_is_removed_and_what_is_being_written_stays() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("chapter");
        std::fs::create_dir(&inner).unwrap();
        let hour_ago = SystemTime::now() - Duration::from_secs(3600);
        let make = |name: &str, time: SystemTime| {
            let file = File::create(inner.join(name)).unwrap();
            file.set_modified(time).unwrap();
            file
        };
        drop(make(".theoria-writing-abc", hour_ago));
        drop(make(".theoria-writing-new", SystemTime::now()));
        drop(make("theorem.json", hour_ago));
        let alive = make(".theoria-writing-def", hour_ago);
        alive.lock().unwrap();
        remove_leftovers(folder.path());
        let mut left: Vec<_> =
            std::fs::read_dir(&inner).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, [".theoria-writing-def", ".theoria-writing-new", "theorem.json"]);
    }
}
