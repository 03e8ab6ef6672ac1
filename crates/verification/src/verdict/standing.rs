//! The verdict on a theorem.

use serde::{Deserialize, Serialize};

use super::Verdict;

/// Whether a claim is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Meant: it must be supported.
    Claim,
    /// False on purpose: it must come out refuted, which shows that the check has power.
    Control,
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

impl Standing {
    /// What the verdicts on claims and controls amount to together. A refuted claim outweighs a control that
    /// is not refuted.
    ///
    /// ```
    /// use theoria_verification::{Role, Standing, Verdict};
    /// let holds = Standing::of([(Role::Claim, Verdict::Supported), (Role::Control, Verdict::Refuted)]);
    /// assert_eq!(holds, Standing::Holds);
    /// let powerless = Standing::of([(Role::Claim, Verdict::Supported), (Role::Control, Verdict::Supported)]);
    /// assert_eq!(powerless, Standing::NotEvidence);
    /// ```
    pub fn of(verdicts: impl IntoIterator<Item = (Role, Verdict)>) -> Standing {
        let (claims, controls): (Vec<_>, Vec<_>) =
            verdicts.into_iter().partition(|(role, _)| *role == Role::Claim);
        match Verdict::for_all(claims.into_iter().map(|(_, verdict)| verdict)) {
            Verdict::Refuted => Standing::Refuted,
            _ if controls.iter().any(|(_, verdict)| *verdict != Verdict::Refuted) => {
                Standing::NotEvidence
            }
            Verdict::Inconclusive => Standing::Inconclusive,
            Verdict::Supported => Standing::Holds,
        }
    }
}
