//! The verdict on one instance.

use serde::{Deserialize, Serialize};

use super::{ErrorRates, Level, Verdict};
use crate::number;

/// What the check could have seen.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// For a bound: how closely it was reached.
    Tightness {
        /// The largest measured / predicted (for a lower bound its inverse). 1 means that the bound is
        /// attained, 0.01 that it is a hundred times too generous.
        #[serde(with = "number")]
        value: f64,
        /// Where the bound decays: the logarithm of the factor by which it falls from the first point to the last
        /// that rounding leaves, over that of the measurement. 1 means that both decay alike, 0.5 that the
        /// measurement falls as the square of the bound.
        #[serde(default, skip_serializing_if = "Option::is_none", with = "number::optional")]
        rate: Option<f64>,
    },
    /// For an equality, rate or limit: the smallest deviation that this check would have refuted,
    /// in the units of the deviation (relative for identities and linear rates, absolute for
    /// exponents).
    Resolution(#[serde(with = "number")] f64),
    /// For a bound of an expectation both: the largest mean / bound, and the smallest excess over the bound,
    /// relative to it, that the trials would have refuted with probability 0.99.
    Expected {
        /// As above.
        #[serde(with = "number")]
        tightness: f64,
        /// As above.
        #[serde(with = "number")]
        resolution: f64,
    },
    /// Nothing could have been seen.
    None,
}

impl Severity {
    /// How closely a bound was reached; none of other claims.
    pub fn tightness(self) -> Option<f64> {
        match self {
            Severity::Tightness { value, .. } => Some(value),
            Severity::Expected { tightness, .. } => Some(tightness),
            Severity::Resolution(_) | Severity::None => None,
        }
    }
}

/// A point at which a claim fails.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Violation {
    /// Abscissa (step, time, dimension ...).
    #[serde(with = "number")]
    pub at: f64,
    /// What was measured there.
    #[serde(with = "number")]
    pub measured: f64,
    /// What the claim allows or demands there.
    #[serde(with = "number")]
    pub predicted: f64,
}

/// The verdict on one instance, with the numbers that it rests on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// What the measurement says.
    pub verdict: Verdict,
    /// How much that may be believed.
    pub level: Level,
    /// Where the check came closest to failing, or failed worst.
    #[serde(with = "number")]
    pub at: f64,
    /// Measured there (a rate: the fitted one).
    #[serde(with = "number")]
    pub measured: f64,
    /// Predicted there (a rate: the predicted one).
    #[serde(with = "number")]
    pub predicted: f64,
    /// What could have been seen.
    pub severity: Severity,
    /// How close it came to refutation: 1 at the edge, more beyond it.
    #[serde(with = "number")]
    pub closeness: f64,
    /// The first point that contradicts the claim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_violation: Option<Violation>,
    /// How often such a check goes wrong.
    pub errors: ErrorRates,
    /// In one short phrase what the verdict rests on beside the trials: the bound that proves it, or the assumption
    /// that makes it nominal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rests_on: Option<String>,
    /// What else there is to say: an interval, a reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Finding {
    /// A finding that says nothing, and why.
    pub fn inconclusive(note: impl Into<String>) -> Self {
        Finding { note: Some(note.into()), ..Finding::without_chance(Level::Exact) }
    }

    /// A finding in which no chance enters, to be completed: so far inconclusive.
    pub(crate) fn without_chance(level: Level) -> Self {
        Finding {
            verdict: Verdict::Inconclusive,
            level,
            at: f64::NAN,
            measured: f64::NAN,
            predicted: f64::NAN,
            severity: Severity::None,
            closeness: 0.0,
            first_violation: None,
            errors: ErrorRates::NONE,
            rests_on: None,
            note: None,
        }
    }
}
