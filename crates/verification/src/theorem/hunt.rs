//! Worst instances: remembered, and hunted for.

use super::Theorem;
use crate::claim::{Member, hunt, replay};
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

    /// Why worst instances that were known are not examined: their file cannot be read, or they belong to no claim and family any more.
    pub fn forgotten(&self) -> Option<String> {
        let orphans: Vec<String> = self
            .orphans()
            .map(|known| format!("that of {} from “{}”", known.claim, known.family))
            .collect();
        let dropped = (!orphans.is_empty()).then(|| {
            format!(
                "of the worst instances known these are dropped, for their claim or family is none any more: {}",
                orphans.join(", ")
            )
        });
        self.forgotten.clone().or(dropped)
    }

    /// What a remembered instance is by now.
    ///
    /// # Errors
    /// If it is dropped, and why.
    pub fn replayed(&self, known: &Remembered, settings: &Settings) -> Result<Remembered, String> {
        let dropped = |why: &str| {
            format!(
                "the worst instance of {} from “{}” is dropped: {why}",
                known.claim, known.family
            )
        };
        let claim = self.claims.iter().find(|(_, claim)| claim.header().name == known.claim);
        let (role, claim) = claim.ok_or_else(|| dropped("there is no such claim"))?;
        let remembered = std::slice::from_ref(known);
        let member = Member { role: *role, claim: &**claim, remembered };
        let stream = self.stream(settings).child("replay");
        let instance = replay(member, &stream, settings)
            .ok_or_else(|| dropped("the claim has no such family"))?;
        if !known.is_still(&instance.description) {
            return Err(dropped(&format!(
                "its choices draw “{}” now, and drew “{}”",
                instance.description, known.description
            )));
        }
        if !instance.counts {
            return Err(dropped("it does not satisfy the hypotheses"));
        }
        if instance.trials.is_some() {
            // Trials differ from seed to seed.
            return Ok(known.clone());
        }
        Remembered::of(&known.claim, &instance).ok_or_else(|| dropped("it shows nothing"))
    }

    /// Of these no claim or no family is known any more.
    fn orphans(&self) -> impl Iterator<Item = &Remembered> {
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
