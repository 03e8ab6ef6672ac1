//! Where an instance comes from.

use serde::{Deserialize, Serialize};

use crate::{Choices, number};

/// How an instance was come by.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Origin {
    /// One of a list, which its author made.
    Listed,
    /// Drawn at random.
    #[default]
    Drawn,
    /// The worst that a search has found, and was not told of.
    Searched(Searched),
    /// The worst that was ever found, kept with the theorem.
    Remembered {
        /// What it was drawn from.
        choices: Choices,
        /// The tightness that it had when it was found.
        #[serde(with = "number")]
        tightness: f64,
        /// What it was, in words.
        description: String,
    },
    /// What is left of a counterexample when all that it does not need is taken away.
    Shrunk {
        /// What it was drawn from.
        choices: Choices,
    },
}

/// What a search has found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Searched {
    /// How many instances it looked at.
    pub evaluations: usize,
    /// What the worst was drawn from.
    pub choices: Choices,
    /// What another search, which knew nothing of this one, came to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub again: Option<Again>,
    /// The tightness of each instance that the search has drawn and not bred, in increasing order, thinned.
    #[serde(default, skip_serializing_if = "Vec::is_empty", with = "number::list")]
    pub drawn: Vec<f64>,
    /// The tightness that was reached, and after how many instances.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub course: Vec<Reached>,
}

/// A search from another stream, which ends as soon as it has found 95% of what the first one did.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Again {
    /// How many instances it looked at.
    pub evaluations: usize,
    /// The largest tightness that it has found.
    #[serde(with = "number")]
    pub tightness: f64,
}

/// A record of a search.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Reached {
    /// How many instances it had looked at.
    pub evaluations: usize,
    /// The largest tightness that it had found.
    #[serde(with = "number")]
    pub tightness: f64,
}

impl Searched {
    /// A search that found nothing.
    pub(crate) fn vain(evaluations: usize) -> Self {
        Searched {
            evaluations,
            choices: Choices::default(),
            again: None,
            drawn: Vec::new(),
            course: Vec::new(),
        }
    }
}

impl Origin {
    /// The same for those that are numbered alike: of two origins an instance has two records.
    pub(crate) fn rank(&self) -> usize {
        match self {
            Origin::Listed | Origin::Drawn => 0,
            Origin::Remembered { .. } => 1,
            Origin::Searched(_) => 2,
            Origin::Shrunk { .. } => 3,
        }
    }

    /// Whether it is one of those that are drawn by number.
    pub fn is_drawn(&self) -> bool {
        *self == Origin::Drawn
    }

    /// What it was drawn from, where that is kept.
    pub fn choices(&self) -> Option<&Choices> {
        match self {
            Origin::Listed | Origin::Drawn => None,
            Origin::Searched(searched) => Some(&searched.choices),
            Origin::Remembered { choices, .. } | Origin::Shrunk { choices } => Some(choices),
        }
    }
}
