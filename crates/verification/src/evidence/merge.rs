//! From runs to their union.

use crate::evidence::{ClaimEvidence, InstanceEvidence, Run, TheoremEvidence};

/// Why two pieces of evidence cannot be merged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MergeError {
    /// They speak of different theorems.
    #[error("evidence for {left} cannot be merged with evidence for {right}")]
    DifferentTheorems {
        /// Id of the one.
        left: String,
        /// Id of the other.
        right: String,
    },
    /// The theorem was changed between the runs.
    #[error(
        "the runs of {id} do not state the same claims (versions {left} and {right}): check it \
         again with one version"
    )]
    DifferentClaims {
        /// Id of the theorem.
        id: String,
        /// Version of the one.
        left: String,
        /// Version of the other.
        right: String,
    },
}

impl TheoremEvidence {
    /// The union of two runs, whatever their order: instances are gathered claim by claim and the
    /// verdicts derived again. What both hold (the same instance of the same seed) is kept once,
    /// so merging a file with itself changes nothing.
    ///
    /// # Errors
    /// If they speak of different theorems, or if the theorem's claims are not the same.
    pub fn merge(mut self, mut other: TheoremEvidence) -> Result<TheoremEvidence, MergeError> {
        if self.id != other.id {
            return Err(MergeError::DifferentTheorems { left: self.id, right: other.id });
        }
        let same_claim = |(a, b): (&ClaimEvidence, &ClaimEvidence)| {
            (&a.name, a.role, &a.kind, &a.formula) == (&b.name, b.role, &b.kind, &b.formula)
        };
        if self.fingerprint != other.fingerprint
            || self.claims.len() != other.claims.len()
            || !self.claims.iter().zip(&other.claims).all(same_claim)
        {
            return Err(MergeError::DifferentClaims {
                id: self.id,
                left: self.version,
                right: other.version,
            });
        }
        if other.runs < self.runs {
            std::mem::swap(&mut self, &mut other);
        }
        self.runs.extend(other.runs);
        self.runs.sort();
        self.runs.dedup();
        whole_runs_for_all_shards(&mut self.runs);
        for (claim, others) in self.claims.iter_mut().zip(other.claims) {
            claim.gather(others);
        }
        if self.program != other.program {
            self.program = None;
        }
        self.conclude();
        Ok(self)
    }
}

/// A run of which every shard is there is a whole run.
fn whole_runs_for_all_shards(runs: &mut Vec<Run>) {
    let shards_of = |runs: &[Run], run: &Run, of: usize| {
        runs.iter()
            .filter(|other| (other.seed, other.effort) == (run.seed, run.effort))
            .filter(|other| other.shard.is_some_and(|shard| shard.of == of))
            .count()
    };
    let complete: Vec<Run> = runs
        .iter()
        .filter(|run| run.shard.is_some_and(|shard| shards_of(runs, run, shard.of) == shard.of))
        .cloned()
        .collect();
    for run in runs.iter_mut().filter(|run| complete.contains(run)) {
        run.shard = None;
    }
    runs.sort();
    runs.dedup();
}

impl ClaimEvidence {
    fn gather(&mut self, other: ClaimEvidence) {
        self.instances.extend(other.instances);
        // Families stay in the order of declaration; a stable sort by first appearance.
        let mut families: Vec<String> = Vec::new();
        for instance in &self.instances {
            if !families.contains(&instance.family) {
                families.push(instance.family.clone());
            }
        }
        let key = |instance: &InstanceEvidence| {
            let family = families.iter().position(|f| *f == instance.family);
            (family, instance.seed, instance.origin.rank(), instance.index)
        };
        // Of two records of one instance, the one that kept its curve comes first and stays; shards of its
        // trials are put together.
        self.instances.sort_by_key(|instance| (key(instance), instance.curve.is_none()));
        self.instances.dedup_by(|other, kept| {
            let same = key(other) == key(kept);
            if same {
                kept.absorb(other);
            }
            same
        });
        self.counterexample = self.counterexample.take().or(other.counterexample);
        self.conclude();
    }
}

impl InstanceEvidence {
    /// Takes over the trials that only the other has, and judges all of them again.
    fn absorb(&mut self, other: &InstanceEvidence) {
        if let (Some(trials), Some(others)) = (&mut self.trials, &other.trials)
            && trials.absorb(others)
        {
            self.finding = Some(trials.judge());
            if self.curve.is_some() {
                self.curve = Some(trials.curve());
            }
        }
    }
}
