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
    /// How often trials were added to what was still open.
    #[serde(default, skip_serializing_if = "is_never")]
    pub deepened: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_never(count: &u32) -> bool {
    *count == 0
}

impl Run {
    /// The same run, whatever shard of it and however deep.
    #[must_use]
    pub fn whole(&self) -> Self {
        Run { shard: None, deepened: 0, ..self.clone() }
    }

    /// The run that these settings describe.
    pub fn with(settings: &Settings) -> Self {
        Run { seed: settings.seed, effort: settings.effort, shard: settings.shard, deepened: 0 }
    }
}

impl std::fmt::Display for Run {
    /// "seed 7, effort standard".
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "seed {}, effort {}", self.seed, self.effort)?;
        if let Some(shard) = self.shard {
            write!(f, ", {shard}")?;
        }
        match self.deepened {
            0 => Ok(()),
            1 => f.write_str(", deepened once"),
            times => write!(f, ", deepened {times} times"),
        }
    }
}
