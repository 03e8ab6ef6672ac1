//! `theoria check --deepen`.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use theoria_verification::evidence::store::{StoreError, bytes_of, path_of, write_atomically};
use theoria_verification::evidence::{Run, TheoremEvidence, store};
use theoria_verification::{Journal, Settings, Theorem};

use crate::command::arguments::Check;
use crate::command::builds::Builds;
use crate::command::catalogue::Catalogue;
use crate::command::check::{exit_code, print, use_threads};
use crate::command::error::CommandError;
use crate::command::journal::JournalFile;
use crate::command::selection::select;
use crate::command::signals::on_signal;
use crate::command::task::shard_folders;
use crate::command::terminal::{Progress, remark, say};

/// How deep each theorem is to be, beside the evidence until all of them are: a deepening that was killed is
/// finished by the next, and does not begin another.
#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize)]
struct Targets(BTreeMap<String, u32>);

const TARGETS: &str = ".deepening";

impl Targets {
    /// What deepenings that were killed have left in a folder.
    fn left_in(folder: &Path) -> Self {
        let bytes = bytes_of(&folder.join(TARGETS)).unwrap_or_default();
        serde_json::from_slice(&bytes).unwrap_or_default()
    }

    /// Whether one that was killed was to deepen any of these theorems, if only to say that it had.
    fn know(&self, evidence: &[(Theorem, TheoremEvidence)]) -> bool {
        evidence.iter().any(|(_, evidence)| self.0.contains_key(&evidence.id))
    }

    /// With once more for each of these theorems that is open.
    fn with_what_is_open(mut self, evidence: &[(Theorem, TheoremEvidence)]) -> Self {
        let open = evidence.iter().filter(|(_, evidence)| evidence.is_open());
        self.0.extend(open.map(|(_, it)| (it.id.clone(), depth(it).saturating_add(1))));
        self
    }

    fn is_due(&self, evidence: &TheoremEvidence) -> bool {
        self.0.get(&evidence.id).is_some_and(|target| *target > depth(evidence))
    }

    /// What is left once these theorems are as deep as they were to be.
    fn without(mut self, evidence: &[TheoremEvidence]) -> Self {
        self.0.retain(|id, _| evidence.iter().all(|evidence| evidence.id != *id));
        self
    }

    fn write(&self, folder: &Path) -> Result<(), CommandError> {
        let path = folder.join(TARGETS);
        if self.0.is_empty() {
            return match std::fs::remove_file(&path) {
                Err(source) if source.kind() != ErrorKind::NotFound => {
                    Err(CommandError::Remove { path, source })
                }
                _ => Ok(()),
            };
        }
        let text = serde_json::to_string_pretty(self)
            .map_err(|error| StoreError::Write { path: path.clone(), source: error.into() })?;
        Ok(write_atomically(&path, (text + "\n").as_bytes())?)
    }
}

fn depth(evidence: &TheoremEvidence) -> u32 {
    evidence.runs.first().map_or(0, |run| run.deepened)
}

/// Theorems that are deepened and whose evidence is written.
static FINISHED: AtomicUsize = AtomicUsize::new(0);

/// Adds as many trials as there are to every instance in a folder of evidence that they leave open, and prints the table.
pub(crate) fn deepen(
    catalogue: &Catalogue,
    arguments: &Check,
    folder: &Path,
) -> Result<ExitCode, CommandError> {
    let theorems = select(&catalogue.theorems, &arguments.filters)?;
    use_threads(arguments.run.threads)?;
    on_signal(|| {
        let finished = FINISHED.load(Ordering::Relaxed);
        format!(
            "\ninterrupted: {finished} theorems are deepened, the evidence of the others is as it was; the same command goes on from there"
        )
    });
    if !shard_folders(folder).is_empty() {
        return Err(CommandError::DeepenShards { path: folder.into() });
    }
    let evidence = found(&theorems, folder)?;
    store::remove_leftovers(folder);
    let left = Targets::left_in(folder);
    let goes_on = left.know(&evidence);
    let targets = if goes_on { left } else { left.with_what_is_open(&evidence) };
    let due = evidence.iter().filter(|(_, evidence)| targets.is_due(evidence)).count();
    match (goes_on, due) {
        (true, 0) => remark(format_args!(
            "the deepening that was interrupted had come to its end: call it again for more trials"
        )),
        (true, _) => remark(format_args!("goes on with the deepening that was interrupted")),
        (false, 0) => remark(format_args!("nothing is open that more trials could decide")),
        (false, _) => {}
    }
    targets.write(folder)?;
    let builds = Builds::of(folder);
    let progress = Progress::new(evidence.len());
    let deepened: Vec<TheoremEvidence> = evidence
        .into_par_iter()
        .map(|(theorem, evidence)| {
            let began = Instant::now();
            let due = targets.is_due(&evidence);
            let evidence = if due { one(&theorem, &evidence, folder, &builds)? } else { evidence };
            FINISHED.fetch_add(usize::from(due), Ordering::Relaxed);
            progress.done(&evidence, began.elapsed());
            Ok(evidence)
        })
        .collect::<Result<_, CommandError>>()?;
    progress.finish();
    let run = deepened.iter().find_map(|evidence| evidence.runs.first());
    let settings = run.map_or_else(Settings::default, |run| Settings {
        seed: run.seed,
        effort: run.effort,
        ..Settings::default()
    });
    let code = if deepened.iter().any(TheoremEvidence::is_incomplete) {
        say!("\n{due} of {} theorems of this shard were deepened", deepened.len())?;
        ExitCode::SUCCESS
    } else {
        print(&deepened, &settings, folder, arguments.run.verbose)?;
        exit_code(&deepened)
    };
    // At the very end: who was killed before the verdicts were told gets them from the next call, and no other deepening.
    targets.without(&deepened).write(folder)?;
    Ok(code)
}

/// The evidence that there is of these theorems.
fn found(
    theorems: &[Theorem],
    folder: &Path,
) -> Result<Vec<(Theorem, TheoremEvidence)>, CommandError> {
    let mut all = Vec::new();
    for theorem in theorems {
        let id = theorem.id().to_string();
        if path_of(folder, &id).exists() {
            all.push((theorem.clone(), store::read_of(folder, &id)?));
        }
    }
    if all.is_empty() {
        let path = PathBuf::from(folder);
        return Err(if folder.exists() {
            CommandError::NothingToDeepen { path }
        } else {
            CommandError::NoEvidence { path }
        });
    }
    Ok(all)
}

fn one(
    theorem: &Theorem,
    evidence: &TheoremEvidence,
    folder: &Path,
    builds: &Builds,
) -> Result<TheoremEvidence, CommandError> {
    let path = path_of(folder, &evidence.id);
    let run = evidence.runs.first().cloned().unwrap_or_else(|| Run::with(&Settings::default()));
    let next = Run { deepened: run.deepened.saturating_add(1), ..run };
    let subject = (evidence.id.as_str(), evidence.fingerprint.as_str());
    let journal = JournalFile::open(folder, subject, &next, true);
    let kept = journal.clone().map(|journal| journal as std::sync::Arc<dyn Journal>);
    let deepened = theorem
        .deepened(evidence, &Settings::default(), kept)
        .map_err(|source| CommandError::Deepen { path, source })?;
    builds.announce(&deepened.id, &store::bytes_for(folder, &deepened)?)?;
    store::write(folder, &deepened)?;
    builds.record(&deepened.id)?;
    if let Some(journal) = journal {
        journal.finish();
    }
    Ok(deepened)
}
