//! How near to a bound the instances come that were drawn, and those that were searched for.

use crate::Role;
use crate::claim::SEEN;
use crate::evidence::{ClaimEvidence, InstanceEvidence, Origin};

/// The largest tightness of a bound by how its instances were come by; none where there is none of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Severities {
    /// On instances that their author made.
    pub listed: Option<f64>,
    /// On instances that were drawn at random.
    pub drawn: Option<f64>,
    /// On the worst that a search has found, and was not told of.
    pub searched: Option<f64>,
    /// On the worst that is known.
    pub remembered: Option<f64>,
}

impl ClaimEvidence {
    /// How near to the bound its instances come, by how they were come by.
    pub fn severities(&self) -> Severities {
        let mut severities = Severities::default();
        for instance in self.counted() {
            let Some(nearness) = instance.nearness() else {
                continue;
            };
            let kind = match instance.origin {
                Origin::Listed => &mut severities.listed,
                Origin::Drawn => &mut severities.drawn,
                Origin::Searched(_) => &mut severities.searched,
                Origin::Remembered { .. } => &mut severities.remembered,
                Origin::Shrunk { .. } => continue,
            };
            *kind = Some(kind.map_or(nearness, |most| most.max(nearness)));
        }
        severities
    }

    /// The instances that a search has found.
    pub fn searched(&self) -> impl Iterator<Item = &InstanceEvidence> {
        self.instances.iter().filter(|instance| matches!(instance.origin, Origin::Searched(_)))
    }

    /// A searched instance near its bound that neither another search nor an instance made by hand comes near to.
    pub(super) fn unconfirmed(&self) -> Option<&InstanceEvidence> {
        let listed = self.severities().listed.unwrap_or(0.0);
        let is_unconfirmed = |instance: &&InstanceEvidence| {
            let Origin::Searched(searched) = &instance.origin else {
                return false;
            };
            let nearness = instance.nearness().unwrap_or(0.0).min(1.0);
            let again = searched.again.map_or(0.0, |again| again.tightness).max(listed);
            self.role == Role::Claim
                && instance.trials.is_none()
                && nearness >= SEEN
                && again < SEEN * nearness * (1.0 - 1e-9)
        };
        self.searched().find(is_unconfirmed)
    }
}
