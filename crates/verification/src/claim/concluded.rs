//! What a claim comes to, and the simplest counterexample where it is refuted.

use super::drawn::{DrawnClaim, Place, Shared, Source};
use crate::evidence::{ClaimEvidence, InstanceEvidence, Origin, ShareOfClaim};
use crate::judgement::recorded_kind;
use crate::{Choices, Draw, ErrorRates, Level, Role, Settings, Severity, Stream, Verdict};

impl DrawnClaim<'_> {
    /// The verdict on the claim, and a small counterexample where it is refuted. The instances have these numbers among
    /// all of the claim.
    pub(super) fn conclude(
        &self,
        instances: Vec<(usize, InstanceEvidence)>,
        origin: &Stream,
        settings: &Settings,
    ) -> ClaimEvidence {
        let header = self.claim.header();
        let (mut places, instances): (Vec<usize>, Vec<InstanceEvidence>) =
            instances.into_iter().unzip();
        let mut evidence = ClaimEvidence {
            name: header.name.into(),
            role: self.role,
            kind: recorded_kind(header.kind),
            formula: header.formula.into(),
            violates: header.violates.map(Into::into),
            error_budget: settings.budget.per_claim(),
            verdict: Verdict::Inconclusive,
            severity: Severity::None,
            least: header.least,
            level: Level::Exact,
            errors: ErrorRates::NONE,
            decisive: None,
            forgotten: Vec::new(),
            share: None,
            instances,
            counterexample: None,
        };
        let forgotten = evidence.forget(&mut places);
        evidence.share = settings.shard.map(|_| ShareOfClaim {
            of: self.places.len(),
            places: places.clone(),
            forgotten,
        });
        evidence.conclude();
        evidence.keep_curves_that_are_shown();
        if self.role == Role::Claim && evidence.verdict == Verdict::Refuted {
            evidence.counterexample = evidence.decisive.and_then(|i| {
                let known = evidence.instances.get(i)?.origin.choices().cloned();
                self.shrunk(self.places.get(*places.get(i)?)?, known, origin, settings)
            });
        }
        evidence
    }

    /// The simplest instance that refutes as the one at this place does.
    pub(super) fn shrunk(
        &self,
        place: &Place,
        known: Option<Choices>,
        origin: &Stream,
        settings: &Settings,
    ) -> Option<Box<InstanceEvidence>> {
        let header = &self.families[place.family];
        if header.length.is_some() {
            return None;
        }
        let stream = origin.child("shrink");
        let numbered = || self.choices(place, &origin.child(header.name).child(place.index));
        let choices = known.unwrap_or_else(numbered);
        let choices = self.hunt(place, settings).simplest_counterexample(&choices, &stream);
        let source = Source::Known(Origin::Shrunk { choices });
        let place = Place { source, ..place.clone() };
        let examined = self.examine_drawn(&place, &stream, &mut Shared::new(false), settings);
        let finding = examined.finding.as_ref();
        let refutes = finding.is_some_and(|found| found.verdict == Verdict::Refuted);
        refutes.then(|| Box::new(examined))
    }

    /// What an instance is drawn from that has a number.
    fn choices(&self, place: &Place, stream: &Stream) -> Choices {
        let mut draw = Draw::recording(stream.child("instance").trial(0));
        self.claim.draw(place.family, &mut draw, place.index);
        draw.choices()
    }
}
