//! What can go wrong for a user of the command; each message names cause and cure.

use std::path::PathBuf;

use theoria_report::ReportError;
use theoria_verification::evidence::MergeError;
use theoria_verification::evidence::store::StoreError;
use theoria_verification::{DeepenError, MemoryError, Shard};

#[derive(Debug, thiserror::Error)]
pub(crate) enum CommandError {
    #[error("no theorem, chapter or part of an id is called {filter:?}{}", suggestion(nearest))]
    Unknown { filter: String, nearest: Vec<String> },
    #[error("{text:?} is a part of several ids: {}; give one of them", ids.join(", "))]
    Ambiguous { text: String, ids: Vec<String> },
    #[error(
        "the filter {filter:?} names nothing: give a chapter, an id or a part of one, or leave it out for all"
    )]
    EmptyFilter { filter: String },
    #[error("two theorems are called {id}: rename one of them")]
    SameId { id: String },
    #[error(
        "there are no {seeds} seeds from {first} on: the last is 2^64 - 1; begin lower (--first) or take fewer (--seeds)"
    )]
    NoSuchSeeds { first: u64, seeds: u64 },
    #[error(
        "each shard would draw a fresh seed of its own, and shards of several seeds do not merge: draw one once, with the verb \
         `seed`, and hand it to all ({option} N)"
    )]
    FreshShard { option: &'static str },
    #[error(
        "{} holds shards: put them together with the verb `report` and --merged DIR, and deepen DIR, or deepen each shard's own folder",
        path.display()
    )]
    DeepenShards { path: PathBuf },
    #[error("{} holds no evidence of these theorems; run the verb `check` with --evidence and this folder", path.display())]
    NothingToDeepen { path: PathBuf },
    #[error(
        "the bytes of this program cannot be read (was it deleted or replaced?), and shards of builds that nobody knows do not merge:          start it again from its file"
    )]
    UnknownBuild,
    #[error(
        "{} holds shards, and what is merged would be one piece of evidence more for each theorem beside them: name another folder (--merged)",
        path.display()
    )]
    MergedBesideShards { path: PathBuf },
    #[error("{}: {source}", path.display())]
    Deepen { path: PathBuf, source: DeepenError },
    #[error("{}: {reason}", path.display())]
    Tally { path: PathBuf, reason: String },
    #[error(
        "there are no counts to put together: name the files that `calibrate --shard I/N --out FILE` wrote"
    )]
    NoTally,
    #[error("{} and {} {what}", files[0].display(), files[1].display())]
    MixedTallies { files: [PathBuf; 2], what: String },
    #[error(
        "shards are missing: run the verb `calibrate` with {again} and {missing}, and name their files too"
    )]
    MissingTallies { missing: String, again: String },
    #[error("{}: {reason}; run it again", path.display())]
    Task { path: PathBuf, reason: String },
    #[error("shards are missing, so that nothing was merged; to look at what is there, --incomplete\n{}", told.join("\n"))]
    MissingShards { told: Vec<String> },
    #[error("a run that was killed has not checked all that it was to; to look at what is there, `report --incomplete`\n{}", told.join("\n"))]
    Unfinished { told: Vec<String> },
    #[error(
        "{} is the folder of {shard}: add --shard {}/{} to run that, or name another folder, such as that which holds it \
         (--evidence {})",
        path.display(), shard.index.saturating_add(1), shard.of, holder.display()
    )]
    FolderOfAShard { path: PathBuf, shard: Shard, holder: PathBuf },
    #[error("cannot remove {}: {source}; remove it", path.display())]
    Remove { path: PathBuf, source: std::io::Error },
    #[error("{} does not exist; run the verb `check` first, or name a folder or file of evidence", path.display())]
    NoEvidence { path: PathBuf },
    #[error(
        "nothing in {} can be hunted: none of its claims is a bound on a family that is searched (`hunted`)",
        if filters.is_empty() { "these theorems" } else { filters }
    )]
    NothingToHunt { filters: String },
    #[error("{}: {source}", path.display())]
    Memory { path: PathBuf, source: MemoryError },
    #[error("cannot read {}: {source}", path.display())]
    ReadMemory { path: PathBuf, source: std::io::Error },
    #[error("cannot use {threads} threads: {reason}")]
    Threads { threads: u16, reason: String },
    #[error("cannot write the output: {0}; evidence and report files are not affected")]
    Output(std::io::Error),
    #[cfg(feature = "assignments")]
    #[error(
        "no assignment is called {name:?}{}",
        if nearest.is_empty() {
            "; `assignment list` names all".into()
        } else {
            format!("; did you mean {}? `assignment list` names all", nearest.join(" or "))
        }
    )]
    UnknownAssignment { name: String, nearest: Vec<String> },
    #[cfg(feature = "assignments")]
    #[error("cannot keep the progress in {folder}: {source}")]
    Progress { folder: String, source: std::io::Error },
    #[cfg(feature = "assignments")]
    #[error(transparent)]
    Handout(#[from] theoria_assignments::handout::HandoutError),
    #[cfg(feature = "assignments")]
    #[error(transparent)]
    Submission(#[from] theoria_assignments::submission::SubmissionError),
    #[cfg(feature = "assignments")]
    #[error(transparent)]
    Grade(#[from] theoria_assignments::grade::GradeError),
    #[cfg(feature = "assignments")]
    #[error(
        "the system does not say which program this is, and it has to start itself to isolate others: {0}"
    )]
    Itself(std::io::Error),
    #[cfg(feature = "curves")]
    #[error(transparent)]
    Log(#[from] theoria_curves::Fault),
    #[cfg(feature = "curves")]
    #[error("{0}")]
    Misuse(#[from] theoria_curves::judge::Misuse),
    #[cfg(feature = "curves")]
    #[error("{}: {reason}", path.display())]
    Claims { path: PathBuf, reason: String },
    #[cfg(feature = "curves")]
    #[error(
        "nothing is claimed of it: say --exponent -1, --rate 0.99, --limit 0.2, --below '4/n', or what else --help lists"
    )]
    NothingClaimed,
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Merge(#[from] MergeError),
    #[error(transparent)]
    Report(#[from] ReportError),
}

fn suggestion(nearest: &[String]) -> String {
    match nearest {
        [] => "; the verb `list` names all".into(),
        some => format!("; did you mean {}? The verb `list` names all", some.join(" or ")),
    }
}
