//! From files and folders to one piece of evidence a theorem.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use theoria_verification::evidence::store::StoreError;
use theoria_verification::evidence::{
    Accepted, MergeError, Piece, Run, TheoremEvidence, merge, store,
};
use theoria_verification::{Theorem, printable};

use crate::command::catalogue::Catalogue;
use crate::command::error::CommandError;
use crate::command::task::{Task, shard_folders};
use crate::command::terminal::remark;
use crate::command::unfinished::left_in;

/// What lies in the files and folders.
#[derive(Default)]
struct Found {
    pieces: BTreeMap<String, Vec<Piece>>,
    /// What shards were to do, and where.
    records: Vec<(PathBuf, Task)>,
    /// Theorems that a shard was to check and has not.
    owed: Vec<(Run, String)>,
    /// What runs that are no shards were to check and have not, and where.
    unfinished: Vec<(PathBuf, Task)>,
}

/// The evidence for each theorem.
pub(crate) struct Merged {
    pub(crate) evidence: Vec<TheoremEvidence>,
    /// Theorems that a run that was killed was to check and has not.
    pub(crate) unfinished: Vec<String>,
}

/// The evidence in these files and folders, merged by theorem; those that this program knows first, as their chapters have
/// them, foreign ones after, by id.
pub(crate) fn merged(
    catalogue: &Catalogue,
    paths: &[PathBuf],
    accepted: Accepted,
) -> Result<Merged, CommandError> {
    let mut found = Found::default();
    for path in paths {
        found.add(path)?;
    }
    let mut missing = std::mem::take(&mut found.owed);
    let mut evidence = Vec::new();
    for pieces in std::mem::take(&mut found.pieces).into_values() {
        match merge(pieces, accepted) {
            Ok(merged) => evidence.push(merged),
            Err(MergeError::MissingShards { id, missing: runs, .. }) => {
                missing.extend(runs.into_iter().map(|run| (run, id.clone())));
            }
            Err(error) => return Err(error.into()),
        }
    }
    if !missing.is_empty() && !accepted.incomplete {
        return Err(CommandError::MissingShards { told: found.told(catalogue, &missing) });
    }
    if !found.unfinished.is_empty() && !accepted.incomplete {
        let told = found.unfinished.iter().map(|(folder, task)| told(catalogue, task, folder));
        return Err(CommandError::Unfinished { told: told.collect() });
    }
    if evidence.is_empty() {
        let path = paths.first().cloned().unwrap_or_default();
        return Err(StoreError::Empty { path }.into());
    }
    in_the_order_of(&catalogue.theorems, &mut evidence);
    let unfinished = found.unfinished.into_iter().flat_map(|(_, task)| task.theorems);
    Ok(Merged { evidence, unfinished: unfinished.collect() })
}

impl Found {
    fn add(&mut self, path: &Path) -> Result<(), CommandError> {
        if !path.exists() {
            return Err(CommandError::NoEvidence { path: path.into() });
        }
        if !path.is_dir() {
            self.push(path, store::read(path)?);
            return Ok(());
        }
        let shards = shard_folders(path);
        for folder in &shards {
            self.add_folder(folder, false)?;
        }
        self.add_folder(path, shards.is_empty())
    }

    /// The evidence that lies in a folder, which need not be there where the folder holds something else.
    fn add_folder(&mut self, folder: &Path, needed: bool) -> Result<(), CommandError> {
        let record = Task::read(folder)?;
        let unfinished = left_in(folder)?;
        let found = match store::read_all(folder) {
            Err(StoreError::Empty { .. })
                if record.is_some() || !unfinished.is_empty() || !needed =>
            {
                None
            }
            found => Some(found?),
        };
        let mut finished = BTreeSet::new();
        if let Some(found) = found {
            for file in &found.foreign {
                let file = printable(&file.display().to_string());
                remark(format_args!("left out: {file}, which is not evidence"));
            }
            for (path, evidence) in found.paths.iter().zip(found.evidence) {
                let listed = |record: &Task| record.theorems.contains(&evidence.id);
                // What was deepened since is the same run, and more.
                let begun = |run: &Run| Run { deepened: 0, ..run.clone() };
                let of_run = |record: &Task| {
                    evidence.runs.iter().any(|run| begun(run) == begun(&record.run))
                };
                if record.as_ref().is_some_and(|it| listed(it) && !of_run(it))
                    || unfinished.iter().any(listed)
                {
                    // What an earlier run left, which the one that was killed would have replaced.
                    continue;
                }
                finished.insert(evidence.id.clone());
                self.push(path, evidence);
            }
        }
        self.unfinished.extend(unfinished.into_iter().map(|task| (folder.into(), task)));
        if let Some(record) = record {
            let owed = record.theorems.iter().filter(|id| !finished.contains(*id));
            self.owed.extend(owed.map(|id| (record.run.clone(), id.clone())));
            self.records.push((folder.into(), record));
        }
        Ok(())
    }

