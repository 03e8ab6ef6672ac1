//! What the evidence of a shard is a share of.

use serde::{Deserialize, Serialize};

use crate::evidence::ClaimEvidence;

/// What the evidence of a shard has to do with that of the whole run.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Share {
    /// The build of the program that measured, as a hash of its bytes; none where a library was called. Shards of
    /// different builds do not merge: what experiments compute is no part of what a theorem declares.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub build: Option<String>,
    /// The names of all figures that are computed, in the order of their declaration.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub figures: Vec<String>,
}

/// Which instances of a claim a shard has examined.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShareOfClaim {
    /// How many instances all shards examine together.
    pub of: usize,
    /// The number, from 0, of each of those that are here, in their order.
    pub places: Vec<usize>,
    /// The number of the instance that each sentence on the worst instances known speaks of, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub forgotten: Vec<usize>,
}

impl ShareOfClaim {
    /// The numbers of all instances that were looked at, in increasing order: those that are here and those that
    /// were dropped.
    pub fn examined(&self) -> Vec<usize> {
        let mut all: Vec<usize> = self.places.iter().chain(&self.forgotten).copied().collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Whether some instances are missing.
    pub(crate) fn is_part(&self) -> bool {
        self.examined().len() < self.of
    }

    /// What is wrong with it, if anything.
    pub(super) fn fault(&self, claim: &ClaimEvidence) -> Option<&'static str> {
        let within = |places: &[usize]| places.iter().all(|place| *place < self.of);
        if self.places.len() != claim.instances.len() {
            Some("its share has not one number for each instance")
        } else if self.forgotten.len() != claim.forgotten.len() {
            Some("its share has not one number for each sentence on the worst instances known")
        } else if !self.places.is_sorted_by(|a, b| a < b) || !self.forgotten.is_sorted() {
            Some("the numbers of its instances are not in order")
        } else if !within(&self.places) || !within(&self.forgotten) {
            Some("an instance has a number beyond that of all of them")
        } else {
            None
        }
    }
}

impl std::fmt::Display for ShareOfClaim {
    /// "2 of 7 instances".
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} of {} instances", self.examined().len(), self.of)
    }
}
