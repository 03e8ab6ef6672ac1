//! From shards to their run, and from runs to their union.

mod error;
mod runs;
mod same;
mod shards;

use crate::evidence::{ClaimEvidence, TheoremEvidence};

pub use error::MergeError;

/// Evidence for a theorem, and where it comes from.
#[derive(Debug, Clone)]
pub struct Piece {
    /// The file, for whoever has to run it again.
    pub file: String,
    /// What it holds.
    pub evidence: TheoremEvidence,
}

/// What may be merged although it is not what one run says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Accepted {
    /// Some of the shards of a run: they can refute, and nothing else.
    pub incomplete: bool,
    /// Whole runs of several seeds, each of which spends the error budget once more.
    pub several_seeds: bool,
}

/// Puts together what speaks of one theorem, whatever the order. All shards of a run become what one machine would have
/// said, to the byte. Whole runs of several seeds are gathered claim by claim, and the verdicts derived again; what two
/// of one seed hold of the same instance must be the same up to rounding and is kept once.
///
/// ```
/// use theoria_verification::evidence::{Accepted, MergeError, Piece, merge};
/// use theoria_verification::{Settings, Shard, Theorem};
/// let theorem = Theorem::new("examples/nothing", "# Nothing");
/// let shard = |index| {
///     let settings = Settings { shard: Some(Shard { index, of: 2 }), ..Settings::default() };
///     Piece { file: format!("{index}.json"), evidence: theorem.check(&settings) }
/// };
/// let whole = merge(vec![shard(1), shard(0)], Accepted::default())?;
/// assert_eq!(whole, theorem.check(&Settings::default()));
/// let alone = merge(vec![shard(1)], Accepted::default()).unwrap_err();
/// assert!(alone.to_string().contains("shard 1 of 2"));
/// # Ok::<(), MergeError>(())
/// ```
///
/// # Errors
/// If shards are missing (unless that is accepted), doubled, or of another run, division or build; if runs are of different
/// seeds (unless that is accepted), efforts or versions; if the theorem was edited in between, or they are of different
/// ones; if two runs of one seed contradict each other beyond rounding. The error names the files and what to run again.
pub fn merge(mut pieces: Vec<Piece>, accepted: Accepted) -> Result<TheoremEvidence, MergeError> {
    pieces.sort_by(|a, b| (&a.evidence.runs, &a.file).cmp(&(&b.evidence.runs, &b.file)));
    let Some((first, others)) = pieces.split_first() else {
        return Err(MergeError::Nothing);
    };
    for other in others {
        are_of_one_theorem(first, other)?;
    }
    are_of_one_effort(&pieces)?;
    let (shards, mut whole): (Vec<Piece>, Vec<Piece>) =
        pieces.into_iter().partition(|piece| piece.evidence.share.is_some());
    for joined in shards::joined(shards, &whole, accepted)? {
        whole.push(joined);
    }
    whole.sort_by(|a, b| (&a.evidence.runs, &a.file).cmp(&(&b.evidence.runs, &b.file)));
    runs::united(whole, accepted)
}

fn files(one: &Piece, other: &Piece) -> Box<[String; 2]> {
    Box::new([one.file.clone(), other.file.clone()])
}

fn are_of_one_theorem(one: &Piece, other: &Piece) -> Result<(), MergeError> {
    let (a, b) = (&one.evidence, &other.evidence);
    let files = files(one, other);
    if a.id != b.id {
        return Err(MergeError::DifferentTheorems {
            files,
            left: a.id.clone(),
            right: b.id.clone(),
        });
    }
    let id = a.id.clone();
    if a.version != b.version {
        let (left, right) = (a.version.clone(), b.version.clone());
        return Err(MergeError::DifferentVersions { id, files, left, right });
    }
    let same_claim = |(a, b): (&ClaimEvidence, &ClaimEvidence)| {
        (&a.name, a.role, &a.kind, &a.formula, &a.violates)
            == (&b.name, b.role, &b.kind, &b.formula, &b.violates)
    };
    let same = a.fingerprint == b.fingerprint
        && (&a.uses, &a.alone) == (&b.uses, &b.alone)
        && a.claims.len() == b.claims.len()
        && a.claims.iter().zip(&b.claims).all(same_claim);
    if same { Ok(()) } else { Err(MergeError::DifferentClaims { id, files }) }
}

/// Two runs of different effort and one seed draw the same instances, of which each has a record of its own.
fn are_of_one_effort(pieces: &[Piece]) -> Result<(), MergeError> {
    let runs =
        || pieces.iter().flat_map(|piece| piece.evidence.runs.iter().map(move |run| (piece, run)));
    let Some((first, run)) = runs().next() else {
        return Ok(());
    };
    match runs().find(|(_, other)| other.effort != run.effort) {
        Some((other, other_run)) => Err(MergeError::MixedEfforts {
            id: first.evidence.id.clone(),
            files: files(first, other),
            runs: Box::new([run.clone(), other_run.clone()]),
        }),
        None => Ok(()),
    }
}
