//! Examining claims that measure the same, together: each instance is drawn once, and what is measured on it
//! is measured once.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::caught;
use super::examine::{AnyInstance, Described, Examine, FamilyHeader};
use super::experiment::{Occasion, Seen};
use super::searched::{Hunt, NEAR};
use crate::evidence::{ClaimEvidence, HypothesisEvidence, InstanceEvidence, Origin, Searched};
use crate::judgement::recorded_kind;
use crate::memory::Remembered;
use crate::{
    Choices, Draw, ErrorRates, Finding, Hunted, Level, Role, Settings, Severity, Stream, Verdict,
};

/// A claim or control to be examined.
#[derive(Clone, Copy)]
pub(crate) struct Member<'a> {
    pub(crate) role: Role,
    pub(crate) claim: &'a dyn Examine,
    /// The worst instances that are known.
    pub(crate) remembered: &'a [Remembered],
}

/// Examines claims that share measurement and origin, instances in parallel, and concludes for each. Nothing
/// of the evidence for one depends on the others.
pub(crate) fn examine_together(
    members: &[Member<'_>],
    theorem: &Stream,
    settings: &Settings,
) -> Vec<ClaimEvidence> {
    let Some(first) = members.first() else {
        return Vec::new();
    };
    let stream = theorem.child(first.claim.header().origin);
    let drawn: Vec<DrawnClaim<'_>> =
        members.iter().map(|member| DrawnClaim::new(*member, settings)).collect();
    let tasks = tasks(&drawn);
    let examined: Vec<Vec<InstanceEvidence>> = tasks
        .par_iter()
        .map(|askers| {
            let mut shared = Shared::new(askers.len() > 1);
            let examine = |(claim, number): &(usize, usize)| {
                let claim = &drawn[*claim];
                claim.examine(&claim.places[*number], &stream, &mut shared, settings)
            };
            askers.iter().map(examine).collect()
        })
        .collect();
    let mut instances: Vec<BTreeMap<usize, InstanceEvidence>> =
        drawn.iter().map(|_| BTreeMap::new()).collect();
    for (askers, evidence) in tasks.iter().zip(examined) {
        for ((claim, number), evidence) in askers.iter().zip(evidence) {
            instances[*claim].insert(*number, evidence);
        }
    }
    let concluded = drawn.par_iter().zip(instances);
    concluded
        .map(|(claim, instances)| {
            claim.conclude(instances.into_values().collect(), &stream, settings)
        })
        .collect()
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

/// For each instance those who ask for it: claims, each with its own number of the instance.
fn tasks(claims: &[DrawnClaim<'_>]) -> Vec<Vec<(usize, usize)>> {
    let mut found: BTreeMap<(usize, &str, usize), usize> = BTreeMap::new();
    let mut tasks: Vec<Vec<(usize, usize)>> = Vec::new();
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

/// A claim with the places of all its instances.
struct DrawnClaim<'a> {
    role: Role,
    claim: &'a dyn Examine,
    families: Vec<FamilyHeader<'a>>,
    /// Their names in the evidence: of several families of one name each has its own.
    names: Vec<String>,
    places: Vec<Place>,
}

/// The names, with a number behind what is the name of an earlier one already.
fn apart<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut told: Vec<String> = Vec::new();
    for name in names {
        let mut own = name.to_owned();
        let mut number = 1;
        while told.contains(&own) {
            number += 1;
            own = format!("{name} ({number})");
        }
        told.push(own);
    }
    told
}

/// Where an instance comes from.
#[derive(Clone)]
struct Place {
    /// Number of its family.
    family: usize,
    index: usize,
    source: Source,
    /// The instance's share of the claim's error budget.
    alpha: f64,
}

/// What an instance is made of.
#[derive(Clone)]
enum Source {
    /// Its number: the place in a list, or in a stream of draws.
    Numbered,
    /// What a search finds that looks at so many.
    Search(usize),
    /// What is known already.
    Known(Origin),
}

/// What claims that measure the same know of one instance.
struct Shared {
    instance: Option<AnyInstance>,
    described: Option<Described>,
    checks: BTreeMap<usize, HypothesisEvidence>,
    seen: Seen,
}

impl Shared {
    /// Samples of trials are kept only where somebody else asks for them.
    fn new(keep_samples: bool) -> Self {
        Shared {
            instance: None,
            described: None,
            checks: BTreeMap::new(),
            seen: Seen { samples: keep_samples.then(BTreeMap::new), ..Seen::default() },
        }
    }
}

impl<'a> DrawnClaim<'a> {
    fn new(member: Member<'a>, settings: &Settings) -> Self {
        let Member { role, claim, remembered } = member;
        let families = claim.families();
        let effort = settings.effort;
        let mut places: Vec<(usize, usize, Source)> = Vec::new();
        for (family, header) in families.iter().enumerate() {
            let search = header.hunted.map(|usual| Source::Search(effort.evaluations_of(usual)));
            let numbered = match (role, header.length) {
                (_, Some(length)) => length,
                // A control names no instance but the one that is found.
                (Role::Control, None) if search.is_some() => 0,
                (_, None) => effort.instances_of(header.draws),
            };
            places.extend((0..numbered).map(|index| (family, index, Source::Numbered)));
            let known = remembered.iter().filter(|known| known.family == header.name);
            places.extend(
                known
                    .enumerate()
                    .map(|(index, known)| (family, index, Source::Known(known.origin()))),
            );
            places.extend(search.map(|search| (family, 0, search)));
        }
        let alpha = settings.budget.per_claim() / places.len().max(1) as f64;
        let places = places.into_iter();
        let places =
            places.map(|(family, index, source)| Place { family, index, source, alpha }).collect();
        let names = apart(families.iter().map(|family| family.name));
        DrawnClaim { role, claim, families, names, places }
    }

    fn evidence(&self, place: &Place, settings: &Settings) -> InstanceEvidence {
        let family = &self.families[place.family];
        let listed = family.length.is_some();
        InstanceEvidence {
            family: self.names[place.family].clone(),
            index: place.index,
            seed: settings.seed,
            origin: match &place.source {
                Source::Known(origin) => origin.clone(),
                Source::Numbered if listed => Origin::Listed,
                Source::Numbered => Origin::Drawn,
                Source::Search(evaluations) => Origin::Searched(Searched::vain(*evaluations)),
            },
            labels: Vec::new(),
            description: String::new(),
            constants: Vec::new(),
            hypotheses: Vec::new(),
            counts: true,
            attained: family.attained,
            in_higher_precision: false,
            finding: None,
            trials: None,
            curve: None,
        }
    }

    /// Draws an instance and examines it. A panic on the way (a model asked for a constant that
    /// it does not have, say) is the end of this instance, not of the run.
    fn examine(
        &self,
        place: &Place,
        origin: &Stream,
        shared: &mut Shared,
        settings: &Settings,
    ) -> InstanceEvidence {
        let family = origin.child(self.families[place.family].name);
        let examine = || match &place.source {
            Source::Numbered => {
                self.examine_drawn(place, &family.child(place.index), shared, settings)
            }
            Source::Known(known) => {
                let stream = family.child("known").child(known.rank()).child(place.index);
                self.examine_drawn(place, &stream, shared, settings)
            }
            Source::Search(evaluations) => {
                let stream = family.child("searched").child(self.claim.header().name);
                self.search(place, (*evaluations, &[]), &stream, shared, settings)
            }
        };
        self.unless_it_panics(place, settings, examine)
    }

    fn unless_it_panics(
        &self,
        place: &Place,
        settings: &Settings,
        examine: impl FnOnce() -> InstanceEvidence,
    ) -> InstanceEvidence {
        caught(examine).unwrap_or_else(|reason| InstanceEvidence {
            description: "could not be examined".into(),
            finding: Some(Finding::inconclusive(format!("the experiment panicked: {reason}"))),
            ..self.evidence(place, settings)
        })
    }

    /// Examines the worst that a search finds, with a stream that the search did not see.
    fn search(
        &self,
        place: &Place,
        (evaluations, known): (usize, &[Choices]),
        stream: &Stream,
        shared: &mut Shared,
        settings: &Settings,
    ) -> InstanceEvidence {
        match self.hunt(place, settings).worst(stream, evaluations, known) {
            Some(found) => {
                let source = Source::Known(Origin::Searched(found));
                let place = Place { source, ..place.clone() };
                self.examine_drawn(&place, stream, shared, settings)
            }
            None => InstanceEvidence {
                description: format!("none of {evaluations} draws counts, or none shows anything"),
                finding: Some(Finding::inconclusive("the search found nothing to judge")),
                ..self.evidence(place, settings)
            },
        }
    }

    fn hunt<'b>(&'b self, place: &Place, settings: &'b Settings) -> Hunt<'b> {
        let (role, family, alpha) = (self.role, place.family, place.alpha);
        Hunt { claim: self.claim, role, family, alpha, settings }
    }

    /// Hypotheses and experiment on one instance.
    fn examine_drawn(
        &self,
        place: &Place,
        stream: &Stream,
        shared: &mut Shared,
        settings: &Settings,
    ) -> InstanceEvidence {
        let mut evidence = self.evidence(place, settings);
        let Shared { instance, described, checks, seen } = shared;
        let mut labels = Vec::new();
        let instance = &**instance.get_or_insert_with(|| {
            let generator = stream.child("instance").trial(0);
            let mut draw = match evidence.origin.choices() {
                Some(choices) => Draw::replaying(choices, generator),
                None => Draw::new(generator),
            };
            let drawn = self.claim.draw(place.family, &mut draw, place.index);
            labels = draw.labels().map(Into::into).collect();
            drawn
        });
        let identities = self.claim.hypotheses().into_iter().enumerate();
        evidence.hypotheses = identities
            .map(|(number, identity)| {
                let check = || self.claim.check(number, instance, stream);
                checks.entry(identity).or_insert_with(check).clone()
            })
            .collect();
        let violates = self.claim.header().violates;
        let as_meant =
            |check: &HypothesisEvidence| check.satisfied != (violates == Some(&*check.name));
        evidence.counts = evidence.hypotheses.iter().all(as_meant);
        let describe = || Described { labels, ..self.claim.describe(instance) };
        let Described { description, constants, labels } =
            described.get_or_insert_with(describe).clone();
        (evidence.description, evidence.constants) = (description, constants);
        evidence.labels = labels;
        if evidence.counts {
            let on = Occasion {
                stream: stream.child("experiment"),
                attained: evidence.attained,
                alpha: place.alpha,
                settings,
            };
            let mut outcome = self.claim.run(instance, &on, seen);
            if evidence.origin.choices().is_some()
                && (outcome.finding.verdict == Verdict::Refuted
                    || outcome.finding.closeness >= NEAR)
                && let Some(precise) = self.claim.in_higher_precision(instance)
            {
                outcome = self.claim.run(&*precise, &on, &mut Seen::default());
                evidence.in_higher_precision = true;
            }
            evidence.finding = Some(outcome.finding);
            evidence.trials = outcome.trials;
            evidence.curve = outcome.curve;
        }
        evidence
    }

    /// The verdict on the claim, and a small counterexample where it is refuted.
    fn conclude(
        &self,
        instances: Vec<InstanceEvidence>,
        origin: &Stream,
        settings: &Settings,
    ) -> ClaimEvidence {
        let header = self.claim.header();
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
            instances,
            counterexample: None,
        };
        evidence.forget();
        evidence.conclude();
        let decisive = evidence.decisive;
        for (i, instance) in evidence.instances.iter_mut().enumerate() {
            let is_first = instance.index == 0 && instance.origin.choices().is_none();
            if !is_first && decisive != Some(i) {
                instance.curve = None;
            }
        }
        if self.role == Role::Claim && evidence.verdict == Verdict::Refuted {
            evidence.counterexample = decisive.and_then(|i| {
                let known = evidence.instances.get(i)?.origin.choices().cloned();
                self.shrunk(self.places.get(i)?, known, origin, settings)
            });
        }
        evidence
    }

    /// The simplest instance that refutes as the one at this place does.
    fn shrunk(
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
        let choices = self.hunt(place, settings).simplest(&choices, 1.0 + f64::EPSILON, &stream);
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

#[cfg(test)]
mod tests {
    use super::apart;

    #[test]
    fn families_of_one_name_are_told_apart() {
        assert_eq!(apart(["a", "b", "a", "a"]), ["a", "b", "a (2)", "a (3)"]);
        assert_eq!(apart(["a", "a (2)", "a"]), ["a", "a (2)", "a (3)"]);
    }
}
