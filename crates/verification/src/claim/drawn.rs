//! A claim with its instances: those that have a number, those that are known, those that a search finds.

use std::collections::BTreeMap;

use super::caught;
use super::dealer::Work;
use super::examine::{AnyInstance, Described, Examine, FamilyHeader};
use super::experiment::{Occasion, Seen};
use super::searched::{Hunt, NEAR};
use crate::evidence::{HypothesisEvidence, InstanceEvidence, Origin, PANICKED, Searched};
use crate::memory::Remembered;
use crate::{Choices, Draw, Finding, Role, Settings, Stream, Verdict};

/// A claim or control to be examined.
#[derive(Clone, Copy)]
pub(crate) struct Member<'a> {
    pub(crate) role: Role,
    pub(crate) claim: &'a dyn Examine,
    /// The worst instances that are known.
    pub(crate) remembered: &'a [Remembered],
}

/// A claim with the places of all its instances.
pub(super) struct DrawnClaim<'a> {
    pub(super) role: Role,
    pub(super) claim: &'a dyn Examine,
    pub(super) families: Vec<FamilyHeader<'a>>,
    /// Their names in the evidence: of several families of one name each has its own.
    pub(super) names: Vec<String>,
    pub(super) places: Vec<Place>,
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
pub(super) struct Place {
    /// Number of its family.
    pub(super) family: usize,
    pub(super) index: usize,
    pub(super) source: Source,
    /// The instance's share of the claim's error budget.
    pub(super) alpha: f64,
}

/// What an instance is made of.
#[derive(Clone)]
pub(super) enum Source {
    /// Its number: the place in a list, or in a stream of draws.
    Numbered,
    /// What a search finds that looks at so many.
    Search(usize),
    /// What is known already.
    Known(Origin),
}

/// What claims that measure the same know of one instance.
pub(super) struct Shared {
    pub(super) instance: Option<AnyInstance>,
    pub(super) described: Option<Described>,
    pub(super) checks: BTreeMap<usize, HypothesisEvidence>,
    pub(super) seen: Seen,
}

impl Shared {
    /// Samples of trials are kept only where somebody else asks for them.
    pub(super) fn new(keep_samples: bool) -> Self {
        Shared {
            instance: None,
            described: None,
            checks: BTreeMap::new(),
            seen: Seen { samples: keep_samples.then(BTreeMap::new), ..Seen::default() },
        }
    }
}

impl<'a> DrawnClaim<'a> {
    pub(super) fn new(member: Member<'a>, settings: &Settings) -> Self {
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

    /// What kind of work the instance with this number is.
    pub(super) fn work(&self, number: usize) -> Work {
        match self.places.get(number).map(|place| &place.source) {
            Some(Source::Search(_)) => Work::Search,
            _ if self.claim.is_about_trials() => Work::Trials,
            _ => Work::Curve,
        }
    }

    pub(super) fn evidence(&self, place: &Place, settings: &Settings) -> InstanceEvidence {
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
            position: family.positions.and_then(|all| all.get(place.index).copied()),
            shown: None,
            picture: None,
            finding: None,
            trials: None,
            curve: None,
        }
    }

    /// Draws an instance and examines it. A panic on the way (a model asked for a constant that
    /// it does not have, say) is the end of this instance, not of the run.
    pub(super) fn examine(
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

    pub(super) fn unless_it_panics(
        &self,
        place: &Place,
        settings: &Settings,
        examine: impl FnOnce() -> InstanceEvidence,
    ) -> InstanceEvidence {
        caught(examine).unwrap_or_else(|reason| InstanceEvidence {
            description: "could not be examined".into(),
            finding: Some(Finding::inconclusive(format!("{PANICKED}{reason}"))),
            ..self.evidence(place, settings)
        })
    }

    /// Examines the worst that a search finds, with a stream that the search did not see.
    pub(super) fn search(
        &self,
        place: &Place,
        (evaluations, known): (usize, &[Choices]),
        stream: &Stream,
        shared: &mut Shared,
        settings: &Settings,
    ) -> InstanceEvidence {
        let nothing = |description: String, why: &str| InstanceEvidence {
            description,
            finding: Some(Finding::inconclusive(why)),
            ..self.evidence(place, settings)
        };
        match self.hunt(place, settings).worst(stream, evaluations, known) {
            Some(found) if found.choices.words.is_empty() => nothing(
                "one and the same at every draw".into(),
                "there is nothing to search: the family asks its `Draw` for no number, so that it makes no choices",
            ),
            Some(found) => {
                let source = Source::Known(Origin::Searched(found));
                let place = Place { source, ..place.clone() };
                self.examine_drawn(&place, stream, shared, settings)
            }
            None => nothing(
                format!("none of {evaluations} draws counts, or none shows anything"),
                "the search found nothing to judge",
            ),
        }
    }

    pub(super) fn hunt<'b>(&'b self, place: &Place, settings: &'b Settings) -> Hunt<'b> {
        let (role, family, alpha) = (self.role, place.family, place.alpha);
        Hunt { claim: self.claim, role, family, alpha, settings }
    }

    /// Hypotheses and experiment on one instance.
    pub(super) fn examine_drawn(
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
        let on = Occasion {
            stream: stream.child("experiment"),
            attained: evidence.attained,
            alpha: place.alpha,
            settings,
        };
        if evidence.position.is_some() {
            evidence.shown = self.claim.shown(place.family, instance, stream);
        }
        if evidence.counts {
            let mut outcome = self.claim.run(instance, &on, seen);
            if evidence.origin.choices().is_some()
                && (outcome.finding.verdict == Verdict::Refuted
                    || outcome.finding.closeness >= NEAR)
                && let Some(precise) = self.claim.in_higher_precision(instance)
            {
                outcome = self.claim.run(&*precise, &on, &mut Seen::default());
                evidence.in_higher_precision = self.claim.computed_in_higher_precision(&*precise);
            }
            if matches!(evidence.origin, Origin::Searched(_)) {
                evidence.picture = self.claim.picture(instance, &on);
            }
            evidence.finding = Some(outcome.finding);
            evidence.trials = outcome.trials;
            evidence.curve = outcome.curve;
        } else if evidence.position.is_some() && evidence.shown.is_none() {
            // Beyond the theorem the slider shows what is measured there, if it can be; it is not judged.
            let beyond = caught(|| self.claim.run(instance, &on, seen));
            evidence.curve = beyond.ok().and_then(|outcome| outcome.curve);
        }
        evidence
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
