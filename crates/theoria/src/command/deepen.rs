//! `theoria check --deepen`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use theoria_verification::evidence::store::{StoreError, bytes_of, path_of, write_atomically};
use theoria_verification::evidence::{Run, TheoremEvidence, store};
use theoria_verification::{Journal, Settings, Theorem};

use crate::command::arguments::Check;
use crate::command::builds::Builds;
use crate::command::catalogue::Catalogue;
use crate::command::check::{exit_code, keep_what_is_finished_on_interrupt, print, use_threads};
use crate::command::error::CommandError;
use crate::command::journal::JournalFile;
use crate::command::selection::select;
use crate::command::shard_record::shard_folders;
use crate::command::terminal::{Progress, remark, say};

/// How deep each theorem is to be, beside the evidence until all of them are: a deepening that was killed is
/// finished by the next, and does not begin another.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Targets(BTreeMap<String, u32>);

const TARGETS: &str = ".deepening";

impl Targets {
    /// What an earlier deepening left undone of these theorems; else once more for each that is open.
    fn of(folder: &Path, evidence: &[(Theorem, TheoremEvidence)]) -> Self {
        let bytes = bytes_of(&folder.join(TARGETS)).unwrap_or_default();
        let left: Targets = serde_json::from_slice(&bytes).unwrap_or_default();
        let is_due = |found: &&(Theorem, TheoremEvidence)| {
            left.0.get(&found.1.id).is_some_and(|target| *target > depth(&found.1))
        };
        if evidence.iter().any(|found| is_due(&found)) {
            return left;
        }
        let open = evidence.iter().filter(|(_, evidence)| evidence.is_open());
        Targets(open.map(|(_, it)| (it.id.clone(), depth(it).saturating_add(1))).collect())
    }

    fn write(&self, folder: &Path) -> Result<(), StoreError> {
        let path = folder.join(TARGETS);
        let text = serde_json::to_string_pretty(self)
            .map_err(|error| StoreError::Write { path: path.clone(), source: error.into() })?;
        write_atomically(&path, (text + "\n").as_bytes())
    }
}

fn depth(evidence: &TheoremEvidence) -> u32 {
    evidence.runs.first().map_or(0, |run| run.deepened)
}

/// Adds as many trials as there are to every instance in a folder of evidence that they leave open, and prints the table.
pub(crate) fn deepen(
    catalogue: &Catalogue,
    arguments: &Check,
    folder: &Path,
) -> Result<ExitCode, CommandError> {
    let theorems = select(&catalogue.theorems, &arguments.filters)?;
    use_threads(arguments.run.threads)?;
    keep_what_is_finished_on_interrupt();
    if !shard_folders(folder).is_empty() {
        return Err(CommandError::DeepenShards { path: folder.into() });
    }
    let evidence = found(&theorems, folder)?;
    let targets = Targets::of(folder, &evidence);
    if targets.0.is_empty() {
        remark(format_args!("nothing is open that more trials could decide"));
    }
    targets.write(folder)?;
    let builds = Builds::of(folder);
    let progress = Progress::new(evidence.len());
    let deepened: Vec<TheoremEvidence> = evidence
        .into_par_iter()
        .map(|(theorem, evidence)| {
            let began = Instant::now();
            let due = targets.0.get(&evidence.id).is_some_and(|target| *target > depth(&evidence));
            let evidence = if due { one(&theorem, &evidence, folder, &builds)? } else { evidence };
            progress.done(&evidence, began.elapsed());
            Ok(evidence)
        })
        .collect::<Result<_, CommandError>>()?;
    progress.finish();
    // What was to be done is done; a record that stays says so itself.
    let _ = std::fs::remove_file(folder.join(TARGETS));
    let run = deepened.iter().find_map(|evidence| evidence.runs.first());
    let settings = run.map_or_else(Settings::default, |run| Settings {
        seed: run.seed,
        effort: run.effort,
        ..Settings::default()
    });
    if deepened.iter().any(TheoremEvidence::is_incomplete) {
        say!("\n{} of {} theorems of this shard were deepened", targets.0.len(), deepened.len())?;
        return Ok(ExitCode::SUCCESS);
    }
    print(&deepened, &settings, folder, arguments.run.verbose)?;
    Ok(exit_code(&deepened))
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
    store::write(folder, &deepened)?;
    builds.record(&deepened.id)?;
    if let Some(journal) = journal {
        journal.finish();
    }
    Ok(deepened)
}
