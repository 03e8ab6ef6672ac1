//! The worst instances that were ever found, kept beside a theorem.

mod description;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use self::description::is_the_same;
use crate::evidence::{ClaimEvidence, InstanceEvidence, Origin};
use crate::{Choices, number};

/// The format that this version writes and reads.
const FORMAT: u32 = 1;
/// Digits of a checksum: it tells edits, not attacks.
const CHECKSUM: usize = 8;
/// How much less severe an instance may be than it was, as a share of its bound, or of itself beyond that: what machines differ
/// by, and the first of what is equally severe from the most severe.
const SAME: f64 = 1e-5;

/// The worst instances of a theorem's claims, as a small file beside it: what each was drawn from, how near it comes to its
/// bound, and what it is, so that it shows when a family draws something else from the same choices.
///
/// ```
/// use theoria_verification::Memory;
/// let memory = Memory::new("examples/halving");
/// assert_eq!(Memory::read(&memory.to_json()), Ok(memory));
/// let cut = Memory::read("{\"format\": 1").unwrap_err();
/// assert!(cut.to_string().contains("is cut off or no memory"));
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Memory {
    format: u32,
    theorem: String,
    instances: Vec<Remembered>,
}

/// The worst instance of a claim.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Remembered {
    /// Name of the claim.
    pub claim: String,
    /// Name of the family that it was drawn from.
    pub family: String,
    /// What it is, in words.
    pub description: String,
    /// How near the measurement came to the bound.
    #[serde(with = "number")]
    pub tightness: f64,
    /// What it was drawn from.
    pub choices: Choices,
    checksum: String,
}

/// Why a memory cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MemoryError {
    /// It is no such file, or a part of one.
    #[error("the file is cut off or no memory of worst instances: {0}")]
    Unreadable(String),
    /// It was written by another version.
    #[error("it has format {0}, and this version reads {FORMAT}: hunt again")]
    OtherFormat(u32),
    /// It belongs to another theorem.
    #[error("it remembers instances of {found}, not of {expected}")]
    OtherTheorem {
        /// The theorem that it names.
        found: String,
        /// The theorem that it was read for.
        expected: String,
    },
    /// Somebody has edited an entry.
    #[error(
        "the instance of {claim} from “{family}” was edited: it is not what its checksum says; hunt again"
    )]
    Edited {
        /// Name of the claim.
        claim: String,
        /// Name of the family.
        family: String,
    },
}

impl Remembered {
    /// The instance that a claim was examined on; none if its choices are not known, or it shows no tightness.
    pub fn of(claim: &str, instance: &InstanceEvidence) -> Option<Self> {
        let mut remembered = Remembered {
            claim: claim.into(),
            family: instance.family.clone(),
            description: instance.description.clone(),
            tightness: instance.nearness()?,
            choices: instance.origin.choices()?.clone(),
            checksum: String::new(),
        };
        remembered.checksum = remembered.sum();
        Some(remembered)
    }

    fn sum(&self) -> String {
        let mut hash = Sha256::new();
        let choices = self.choices.to_string();
        for text in [&self.claim, &self.family, &self.description, &choices] {
            hash.update((text.len() as u64).to_le_bytes());
            hash.update(text);
        }
        hash.update(self.tightness.to_le_bytes());
        let sum: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        sum[..CHECKSUM].into()
    }

    /// Whether an instance that is described so is the one that is remembered.
    pub(crate) fn is_still(&self, description: &str) -> bool {
        is_the_same(description, &self.description)
    }

    pub(crate) fn origin(&self) -> Origin {
        Origin::Remembered {
            choices: self.choices.clone(),
            tightness: self.tightness,
            description: self.description.clone(),
        }
    }
}

impl Memory {
    /// Nothing is remembered of this theorem.
    pub fn new(theorem: &str) -> Self {
        Memory { format: FORMAT, theorem: theorem.into(), instances: Vec::new() }
    }

    /// What a file says.
    ///
    /// # Errors
    /// If it is no memory, of another version, or was edited.
    pub fn read(text: &str) -> Result<Self, MemoryError> {
        #[derive(Deserialize)]
        struct Head {
            format: u32,
        }
        let unreadable = |error: serde_json::Error| MemoryError::Unreadable(error.to_string());
        let head: Head = serde_json::from_str(text).map_err(unreadable)?;
        if head.format != FORMAT {
            return Err(MemoryError::OtherFormat(head.format));
        }
        let memory: Memory = serde_json::from_str(text).map_err(unreadable)?;
        match memory.instances.iter().find(|entry| entry.checksum != entry.sum()) {
            Some(Remembered { claim, family, .. }) => {
                Err(MemoryError::Edited { claim: claim.clone(), family: family.clone() })
            }
            None => Ok(memory),
        }
    }

    /// The same if it is of this theorem.
    ///
    /// # Errors
    /// If it is not.
    pub fn of(self, theorem: &str) -> Result<Self, MemoryError> {
        if self.theorem == theorem {
            return Ok(self);
        }
        Err(MemoryError::OtherTheorem { found: self.theorem, expected: theorem.into() })
    }