    fn push(&mut self, path: &Path, evidence: TheoremEvidence) {
        let file = printable(&path.display().to_string());
        self.pieces.entry(evidence.id.clone()).or_default().push(Piece { file, evidence });
    }

    /// For each shard that is missing of what, and the command that runs it.
    fn told(&self, catalogue: &Catalogue, missing: &[(Run, String)]) -> Vec<String> {
        let mut of_runs: BTreeMap<&Run, BTreeSet<&str>> = BTreeMap::new();
        for (run, id) in missing {
            of_runs.entry(run).or_default().insert(id);
        }
        let told = |(run, ids): (&Run, BTreeSet<&str>)| {
            missing_of(run, &ids, &self.again(catalogue, run, &ids))
        };
        of_runs.into_iter().map(told).collect()
    }

    /// The command that runs a shard: with the filters of one of its run that was to check the same, if any was.
    fn again(&self, catalogue: &Catalogue, run: &Run, ids: &BTreeSet<&str>) -> String {
        let whole = |run: &Run| Run { shard: None, deepened: 0, ..run.clone() };
        let of_run = self.records.iter().filter(|(_, record)| whole(&record.run) == whole(run));
        let folder = of_run.clone().next().and_then(|(folder, _)| folder.parent());
        let same = of_run.map(|(_, record)| record).find(|record| {
            let asked = |id: &&str| record.theorems.iter().any(|theorem| theorem == id);
            are_words(&record.filters) && ids.iter().all(asked)
        });
        let filters = same.map(|record| &record.filters[..]);
        command(catalogue, run, filters, ids, folder)
    }
}

/// What a run that is no shard still owes in a folder, and the command that goes on with it.
pub(crate) fn told(catalogue: &Catalogue, task: &Task, folder: &Path) -> String {
    let ids: BTreeSet<&str> = task.theorems.iter().map(String::as_str).collect();
    let filters = Some(&task.filters[..]).filter(|filters| are_words(filters));
    missing_of(&task.run, &ids, &command(catalogue, &task.run, filters, &ids, Some(folder)))
}

fn missing_of(run: &Run, ids: &BTreeSet<&str>, command: &str) -> String {
    let some: Vec<String> = ids.iter().take(3).map(|id| printable(id)).collect();
    let more = if ids.len() > some.len() { ", …" } else { "" };
    let theorems = if ids.len() == 1 { "theorem" } else { "theorems" };
    format!(
        "  {run}: not there for {} {theorems} ({}{more}); run {command}",
        ids.len(),
        some.join(", ")
    )
}

/// The command that goes on with a run of these theorems: by its filters, if it can be told, else by their ids.
fn command(
    catalogue: &Catalogue,
    run: &Run,
    filters: Option<&[String]>,
    ids: &BTreeSet<&str>,
    folder: Option<&Path>,
) -> String {
    // Not `cargo run`: what is resumed, and the shards of one run, are of one build.
    let program = std::env::args().next().unwrap_or_else(|| catalogue.name().into());
    let mut words = vec![quoted(&program), "check".into()];
    match filters {
        Some(filters) => words.extend(filters.iter().cloned()),
        None => words.extend(ids.iter().map(|id| quoted(id))),
    }
    words.push(Run { deepened: 0, ..run.clone() }.options());
    if let Some(folder) = folder {
        let here = folder.as_os_str().is_empty();
        let folder = if here { ".".into() } else { folder.display().to_string() };
        words.push(format!("--evidence {}", quoted(&folder)));
    }
    words.push("--resume".into());
    words.join(" ")
}

/// Whoever copies a command runs what a file says: its filters are words, or not taken.
fn are_words(filters: &[String]) -> bool {
    filters.iter().all(|filter| is_word(filter))
}

/// Whether a shell reads it as itself.
fn is_word(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./:".contains(c);
    !text.is_empty() && !text.starts_with('-') && text.chars().all(plain)
}

/// As a shell reads it back, and a terminal shows it.
fn quoted(text: &str) -> String {
    if is_word(text) {
        return text.into();
    }
    format!("'{}'", printable(text).replace('\'', "'\\''"))
}

fn in_the_order_of(theorems: &[Theorem], evidence: &mut [TheoremEvidence]) {
    let order: Vec<String> = theorems.iter().map(|theorem| theorem.id().to_string()).collect();
    evidence.sort_by_key(|evidence| {
        order.iter().position(|id| *id == evidence.id).unwrap_or(order.len())
    });
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn what_a_shell_would_read_otherwise_is_quoted() {
        assert_eq!(quoted("run/shard-1-of-3"), "run/shard-1-of-3");
        assert_eq!(quoted("my run"), "'my run'");
        assert_eq!(quoted("it's; rm"), "'it'\\''s; rm'");
        assert_eq!(quoted("-x"), "'-x'");
    }
}
