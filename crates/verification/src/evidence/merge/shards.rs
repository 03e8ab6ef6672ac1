//! From the shards of a run to what one machine would have said.

use std::collections::{BTreeMap, BTreeSet};

use super::{Accepted, MergeError, Piece, files};
use crate::evidence::{ClaimEvidence, InstanceEvidence, Run, ShareOfClaim, TheoremEvidence};
use crate::{Shard, Verdict};

/// The shards of each run put together. Beside a whole run of the same seed a shard is foreign.
pub(super) fn joined(
    shards: Vec<Piece>,
    whole: &[Piece],
    accepted: Accepted,
) -> Result<Vec<Piece>, MergeError> {
    let runs = || shards.iter().flat_map(|it| it.evidence.runs.iter().map(move |run| (it, run)));
    let Some((first, first_run)) = runs().next() else {
        return Ok(Vec::new());
    };
    let id = || first.evidence.id.clone();
    let others = whole.iter().flat_map(|it| it.evidence.runs.iter().map(move |run| (it, run)));
    for (piece, run) in runs().chain(others) {
        let runs = Box::new([first_run.clone(), run.clone()]);
        if first_run.whole() == run.whole() {
            if first_run.shard.map(|it| it.of) != run.shard.map(|it| it.of) {
                return Err(MergeError::ForeignShard {
                    id: id(),
                    files: files(first, piece),
                    runs,
                });
            }
        } else if !accepted.several_seeds || first_run.seed == run.seed {
            return Err(MergeError::MixedSeeds { id: id(), files: files(first, piece), runs });
        }
    }
    let mut of_runs: BTreeMap<Run, Vec<Piece>> = BTreeMap::new();
    for piece in shards {
        if let Some(run) = piece.evidence.runs.first().map(Run::whole) {
            of_runs.entry(run).or_default().push(piece);
        }
    }
    of_runs.into_iter().map(|(run, pieces)| Division { run, pieces }.join(accepted)).collect()
}

/// What there is of one run.
struct Division {
    run: Run,
    pieces: Vec<Piece>,
}

impl Division {
    fn join(mut self, accepted: Accepted) -> Result<Piece, MergeError> {
        let there = self.shards()?;
        let of = there.keys().next().map_or(1, |shard| shard.of);
        let missing: Vec<Run> = (0..of)
            .map(|index| Shard { index, of })
            .filter(|shard| !there.contains_key(shard))
            .map(|shard| Run { shard: Some(shard), ..self.run.clone() })
            .collect();
        let mut runs: Vec<Run> =
            self.pieces.iter().flat_map(|piece| piece.evidence.runs.iter().cloned()).collect();
        runs.sort();
        let complete = missing.is_empty();
        if !complete && !accepted.incomplete {
            return Err(self.lacks(missing));
        }
        let mut evidence = self.pieces[0].evidence.clone();
        let parts = 0..evidence.claims.len();
        evidence.claims = parts.map(|i| self.claim(i, complete)).collect::<Result<_, _>>()?;
        evidence.computed_figures = Vec::new();
        self.figures(&mut evidence, complete)?;
        if self.pieces.iter().any(|piece| piece.evidence.program != evidence.program) {
            evidence.program = None;
        }
        if complete {
            evidence.share = None;
            // Shards have been deepened as often as something of theirs was open.
            let deepened = runs.iter().map(|run| run.deepened).max().unwrap_or(0);
            evidence.runs = vec![Run { deepened, ..self.run.clone() }];
        } else {
            evidence.runs = runs;
        }
        evidence.conclude();
        let file = self.pieces.swap_remove(0).file;
        Ok(Piece { file, evidence })
    }

    /// The shards that are there; each once, and all of one build.
    fn shards(&self) -> Result<BTreeMap<Shard, &Piece>, MergeError> {
        let mut there: BTreeMap<Shard, &Piece> = BTreeMap::new();
        let first = &self.pieces[0];
        let id = || first.evidence.id.clone();
        for piece in &self.pieces {
            for run in &piece.evidence.runs {
                let Some(shard) = run.shard else {
                    return Err(self.unfitting(piece, "one names no shard".into()));
                };
                if let Some(earlier) = there.insert(shard, piece) {
                    let files = files(earlier, piece);
                    return Err(MergeError::DoubledShard { id: id(), files, run: run.clone() });
                }
            }
            let build =
                |piece: &Piece| piece.evidence.share.as_ref().map(|share| share.build.clone());
            if build(piece) != build(first) {
                return Err(MergeError::DifferentBuilds { id: id(), files: files(first, piece) });
            }
        }
        Ok(there)
    }

