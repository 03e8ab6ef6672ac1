//! Examining claims that measure the same, together: each instance is drawn once, and what is measured on it
//! is measured once.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::caught;
use super::examine::{AnyInstance, Described, Examine, FamilyHeader};
use super::experiment::{Occasion, Seen};
use crate::evidence::{ClaimEvidence, HypothesisEvidence, InstanceEvidence};
use crate::judgement::recorded_kind;
use crate::{Draw, ErrorRates, Finding, Level, Role, Settings, Severity, Stream, Verdict, shrink};

/// A claim or control to be examined.
pub(crate) type Member<'a> = (Role, &'a dyn Examine);

/// Examines claims that share measurement and origin, instances in parallel, and concludes for each. Nothing
/// of the evidence for one depends on the others.
pub(crate) fn examine_together(
    members: &[Member<'_>],
    theorem: &Stream,
    settings: &Settings,
) -> Vec<ClaimEvidence> {
    let Some((_, first)) = members.first() else {
        return Vec::new();
    };
    let stream = theorem.child(first.header().origin);
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

/// For each instance those who ask for it: claims, each with its own number of the instance.
fn tasks(claims: &[DrawnClaim<'_>]) -> Vec<Vec<(usize, usize)>> {
    let mut found: BTreeMap<(usize, &str, usize), usize> = BTreeMap::new();
    let mut tasks: Vec<Vec<(usize, usize)>> = Vec::new();
    for (number, claim) in claims.iter().enumerate() {
        for (place, origin) in claim.places.iter().enumerate() {
            let family = &claim.families[origin.family];
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
#[derive(Clone, Copy)]
struct Place {
    /// Number of its family.
    family: usize,
    index: usize,
    shrunk_to: Option<usize>,
    /// The instance's share of the claim's error budget.
    alpha: f64,
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
    fn new((role, claim): Member<'a>, settings: &Settings) -> Self {
        let families = claim.families();
        let effort = settings.effort;
        let count = |family: &FamilyHeader<'_>| {
            family.length.unwrap_or_else(|| effort.instances_of(family.draws))
        };
        let instances: usize = families.iter().map(count).sum();
        let alpha = settings.budget.per_claim() / instances.max(1) as f64;
        let places = families
            .iter()
            .enumerate()
            .flat_map(|(family, header)| {
                (0..count(header)).map(move |index| Place { family, index, shrunk_to: None, alpha })
            })
            .collect();
        let names = apart(families.iter().map(|family| family.name));
        DrawnClaim { role, claim, families, names, places }
    }

    fn evidence(&self, place: &Place, settings: &Settings) -> InstanceEvidence {
        let family = &self.families[place.family];
        InstanceEvidence {
            family: self.names[place.family].clone(),
            index: place.index,
            seed: settings.seed,
            shrunk_to: place.shrunk_to,
            description: String::new(),
            constants: Vec::new(),
            hypotheses: Vec::new(),
            counts: true,
            attained: family.attained,
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
        let stream = origin.child(self.families[place.family].name).child(place.index);
        let examine = || self.examine_drawn(place, &stream, shared, settings);
        caught(examine).unwrap_or_else(|reason| InstanceEvidence {
            description: "could not be examined".into(),
            finding: Some(Finding::inconclusive(format!("the experiment panicked: {reason}"))),
            ..self.evidence(place, settings)
        })
    }

    /// Hypotheses and experiment on one instance.
    fn examine_drawn(
        &self,
        place: &Place,
        stream: &Stream,
        shared: &mut Shared,
        settings: &Settings,
    ) -> InstanceEvidence {
        let Shared { instance, described, checks, seen } = shared;
        let instance = &**instance.get_or_insert_with(|| {
            let draw = Draw::new(stream.child("instance").trial(0), place.shrunk_to);
            self.claim.draw(place.family, draw, place.index)
        });
        let identities = self.claim.hypotheses().into_iter().enumerate();
        let hypotheses: Vec<HypothesisEvidence> = identities
            .map(|(number, identity)| {
                let check = || self.claim.check(number, instance, stream);
                checks.entry(identity).or_insert_with(check).clone()
            })
            .collect();
        let violates = self.claim.header().violates;
        let counts =
            hypotheses.iter().all(|check| check.satisfied != (violates == Some(&*check.name)));
        let Described { description, constants } =
            described.get_or_insert_with(|| self.claim.describe(instance)).clone();
        let mut evidence = InstanceEvidence {
            description,
            constants,
            hypotheses,
            counts,
            ..self.evidence(place, settings)
        };
        if counts {
            let on = Occasion {
                stream: stream.child("experiment"),
                attained: evidence.attained,
                alpha: place.alpha,
                settings,
            };
            let outcome = self.claim.run(instance, &on, seen);
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
            instances,
            counterexample: None,
        };
        evidence.conclude();
        let decisive = evidence.decisive;
        for (i, instance) in evidence.instances.iter_mut().enumerate() {
            if instance.index != 0 && decisive != Some(i) {
                instance.curve = None;
            }
        }
        if self.role == Role::Claim && evidence.verdict == Verdict::Refuted {
            evidence.counterexample = decisive
                .and_then(|i| self.places.get(i))
                .filter(|place| self.families[place.family].length.is_none())
                .and_then(|place| self.shrunk(place, &origin.child("shrink"), settings));
        }
        evidence
    }

    fn shrunk(
        &self,
        refuting: &Place,
        stream: &Stream,
        settings: &Settings,
    ) -> Option<Box<InstanceEvidence>> {
        shrink::smallest(|size, attempt| {
            let place = Place { index: attempt, shrunk_to: Some(size), ..*refuting };
            let mut shared = Shared::new(false);
            let examined = self.examine(&place, &stream.child(size), &mut shared, settings);
            let finding = examined.finding.as_ref();
            let refutes = finding.is_some_and(|found| found.verdict == Verdict::Refuted);
            refutes.then(|| Box::new(examined))
        })
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
