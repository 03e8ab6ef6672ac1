//! From whole runs to their union.

use std::collections::{BTreeMap, BTreeSet};

use super::{Accepted, MergeError, Piece, files, same};
use crate::Verdict;
use crate::evidence::{ClaimEvidence, InstanceEvidence, Run, TheoremEvidence};

/// The union of whole runs, in increasing order of their seeds; of what may be incomplete there is one alone.
pub(super) fn united(
    pieces: Vec<Piece>,
    accepted: Accepted,
) -> Result<TheoremEvidence, MergeError> {
    let mut pieces = pieces.into_iter();
    let Some(mut union) = pieces.next() else {
        return Err(MergeError::Nothing);
    };
    for piece in pieces {
        are_of_one_seed(&union, &piece, accepted)?;
        add(&mut union, piece)?;
    }
    Ok(union.evidence)
}

fn are_of_one_seed(one: &Piece, other: &Piece, accepted: Accepted) -> Result<(), MergeError> {
    let (a, b) = (&one.evidence, &other.evidence);
    let mixed = |left: &Run, right: &Run| MergeError::MixedSeeds {
        id: a.id.clone(),
        files: files(one, other),
        runs: Box::new([left.clone(), right.clone()]),
    };
    for left in &a.runs {
        for right in &b.runs {
            let may = accepted.several_seeds
                && left.seed != right.seed
                && !a.is_incomplete()
                && !b.is_incomplete();
            if left.whole() != right.whole() && !may {
                return Err(mixed(left, right));
            }
        }
    }
    Ok(())
}

fn add(union: &mut Piece, piece: Piece) -> Result<(), MergeError> {
    let pair = files(union, &piece);
    let (into, from) = (&mut union.evidence, piece.evidence);
    let budget =
        |claim: &ClaimEvidence, runs: &[Run]| claim.error_budget / runs.len().max(1) as f64;
    // Of one run the deeper evidence, which holds the other.
    let mut runs: BTreeMap<Run, Run> = BTreeMap::new();
    for run in into.runs.iter().chain(&from.runs) {
        let deeper = runs.entry(run.whole()).or_insert_with(|| run.clone());
        *deeper = deeper.clone().max(run.clone());
    }
    for (claim, others) in into.claims.iter_mut().zip(from.claims) {
        // Each run spends a budget of its own.
        let each = budget(claim, &into.runs).max(budget(&others, &from.runs));
        claim.gather(others).map_err(|(place, what)| MergeError::Conflict {
            id: into.id.clone(),
            files: pair.clone(),
            place,
            what,
        })?;
        claim.error_budget = each * runs.len() as f64;
    }
    into.runs = runs.into_values().collect();
    if into.program != from.program {
        into.program = None;
    }
    into.conclude();
    Ok(())
}

impl ClaimEvidence {
    /// Takes the instances of another run. An error says on which instance the two contradict each other, and how.
    fn gather(&mut self, other: ClaimEvidence) -> Result<(), (String, String)> {
        // Families stay in the order of declaration; a stable sort by first appearance.
        let mut families: Vec<String> = Vec::new();
        for instance in self.instances.iter().chain(&other.instances) {
            if !families.contains(&instance.family) {
                families.push(instance.family.clone());
            }
        }
        let key = |instance: &InstanceEvidence| {
            let family = families.iter().position(|f| *f == instance.family);
            (family, instance.seed, instance.origin.rank(), instance.index)
        };
        self.counterexample = match (self.worst(), other.worst()) {
            (Some(own), Some(others)) if others > own => other.counterexample,
            (None, Some(_)) => other.counterexample,
            _ => self.counterexample.take(),
        };
        let mut all: Vec<InstanceEvidence> = Vec::new();
        let mut instances: Vec<InstanceEvidence> =
            self.instances.drain(..).chain(other.instances).collect();
        instances.sort_by_key(key);
        for instance in instances {
            match all.last_mut().filter(|last| key(last) == key(&instance)) {
                Some(last) => {
                    let place = || {
                        let number = instance.index.saturating_add(1);
                        format!("{}, {} {number}", self.name, instance.family)
                    };
                    same::are_same(last, &instance).map_err(|what| (place(), what))?;
                    if same::is_better(&instance, last) {
                        *last = instance;
                    }
                }
                None => all.push(instance),
            }
        }
        self.instances = all;
        for sentence in other.forgotten {
            if !self.forgotten.contains(&sentence) {
                self.forgotten.push(sentence);
            }
        }
        self.forgotten.sort();
        self.conclude();
        Ok(())
    }

    /// How far the worst instance refutes it, if one does.
    fn worst(&self) -> Option<f64> {
        let finding = self.decisive_instance()?.finding.as_ref()?;
        (finding.verdict == Verdict::Refuted).then_some(finding.closeness)
    }
}

impl TheoremEvidence {
    /// How often the error budget of a suite is spent in it: once for each run.
    pub fn budgets(&self) -> usize {
        self.runs.iter().map(Run::whole).collect::<BTreeSet<Run>>().len()
    }
}
