//! Examining claims that measure the same, together: each instance is drawn once, and what is measured on it
//! is measured once.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::dealer::{Dealer, Work};
use super::drawn::{DrawnClaim, Member, Place, Shared, Source};
use crate::evidence::{ClaimEvidence, InstanceEvidence};
use crate::journal::Page;
use crate::{Choices, Hunted, Settings, Stream};

/// Claims that share measurement and origin, and those of their instances that are to be examined.
pub(crate) struct Together<'a> {
    claims: Vec<DrawnClaim<'a>>,
    tasks: Vec<Task>,
    stream: Stream,
}

/// Those who ask for an instance: claims, each with its own number of the instance.
type Task = Vec<(usize, usize)>;

impl<'a> Together<'a> {
    /// Of each instance it is the dealer who says whether it is examined here.
    pub(crate) fn new(
        members: &[Member<'a>],
        theorem: &Stream,
        dealer: &mut Dealer,
        settings: &Settings,
    ) -> Self {
        let claims: Vec<DrawnClaim<'a>> =
            members.iter().map(|member| DrawnClaim::new(*member, settings)).collect();
        let origin = claims.first().map_or("", |first| first.claim.header().origin);
        let stream = theorem.child(origin);
        let mut tasks = tasks(&claims);
        tasks.retain(|task| {
            let work =
                task.first().map_or(Work::Curve, |(claim, place)| claims[*claim].work(*place));
            dealer.deal(work)
        });
        Together { claims, tasks, stream }
    }

    /// Examines the instances in parallel and concludes for each claim. Nothing of the evidence for one depends on the
    /// others. What the page knows is not examined again.
    pub(crate) fn examine(&self, settings: &Settings, page: &Page) -> Vec<ClaimEvidence> {
        let examined: Vec<Vec<InstanceEvidence>> = self
            .tasks
            .par_iter()
            .enumerate()
            .map(|(number, askers)| {
                let page = page.part(number);
                let known: Option<Vec<InstanceEvidence>> = page.recall();
                known.filter(|known| known.len() == askers.len()).unwrap_or_else(|| {
                    let examined = self.task(askers, settings, &page);
                    page.keep(&examined);
                    examined
                })
            })
            .collect();
        let mut instances: Vec<BTreeMap<usize, InstanceEvidence>> =
            self.claims.iter().map(|_| BTreeMap::new()).collect();
        for (askers, evidence) in self.tasks.iter().zip(examined) {
            for ((claim, number), evidence) in askers.iter().zip(evidence) {
                instances[*claim].insert(*number, evidence);
            }
        }
        let concluded = self.claims.par_iter().zip(instances);
        concluded
            .map(|(claim, instances)| {
                claim.conclude(instances.into_iter().collect(), &self.stream, settings)
            })
            .collect()
    }
}

impl Together<'_> {
    /// Examines one instance for all who ask for it.
    fn task(&self, askers: &Task, settings: &Settings, page: &Page) -> Vec<InstanceEvidence> {
        let mut shared = Shared::new(askers.len() > 1);
        let examine = |(asker, (claim, number)): (usize, &(usize, usize))| {
            let claim = &self.claims[*claim];
            shared.seen.page = page.part(asker);
            claim.examine(&claim.places[*number], &self.stream, &mut shared, settings)
        };
        askers.iter().enumerate().map(examine).collect()
    }
}

/// Hunts for the worst instance of a claim in one of its families, beginning with what is known.
pub(crate) fn hunt(
    member: Member<'_>,
    hunted: &Hunted,
    known: &[Choices],
    stream: &Stream,
    settings: &Settings,
) -> Option<InstanceEvidence> {
    let claim = DrawnClaim::new(member, settings);
    let is_hunted = |place: &&Place| {
        let is_search = matches!(place.source, Source::Search(_));
        is_search && claim.families[place.family].name == hunted.family
    };
    let place = claim.places.iter().find(is_hunted)?;
    let stream = stream.child(&hunted.claim).child(&hunted.family);
    let search = (hunted.evaluations, known);
    let examine = || claim.search(place, search, &stream, &mut Shared::new(false), settings);
    Some(claim.unless_it_panics(place, settings, examine))
}

/// Examines a remembered instance again; none if the claim has no such family.
pub(crate) fn replay(
    member: Member<'_>,
    stream: &Stream,
    settings: &Settings,
) -> Option<InstanceEvidence> {
    let claim = DrawnClaim::new(member, settings);
    let place = claim.places.iter().find(|place| matches!(place.source, Source::Known(_)))?;
    Some(claim.examine(place, stream, &mut Shared::new(false), settings))
}

/// For each instance those who ask for it: claims, each with its own number of the instance.
fn tasks(claims: &[DrawnClaim<'_>]) -> Vec<Task> {
    let mut found: BTreeMap<(usize, &str, usize), usize> = BTreeMap::new();
    let mut tasks: Vec<Task> = Vec::new();
    for (number, claim) in claims.iter().enumerate() {
        for (place, origin) in claim.places.iter().enumerate() {
            let family = &claim.families[origin.family];
            // What is found for one claim is not what another asks for.
            if !matches!(origin.source, Source::Numbered) {
                tasks.push(vec![(number, place)]);
                continue;
            }
            let task =
                *found.entry((family.identity, family.name, origin.index)).or_insert_with(|| {
                    tasks.push(Vec::new());
                    tasks.len() - 1
                });
            tasks[task].push((number, place));
        }
    }
    tasks
}
