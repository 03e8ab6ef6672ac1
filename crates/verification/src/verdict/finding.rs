//! The verdict on one instance.

use serde::{Deserialize, Serialize};

use super::Verdict;
use crate::number;

/// What the check could have seen.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// For a bound: the largest measured / predicted (for a lower bound its inverse). 1 means
    /// that the bound is attained, 0.01 that it is a hundred times too generous.
    Tightness(#[serde(with = "number")] f64),
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
    /// The probability that this verdict is wrong although everything was computed rightly; 0 for
    /// deterministic experiments, where only rounding enters.
    #[serde(with = "number")]
    pub error_probability: f64,
    /// What else there is to say: an interval, a reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Finding {
    /// A finding that says nothing, and why.
    pub fn inconclusive(note: impl Into<String>) -> Self {
        Finding {
            verdict: Verdict::Inconclusive,
            at: f64::NAN,
            measured: f64::NAN,
            predicted: f64::NAN,
            severity: Severity::None,
            closeness: 0.0,
            first_violation: None,
            error_probability: 0.0,
            note: Some(note.into()),
        }
    }
}
