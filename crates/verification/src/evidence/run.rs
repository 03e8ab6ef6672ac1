//! One run of the check.

use serde::{Deserialize, Serialize};

use crate::{Effort, Settings, Shard};

/// One run of the check.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Run {
    /// The seed that all random streams derive from.
    #[serde(with = "super::seed")]
    pub seed: u64,
    /// How much was drawn.
    pub effort: Effort,
    /// Which share of the work was done; none if all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shard: Option<Shard>,
}

impl Run {
    /// The run that these settings describe.
    pub fn with(settings: &Settings) -> Self {
        Run { seed: settings.seed, effort: settings.effort, shard: settings.shard }
    }
}

impl std::fmt::Display for Run {
    /// "seed 7, effort standard".
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "seed {}, effort {}", self.seed, self.effort)?;
        match self.shard {
            Some(shard) => write!(f, ", {shard}"),
            None => Ok(()),
        }
    }
}
