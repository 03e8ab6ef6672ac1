//! From a curve to a finding: one kind of claim a file.
//!
//! An inequality is refuted by evidence against it. An equality, an exponent or a rate must earn
//! its support: the interval of what was measured lies within the margin. Everything else is
//! inconclusive.

mod bound;
mod departure;
mod envelope;
mod exponent;
mod identity;
mod linear_rate;
mod recorded;
mod scales;
mod slopes;
mod sound;
mod stretch;
mod trials;

pub use bound::{Bound, Direction};
pub use exponent::Exponent;
pub use identity::Identity;
pub use linear_rate::LinearRate;
pub(crate) use recorded::{Kind, OWN, recorded_kind};
pub use trials::{Side, TrialEvidence, TrialJudgement};

use crate::{Curve, Finding};

/// A kind of claim.
pub trait Judgement: Send + Sync {
    /// Its name, for people. Evidence marks the kinds that are not this crate's (`own: …`), since they cannot be
    /// judged again by whom reads it; so a kind of one's own is not called as one of these.
    fn kind(&self) -> &'static str;

    /// Whether it can be claimed that the measurement reaches what is predicted: so for bounds.
    fn can_be_attained(&self) -> bool {
        false
    }

    /// What the curve of one instance says. `attained` is the tightness that a bound is claimed to
    /// reach on this instance; other kinds have no use for it.
    fn judge(&self, curve: &Curve, attained: Option<f64>) -> Finding;
}
