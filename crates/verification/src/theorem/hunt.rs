//! Worst instances: remembered, and hunted for.

use super::Theorem;
use crate::claim::{Member, hunt};
use crate::evidence::InstanceEvidence;
use crate::memory::{Memory, Remembered};
use crate::{Choices, Role, Settings};

/// A claim and a family that a hunt can look for its worst instance in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hunted {
    /// Name of the claim.
    pub claim: String,
    /// Name of the family.
    pub family: String,
    /// How many instances a search looks at when the theorem is checked, at standard effort.
    pub evaluations: usize,
}

impl Theorem {
    /// With the worst instances that are known of its claims, as [`Memory::to_json`] wrote them: they are examined whatever
    /// is drawn. What cannot be read is said in the evidence.
    #[must_use]
    pub fn remembering(mut self, memory: &str) -> Self {
        match Memory::read(memory).and_then(|memory| memory.of(&self.id.to_string())) {
            Ok(memory) => self.remembered.extend_from_slice(memory.instances()),
            Err(error) => {
                let told = format!("the worst instances known are dropped: {error}");
                self.forgotten = Some(told);
            }
        }
        self
    }

    /// The worst instances that are known.
    pub fn remembered(&self) -> &[Remembered] {
        &self.remembered
    }

    /// Of these no claim or no family is known any more.
    pub fn orphans(&self) -> impl Iterator<Item = &Remembered> {
        self.remembered.iter().filter(|known| {
            !self.claims.iter().any(|(_, claim)| {
                let families = claim.families();
                claim.header().name == known.claim
                    && families.iter().any(|family| family.name == known.family)
            })
        })
    }

    pub(super) fn remembered_of(&self, claim: &str) -> Vec<Remembered> {
        self.remembered.iter().filter(|known| known.claim == claim).cloned().collect()
    }

    /// What can be hunted: each claim with each of its families that is searched.
    pub fn hunted(&self) -> Vec<Hunted> {
        let claims = self.claims.iter().filter(|(role, _)| *role == Role::Claim);
        claims
            .flat_map(|(_, claim)| {
                let name = claim.header().name;
                claim.families().into_iter().filter_map(move |family| {
                    let evaluations = family.hunted?;
                    let (claim, family) = (name.into(), family.name.into());
                    Some(Hunted { claim, family, evaluations })
                })
            })
            .collect()
    }

    /// Hunts for the worst instance of a claim among so many, beginning with what is known, and examines it with a stream that the
    /// hunt did not see. None if there is no such claim or family.
    pub fn hunt(
        &self,
        hunted: &Hunted,
        known: &[Choices],
        settings: &Settings,
    ) -> Option<InstanceEvidence> {
        let (role, claim) = self.claims.iter().find(|(_, c)| c.header().name == hunted.claim)?;
        let member = Member { role: *role, claim: &**claim, remembered: &[] };
        let stream = self.stream(settings).child("hunt");
        hunt(member, hunted, known, &stream, settings)
    }
}
