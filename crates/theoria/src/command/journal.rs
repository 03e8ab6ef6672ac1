//! What a run writes down on its way, in a file beside the evidence.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use theoria_verification::Journal;
use theoria_verification::evidence::Run;
use theoria_verification::evidence::store::{bytes_of, path_of};

use crate::command::builds::{hash_of_this_program, short};

/// A line for each block of trials, instance and figure that was finished, until the evidence of the theorem is there. A
/// run that is killed loses what it was at, and `--resume` goes on from the last whole line. Each line bears a hash of
/// itself, this build and its run, so that nothing of another build is taken over, nor of another run at the same time in the same
/// folder, nor what somebody edited since.
pub(crate) struct JournalFile {
    path: PathBuf,
    /// Of this build and what the lines are of.
    begun: Sha256,
    known: BTreeMap<String, String>,
    /// None once it cannot be written: then the run goes on without.
    file: Mutex<Option<File>>,
}

#[derive(Serialize, Deserialize)]
struct Line {
    key: String,
    value: String,
    seal: String,
}

/// What the first line says that the others are of.
#[derive(Serialize)]
struct Subject<'a> {
    theorem: &'a str,
    fingerprint: &'a str,
    run: &'a Run,
}

impl JournalFile {
    /// Of a run of a theorem with this fingerprint, in the folder of its evidence; what an earlier run left is kept if it is to
    /// be resumed. None if it cannot be kept: a run does without.
    pub(crate) fn open(
        folder: &Path,
        (theorem, fingerprint): (&str, &str),
        run: &Run,
        resume: bool,
    ) -> Option<Arc<Self>> {
        let build = hash_of_this_program()?;
        let evidence = path_of(folder, theorem);
        let name = format!(".{}.journal", evidence.file_stem()?.to_str()?);
        let path = evidence.with_file_name(name);
        std::fs::create_dir_all(path.parent()?).ok()?;
        let subject = serde_json::to_string(&Subject { theorem, fingerprint, run }).ok()?;
        let begun = build.chain_update(&subject).chain_update([0]);
        let known = if resume { known(&path, &begun, &subject) } else { None };
        let begins_anew = known.is_none();
        // Whole lines go to the end, also while another run writes.
        let file = OpenOptions::new().create(true).append(true).open(&path).ok()?;
        if begins_anew {
            file.set_len(0).ok()?;
        }
        let known = known.unwrap_or_default();
        let journal = JournalFile { path, begun, known, file: Mutex::new(Some(file)) };
        if begins_anew {
            journal.keep("", &subject);
        } else {
            // A line that was cut off ends here.
            journal.write(b"\n");
        }
        Some(Arc::new(journal))
    }

    /// The evidence is there: nothing of it is needed any more.
    pub(crate) fn finish(&self) {
        *self.file.lock().unwrap_or_else(PoisonError::into_inner) = None;
        // One that stays is of no run that is resumed, and is overwritten by the next.
        let _ = std::fs::remove_file(&self.path);
    }

    fn write(&self, line: &[u8]) {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        if file.as_mut().is_some_and(|file| file.write_all(line).is_err()) {
            *file = None;
        }
    }
}

impl Journal for JournalFile {
    fn recall(&self, key: &str) -> Option<String> {
        self.known.get(key).cloned()
    }

    fn keep(&self, key: &str, value: &str) {
        let line =
            Line { key: key.into(), value: value.into(), seal: seal(&self.begun, key, value) };
        if let Ok(mut text) = serde_json::to_string(&line) {
            text.push('\n');
            self.write(text.as_bytes());
        }
    }
}

fn seal(begun: &Sha256, key: &str, value: &str) -> String {
    short(begun.clone().chain_update(key).chain_update([0]).chain_update(value))
}

/// What the lines of an earlier run say, if they are of this one.
fn known(path: &Path, begun: &Sha256, subject: &str) -> Option<BTreeMap<String, String>> {
    let bytes = bytes_of(path).ok()?;
    let sealed = |line: &[u8]| -> Option<(String, String)> {
        let Line { key, value, seal: found } = serde_json::from_slice(line).ok()?;
        (seal(begun, &key, &value) == found).then_some((key, value))
    };
    // A line that was cut off, or edited, is none; those after it are as good as those before.
    let mut lines = bytes.split(|byte| *byte == b'\n').filter_map(sealed);
    lines.next().filter(|(key, value)| key.is_empty() && value == subject)?;
    Some(lines.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use theoria_verification::Settings;

    fn open(folder: &Path, seed: u64, resume: bool) -> Arc<JournalFile> {
        let run = Run::with(&Settings::default().with_seed(seed));
        JournalFile::open(folder, ("mine/one", "fingerprint"), &run, resume).unwrap()
    }

    #[test]
    fn what_was_kept_is_recalled_by_the_same_run_alone() {
        let folder = tempfile::tempdir().unwrap();
        open(folder.path(), 1, false).keep("/a", "\"x\ny\"");
        assert_eq!(open(folder.path(), 1, true).recall("/a").as_deref(), Some("\"x\ny\""));
        assert_eq!(open(folder.path(), 2, true).recall("/a"), None);
        assert_eq!(open(folder.path(), 1, true).recall("/a"), None, "it was begun anew");
        let journal = open(folder.path(), 1, false);
        journal.keep("/a", "1");
        journal.finish();
        assert_eq!(open(folder.path(), 1, true).recall("/a"), None);
    }

    #[test]
    fn what_another_run_wrote_at_the_same_time_is_not_recalled() {
        let folder = tempfile::tempdir().unwrap();
        let (one, other) = (open(folder.path(), 1, false), open(folder.path(), 2, false));
        for (journal, value) in [(&one, "1"), (&other, "2"), (&one, "3")] {
            journal.keep("/a", value);
        }
        drop((one, other));
        let recalled = |seed| open(folder.path(), seed, true).recall("/a");
        assert_eq!(recalled(2).as_deref(), Some("2"));
        // Its first line was lost when the other began.
        assert_eq!(recalled(1), None);
    }

    #[test]
    fn a_line_that_was_cut_off_or_edited_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let journal = open(folder.path(), 1, false);
        for key in ["/a", "/b", "/c"] {
            journal.keep(key, "12345");
        }
        drop(journal);
        let path = folder.path().join("mine/.one.journal");
        let whole = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, &whole[..whole.len() - 9]).unwrap();
        let journal = open(folder.path(), 1, true);
        assert_eq!((journal.recall("/b").is_some(), journal.recall("/c")), (true, None));
        journal.keep("/c", "6");
        drop(journal);
        let journal = open(folder.path(), 1, true);
        assert_eq!(journal.recall("/c").as_deref(), Some("6"), "it goes on in a new line");
        drop(journal);
        let edited = std::fs::read_to_string(&path).unwrap().replacen("12345", "54321", 1);
        std::fs::write(&path, edited).unwrap();
        let journal = open(folder.path(), 1, true);
        assert_eq!((journal.recall("/a"), journal.recall("/b").is_some()), (None, true));
        drop(journal);
        std::fs::write(&path, [0xff, b'\n', 0]).unwrap();
        assert_eq!(open(folder.path(), 1, true).recall("/a"), None);
    }
}
