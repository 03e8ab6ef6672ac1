//! What a check can say, and how sharply it could have said it.

use serde::{Deserialize, Serialize};

use crate::evidence::number;

/// What a measurement says of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The measurement agrees, and could have disagreed.
    Supported,
    /// The measurement contradicts the claim.
    Refuted,
    /// Neither: too little was seen. Never a pass.
    Inconclusive,
}

impl Verdict {
    /// The verdict on "for all instances" from the verdicts on the instances: one refutation
    /// refutes, support takes every one, and no instance at all says nothing.
    ///
    /// ```
    /// use theoria_verification::Verdict::{self, *};
    /// assert_eq!(Verdict::for_all([Supported, Supported]), Supported);
    /// assert_eq!(Verdict::for_all([Supported, Inconclusive]), Inconclusive);
    /// assert_eq!(Verdict::for_all([Inconclusive, Refuted]), Refuted);
    /// assert_eq!(Verdict::for_all([]), Inconclusive);
    /// ```
    pub fn for_all(verdicts: impl IntoIterator<Item = Verdict>) -> Verdict {
        let mut seen = false;
        let mut all_supported = true;
        for verdict in verdicts {
            seen = true;
            match verdict {
                Verdict::Refuted => return Verdict::Refuted,
                Verdict::Inconclusive => all_supported = false,
                Verdict::Supported => {}
            }
        }
        if seen && all_supported { Verdict::Supported } else { Verdict::Inconclusive }
    }
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Verdict::Supported => "supported",
            Verdict::Refuted => "refuted",
            Verdict::Inconclusive => "inconclusive",
        })
    }
}

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

/// What the claims and controls of a theorem amount to together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Every claim is supported and every control is refuted.
    Holds,
    /// A claim is refuted.
    Refuted,
    /// A control was not refuted: the check has no power.
    NotEvidence,
    /// No claim is refuted, but not all are supported.
    Inconclusive,
}

impl std::fmt::Display for Standing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Standing::Holds => "holds here",
            Standing::Refuted => "refuted",
            Standing::NotEvidence => "not evidence",
            Standing::Inconclusive => "inconclusive",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use quickcheck::{Arbitrary, Gen, quickcheck};

    impl Arbitrary for Verdict {
        fn arbitrary(g: &mut Gen) -> Self {
            *g.choose(&[Verdict::Supported, Verdict::Refuted, Verdict::Inconclusive]).unwrap()
        }
    }

    quickcheck! {
        fn verdict_on_all_does_not_depend_on_order(verdicts: Vec<Verdict>) -> bool {
            let mut reversed = verdicts.clone();
            reversed.reverse();
            Verdict::for_all(verdicts) == Verdict::for_all(reversed)
        }

        fn support_takes_every_instance(verdicts: Vec<Verdict>) -> bool {
            (Verdict::for_all(verdicts.clone()) == Verdict::Supported)
                == (!verdicts.is_empty() && verdicts.iter().all(|v| *v == Verdict::Supported))
        }

        fn parts_may_be_judged_apart(left: Vec<Verdict>, right: Vec<Verdict>) -> bool {
            if left.is_empty() || right.is_empty() { return true; }
            let whole = Verdict::for_all(left.iter().chain(&right).copied());
            Verdict::for_all([Verdict::for_all(left), Verdict::for_all(right)]) == whole
        }
    }
}