    /// As a file.
    pub fn to_json(&self) -> String {
        // A tree of strings and numbers can always be written.
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// All instances.
    pub fn instances(&self) -> &[Remembered] {
        &self.instances
    }

    /// Takes an instance in the place of the one of the same claim and family, if it is worse. Whether it did.
    pub fn take(&mut self, worst: Remembered) -> bool {
        let same = |entry: &&mut Remembered| {
            (&entry.claim, &entry.family) == (&worst.claim, &worst.family)
        };
        match self.instances.iter_mut().find(same) {
            Some(known) if known.tightness >= worst.tightness => false,
            Some(known) => {
                *known = worst;
                true
            }
            None => {
                self.instances.push(worst);
                self.instances.sort_by(|a, b| (&a.claim, &a.family).cmp(&(&b.claim, &b.family)));
                true
            }
        }
    }

    /// Puts in the place of each instance what it is by now, and forgets those that are none any more.
    pub fn revise(&mut self, by_now: impl FnMut(Remembered) -> Option<Remembered>) {
        self.instances =
            std::mem::take(&mut self.instances).into_iter().filter_map(by_now).collect();
    }
}

impl ClaimEvidence {
    /// Leaves out remembered instances that are not what they were, and says so; says it too where one comes less near to
    /// its bound than it did. The instances have these numbers, of which those that are left out go too; returned are the
    /// numbers of those that are spoken of, one for each sentence.
    pub(crate) fn forget(&mut self, places: &mut Vec<usize>) -> Vec<usize> {
        let mut lost = Vec::new();
        let (mut kept, mut kept_places) = (Vec::new(), Vec::new());
        for (instance, place) in self.instances.drain(..).zip(places.drain(..)) {
            let fate = instance.fate();
            if let Fate::Dropped(why) | Fate::Kept(Some(why)) = &fate {
                lost.push((place, why.clone()));
            }
            if matches!(fate, Fate::Kept(_)) {
                kept.push(instance);
                kept_places.push(place);
            }
        }
        (self.instances, *places) = (kept, kept_places);
        let (spoken_of, sentences) = lost.into_iter().unzip();
        self.forgotten = sentences;
        spoken_of
    }
}

/// What becomes of an instance that was remembered.
enum Fate {
    /// It stays; perhaps there is something to say of it.
    Kept(Option<String>),
    /// It goes, and why.
    Dropped(String),
}

impl InstanceEvidence {
    fn fate(&self) -> Fate {
        let Origin::Remembered { tightness, description, .. } = &self.origin else {
            return Fate::Kept(None);
        };
        let family = &self.family;
        if !is_the_same(&self.description, description) {
            return Fate::Dropped(format!(
                "the worst instance known from “{family}” is dropped: its choices draw “{}” now, and drew \
                 “{description}”",
                self.description
            ));
        }
        if !self.counts {
            return Fate::Dropped(format!(
                "the worst instance known from “{family}” is dropped: it does not satisfy the hypotheses any more"
            ));
        }
        let now = self.nearness().unwrap_or(0.0);
        // Trials differ from seed to seed.
        let fallen = self.trials.is_none() && now < tightness - SAME * tightness.max(1.0);
        Fate::Kept(fallen.then(|| {
            format!(
                "the worst instance known from “{family}” comes to {now:.6} of its bound, and came to {tightness:.6}"
            )
        }))
    }
}

impl InstanceEvidence {
    /// How near the measurement comes to the bound: beyond 1 where it is broken.
    pub fn nearness(&self) -> Option<f64> {
        let finding = self.finding.as_ref()?;
        let refuted = finding.verdict == crate::Verdict::Refuted;
        if refuted { Some(finding.closeness) } else { finding.severity.tightness() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn remembered(claim: &str, tightness: f64) -> Remembered {
        let mut one = Remembered {
            claim: claim.into(),
            family: "halves".into(),
            description: "from 1".into(),
            tightness,
            choices: Choices::new([1, 2]),
            checksum: String::new(),
        };
        one.checksum = one.sum();
        one
    }

    fn told(text: &str) -> String {
        Memory::read(text).unwrap_err().to_string()
    }

    #[test]
    fn only_what_is_worse_is_taken() {
        let mut memory = Memory::new("examples/halving");
        assert!(memory.take(remembered("b", 0.5)) && memory.take(remembered("a", 0.25)));
        assert!(!memory.take(remembered("b", 0.5)) && memory.take(remembered("b", 0.75)));
        let kept: Vec<f64> = memory.instances().iter().map(|one| one.tightness).collect();
        assert_eq!(kept, [0.25, 0.75]);
        assert_eq!(Memory::read(&memory.to_json()), Ok(memory));
    }

    #[test]
    fn what_is_cut_edited_or_of_others_is_named_in_a_sentence() {
        let mut memory = Memory::new("examples/halving");
        memory.take(remembered("a", 0.25));
        let text = memory.to_json();
        for end in 0..text.len() - 3 {
            assert!(told(&text[..end]).starts_with("the file is cut off or no memory"), "{end}");
        }
        for (from, to) in
            [("1 2", "1 3"), ("0.25", "0.26"), ("from 1", "from 2"), ("halves", "others")]
        {
            assert!(told(&text.replace(from, to)).contains("was edited"), "{from}");
        }
        assert!(told(&text.replace("\"format\": 1", "\"format\": 9")).contains("has format 9"));
        let other = memory.of("examples/doubling").unwrap_err().to_string();
        assert_eq!(other, "it remembers instances of examples/halving, not of examples/doubling");
    }
}
