//! More trials for what is still open.

use rayon::prelude::*;

use super::drawn::{DrawnClaim, Member, Place, Shared, Source};
use crate::evidence::{ClaimEvidence, InstanceEvidence, Origin};
use crate::journal::Page;
use crate::{Role, Settings, Stream, Verdict};

/// The evidence for a claim with as many trials again on each instance that is open; none if none is.
///
/// # Errors
/// If an instance is none of the claim's any more, or its experiment is another one: which, and why.
pub(crate) fn deepened(
    member: Member<'_>,
    evidence: &ClaimEvidence,
    theorem: &Stream,
    settings: &Settings,
    page: &Page,
) -> Result<Option<ClaimEvidence>, String> {
    let claim = DrawnClaim::new(member, settings);
    let origin = theorem.child(claim.claim.header().origin);
    let open: Vec<usize> =
        (0..evidence.instances.len()).filter(|i| evidence.instances[*i].is_open()).collect();
    if open.is_empty() {
        return Ok(None);
    }
    let more: Vec<(usize, InstanceEvidence)> = open
        .into_par_iter()
        .map(|i| {
            let instance = &evidence.instances[i];
            let deepened = claim.deepen(instance, &origin, settings, &page.part(i));
            let number = instance.index.saturating_add(1);
            deepened
                .map(|deepened| (i, deepened))
                .map_err(|why| format!("{}, {} {number}: {why}", evidence.name, instance.family))
        })
        .collect::<Result<_, String>>()?;
    let mut union = evidence.clone();
    // What was planned has spent the claim's share of the suite's budget; all deepenings together spend a second one.
    let for_the_first_time = evidence
        .instances
        .iter()
        .all(|instance| instance.trials.as_ref().is_none_or(|trials| trials.plan.deepened == 0));
    if for_the_first_time {
        union.error_budget *= 2.0;
    }
    for (i, instance) in more {
        union.instances[i] = instance;
    }
    for instance in &mut union.instances {
        if let Some(trials) = &instance.trials {
            instance.curve = Some(trials.curve());
        }
    }
    union.conclude();
    union.keep_curves_that_are_shown();
    if union.role == Role::Claim && union.verdict == Verdict::Refuted {
        union.counterexample = union.decisive_instance().and_then(|worst| {
            let (place, _) = claim.place_of(worst, &origin)?;
            claim.shrunk(&place, worst.origin.choices().cloned(), &origin, settings)
        });
    }
    Ok(Some(union))
}

impl InstanceEvidence {
    /// Whether more trials may decide what those that there are do not.
    pub fn is_open(&self) -> bool {
        // Of what was computed again in higher precision nothing is known of the numbers before.
        let trials = self.trials.as_ref().filter(|_| self.counts && !self.in_higher_precision);
        trials.is_some_and(crate::TrialEvidence::is_open)
    }
}

impl DrawnClaim<'_> {
    fn deepen(
        &self,
        instance: &InstanceEvidence,
        origin: &Stream,
        settings: &Settings,
        page: &Page,
    ) -> Result<InstanceEvidence, String> {
        let found = self.place_of(instance, origin);
        let (place, stream) = found.ok_or("the claim has no such instance any more")?;
        let mut shared = Shared::new(false);
        shared.seen.earlier = instance.trials.clone();
        shared.seen.page = page.clone();
        let examine = || self.examine_drawn(&place, &stream, &mut shared, settings);
        let deepened = self.unless_it_panics(&place, settings, examine);
        if let Some(reason) = deepened.panicked() {
            return Err(format!("its experiment panicked: {reason}"));
        }
        if let Some(why) = shared.seen.refused {
            return Err(format!("its experiment is another one by now, {why}"));
        }
        if deepened.counts {
            Ok(deepened)
        } else {
            Err("it satisfies the hypotheses no more".into())
        }
    }

    /// Where an instance comes from, and the stream that it was examined with.
    fn place_of(&self, instance: &InstanceEvidence, origin: &Stream) -> Option<(Place, Stream)> {
        let is_its = |place: &&Place| {
            self.names[place.family] == instance.family
                && match (&place.source, &instance.origin) {
                    (Source::Numbered, Origin::Listed | Origin::Drawn)
                    | (Source::Known(_), Origin::Remembered { .. }) => {
                        place.index == instance.index
                    }
                    (Source::Search(_), Origin::Searched(_)) => true,
                    _ => false,
                }
        };
        let place = self.places.iter().find(is_its)?;
        let family = origin.child(self.families[place.family].name);
        let stream = match &place.source {
            Source::Numbered => family.child(place.index),
            Source::Known(known) => family.child("known").child(known.rank()).child(place.index),
            Source::Search(_) => family.child("searched").child(self.claim.header().name),
        };
        let source = match &place.source {
            // What was found is not searched for again.
            Source::Search(_) => Source::Known(instance.origin.clone()),
            other => other.clone(),
        };
        Some((Place { source, ..place.clone() }, stream))
    }
}
