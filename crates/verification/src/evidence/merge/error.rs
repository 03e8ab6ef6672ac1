//! Why pieces of evidence cannot be put together.

use crate::evidence::Run;

/// Why pieces of evidence cannot be merged: which files, and what to run again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MergeError {
    /// There are none.
    #[error("there is no evidence to merge: check the theorem first")]
    Nothing,
    /// They speak of different theorems.
    #[error(
        "{} cannot be merged: the first is evidence for {left}, the second for {right}",
        pair(files)
    )]
    DifferentTheorems {
        /// The two.
        files: Box<[String; 2]>,
        /// Id of the one.
        left: String,
        /// Id of the other.
        right: String,
    },
    /// They were made by different versions.
    #[error(
        "{} were made by versions {left} and {right}, which may compute something else: check {id} again with one version",
        pair(files)
    )]
    DifferentVersions {
        /// Id of the theorem.
        id: String,
        /// The two.
        files: Box<[String; 2]>,
        /// Version of the one.
        left: String,
        /// Version of the other.
        right: String,
    },
    /// The theorem was changed between the runs.
    #[error(
        "{} do not state the same claims: {id} was edited in between; check it again",
        pair(files)
    )]
    DifferentClaims {
        /// Id of the theorem.
        id: String,
        /// The two.
        files: Box<[String; 2]>,
    },
    /// Two shards were run by different builds.
    #[error(
        "{} are shards of {id} by different builds of the program, which may compute something else: run all shards \
         with one build",
        pair(files)
    )]
    DifferentBuilds {
        /// Id of the theorem.
        id: String,
        /// The two.
        files: Box<[String; 2]>,
    },
    /// They were drawn with different seeds, and nobody asked for that.
    #[error(
        "{} are of different runs of {id}, {} and {}: {}",
        pair(files),
        runs[0],
        runs[1],
        if runs.iter().any(|run| run.shard.is_some()) {
            "shards are put together with shards of their own seed; draw it once, and run the other shards with it"
        } else {
            "whole runs of several seeds are put together where that is said (--several-seeds), for each spends the error \
             budget once more"
        }
    )]
    MixedSeeds {
        /// Id of the theorem.
        id: String,
        /// The two.
        files: Box<[String; 2]>,
        /// Their runs.
        runs: Box<[Run; 2]>,
    },
    /// They were run with different efforts, so that what one looked at in passing the other knows better.
    #[error(
        "{} are of different effort for {id}, {} and {}: check it again with one effort, or name one of them alone",
        pair(files),
        runs[0],
        runs[1]
    )]
    MixedEfforts {
        /// Id of the theorem.
        id: String,
        /// The two.
        files: Box<[String; 2]>,
        /// Their runs.
        runs: Box<[Run; 2]>,
    },
    /// A shard of another division, or beside a whole run of its seed.
    #[error(
        "{} are no shards of one division of {id}, {} and {}: name those of one division alone",
        pair(files),
        runs[0],
        runs[1]
    )]
    ForeignShard {
        /// Id of the theorem.
        id: String,
        /// The two.
        files: Box<[String; 2]>,
        /// Their runs.
        runs: Box<[Run; 2]>,
    },
    /// One shard twice.
    #[error("{} are both of {id}, {run}: leave one of them out", pair(files))]
    DoubledShard {
        /// Id of the theorem.
        id: String,
        /// The two.
        files: Box<[String; 2]>,
        /// The run of both.
        run: Run,
    },
    /// Some shards are not there.
    #[error(
        "of {id} {} not there; run {}, and merge again (there {}: {})",
        missing.iter().map(ToString::to_string).collect::<Vec<String>>().join(" and "),
        again.join(" and "),
        if files.len() == 1 { "is" } else { "are" },
        files.join(", ")
    )]
    MissingShards {
        /// Id of the theorem.
        id: String,
        /// The runs that are missing.
        missing: Vec<Run>,
        /// The commands that make them.
        again: Vec<String>,
        /// Where the others are.
        files: Vec<String>,
    },
    /// Shards that do not fit together, though they say that they do: edited, or of a theorem that was dealt out otherwise.
    #[error(
        "{} are shards of {id} that do not fit together: {what}; run them again with one build",
        pair(files)
    )]
    Unfitting {
        /// Id of the theorem.
        id: String,
        /// The two.
        files: Box<[String; 2]>,
        /// What does not fit.
        what: String,
    },
    /// Two runs of one seed that saw different things on the same instance.
    #[error(
        "{} contradict each other on {id}, {place}: {what}; beyond rounding one seed gives the same numbers everywhere, so \
         check it again with one build",
        pair(files)
    )]
    Conflict {
        /// Id of the theorem.
        id: String,
        /// The two.
        files: Box<[String; 2]>,
        /// Claim and instance.
        place: String,
        /// Both numbers.
        what: String,
    },
}

fn pair([one, other]: &[String; 2]) -> String {
    format!("{one} and {other}")
}