    fn lacks(&self, missing: Vec<Run>) -> MergeError {
        let evidence = &self.pieces[0].evidence;
        MergeError::MissingShards {
            id: evidence.id.clone(),
            again: missing.iter().map(|run| evidence.reproduction(run)).collect(),
            missing,
            files: self.pieces.iter().map(|piece| piece.file.clone()).collect(),
        }
    }

    fn unfitting(&self, piece: &Piece, what: String) -> MergeError {
        let first = &self.pieces[0];
        MergeError::Unfitting { id: first.evidence.id.clone(), files: files(first, piece), what }
    }

    /// The claim with this number, of all shards: its instances in the order of their numbers.
    fn claim(&self, number: usize, complete: bool) -> Result<ClaimEvidence, MergeError> {
        let mut union = self.pieces[0].evidence.claims[number].clone();
        let of = union.share.as_ref().map_or(0, |share| share.of);
        let mut instances: BTreeMap<usize, (usize, InstanceEvidence)> = BTreeMap::new();
        let mut sentences: Vec<(usize, String)> = Vec::new();
        let mut examined = BTreeSet::new();
        for (owner, piece) in self.pieces.iter().enumerate() {
            let claim = &piece.evidence.claims[number];
            let unfit = |what: String| self.unfitting(piece, format!("{} {what}", claim.name));
            let share = claim.share.as_ref().filter(|share| share.of == of);
            let share = share.ok_or_else(|| unfit("has other numbers of instances".into()))?;
            // That of a shard which was deepened is twice that of one which was not.
            union.error_budget = union.error_budget.max(claim.error_budget);
            if let Some(twice) = share.examined().into_iter().find(|place| !examined.insert(*place))
            {
                return Err(unfit(format!("has instance {} in both", twice.saturating_add(1))));
            }
            let numbered = share.places.iter().copied().zip(&claim.instances);
            instances.extend(numbered.map(|(place, it)| (place, (owner, it.clone()))));
            sentences.extend(share.forgotten.iter().copied().zip(claim.forgotten.iter().cloned()));
        }
        if complete && examined.len() != of {
            let last = &self.pieces[self.pieces.len() - 1];
            let what = format!("{} lacks instances: {} of {of}", union.name, examined.len());
            return Err(self.unfitting(last, what));
        }
        sentences.sort_by_key(|(place, _)| *place);
        let (forgotten, said): (Vec<usize>, Vec<String>) = sentences.into_iter().unzip();
        let places: Vec<usize> = instances.keys().copied().collect();
        let (owners, instances): (Vec<usize>, Vec<InstanceEvidence>) =
            instances.into_values().unzip();
        (union.instances, union.forgotten) = (instances, said);
        union.share = (!complete).then_some(ShareOfClaim { of, places, forgotten });
        union.conclude();
        union.keep_curves_that_are_shown();
        // The shard that examined the worst of all has shrunk it, for it was the worst of its own too.
        let owner = union.decisive.and_then(|decisive| owners.get(decisive));
        let refuted = union.verdict == Verdict::Refuted;
        union.counterexample = owner
            .filter(|_| refuted)
            .and_then(|owner| self.pieces[*owner].evidence.claims[number].counterexample.clone());
        Ok(union)
    }

    /// The computed figures of all shards, in the order of their declaration.
    fn figures(&self, union: &mut TheoremEvidence, complete: bool) -> Result<(), MergeError> {
        let names = union.share.as_ref().map_or(Vec::new(), |share| share.figures.clone());
        let place = |name: &str| names.iter().position(|other| other == name);
        let mut found = BTreeMap::new();
        for piece in &self.pieces {
            let share = piece.evidence.share.as_ref();
            if share.is_none_or(|share| share.figures != names) {
                return Err(self.unfitting(piece, "they have other figures".into()));
            }
            for figure in &piece.evidence.computed_figures {
                let Some(place) = place(&figure.name) else {
                    let what = format!("the figure {} is none of theirs", figure.name);
                    return Err(self.unfitting(piece, what));
                };
                if found.insert(place, figure.clone()).is_some() {
                    let what = format!("both have the figure {}", figure.name);
                    return Err(self.unfitting(piece, what));
                }
            }
        }
        if complete && found.len() != names.len() {
            let last = &self.pieces[self.pieces.len() - 1];
            let what = format!("{} of {} figures are there", found.len(), names.len());
            return Err(self.unfitting(last, what));
        }
        union.computed_figures = found.into_values().collect();
        Ok(())
    }
}
