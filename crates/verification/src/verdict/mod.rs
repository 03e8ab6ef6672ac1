//! What a check can say, and how sharply it could have said it.

mod conclusion;
mod finding;
mod level;
mod standing;

use serde::{Deserialize, Serialize};

pub(crate) use conclusion::Conclusion;
pub use finding::{Finding, Severity, Violation};
pub use level::{ErrorRates, Level};
pub use standing::{Role, Standing};

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

    /// What the verdicts on the instances of a control amount to: it is false of every one of them, so refutation
    /// takes every one as well.
    ///
    /// ```
    /// use theoria_verification::Verdict::{self, *};
    /// assert_eq!(Verdict::on_every_one([Refuted, Refuted]), Refuted);
    /// assert_eq!(Verdict::on_every_one([Refuted, Supported]), Inconclusive);
    /// assert_eq!(Verdict::on_every_one([]), Inconclusive);
    /// ```
    pub fn on_every_one(verdicts: impl IntoIterator<Item = Verdict>) -> Verdict {
        let mut verdicts = verdicts.into_iter();
        match verdicts.next() {
            Some(first) if verdicts.all(|verdict| verdict == first) => first,
            _ => Verdict::Inconclusive,
        }
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
