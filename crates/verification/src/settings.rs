//! What a run is given from outside.

use serde::{Deserialize, Serialize};

use crate::Budget;

/// How much is drawn: the number of instances of each family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effort {
    /// A first look.
    Quick,
    /// What the tests and the report use.
    Standard,
    /// For a long night.
    Thorough,
}

impl Effort {
    /// How many times the usual number of trials an experiment may take.
    pub fn trials_factor(self) -> usize {
        match self {
            Effort::Quick | Effort::Standard => 1,
            Effort::Thorough => 4,
        }
    }

    /// Number of instances that are drawn from a random family that does not say how many.
    pub fn instances(self) -> usize {
        self.instances_of(None)
    }

    /// Number of instances that are drawn from a random family that says how many there are to be at standard
    /// effort: a third of them (at least 2) for a first look, four times as many for a long night.
    pub(crate) fn instances_of(self, at_standard: Option<usize>) -> usize {
        let standard = at_standard.unwrap_or(6);
        match self {
            Effort::Quick => (standard / 3).max(2),
            Effort::Standard => standard,
            Effort::Thorough => 4 * standard,
        }
    }

    /// How many instances a search looks at that looks at so many at standard effort.
    pub(crate) fn evaluations_of(self, at_standard: usize) -> usize {
        match self {
            Effort::Quick => (at_standard / 4).max(1),
            Effort::Standard => at_standard,
            Effort::Thorough => at_standard.saturating_mul(10),
        }
    }
}

impl std::fmt::Display for Effort {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Effort::Quick => "quick",
            Effort::Standard => "standard",
            Effort::Thorough => "thorough",
        })
    }
}

/// A share of the work, for one of several machines. Instances, searches and figures are dealt out, each whole to one
/// shard; evidence of all shards merges into what one machine would have said, to the byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Shard {
    /// Number of the shard, from 0.
    pub index: usize,
    /// Number of shards, at most [`Shard::MOST`].
    pub of: usize,
}

impl Shard {
    /// So many shards have little to do each.
    pub const MOST: usize = 1024;

    /// Whether it can be: one of at most so many.
    pub fn is_sound(&self) -> bool {
        self.index < self.of && self.of <= Self::MOST
    }
}

impl std::fmt::Display for Shard {
    /// "shard 2 of 3": people count from 1.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "shard {} of {}", self.index.saturating_add(1), self.of)
    }
}

/// Seed, effort and error budget of a run.
///
/// ```
/// use theoria_verification::{Effort, Settings};
/// let settings = Settings { effort: Effort::Thorough, ..Settings::default() }.with_seed(7);
/// assert_eq!((settings.seed, settings.effort.instances()), (7, 24));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// All random streams derive from it.
    pub seed: u64,
    /// How much is drawn.
    pub effort: Effort,
    /// How improbable a wrong verdict must be.
    pub budget: Budget,
    /// The share of the work to do; all if none.
    pub shard: Option<Shard>,
    /// How many instances are looked at in search of the simplest counterexample of a claim that is refuted, which takes a minute at
    /// most. No verdict depends on it.
    pub attempts: usize,
}

impl Settings {
    /// The seed that the committed table of verdicts was made with.
    pub const DEFAULT_SEED: u64 = 20_240_229;

    /// The same settings with another seed.
    #[must_use]
    pub fn with_seed(self, seed: u64) -> Self {
        Settings { seed, ..self }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            seed: Self::DEFAULT_SEED,
            effort: Effort::Standard,
            budget: Budget::default(),
            shard: None,
            attempts: 2000,
        }
    }
}
