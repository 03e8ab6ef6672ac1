//! Examining a claim: instances drawn, hypotheses checked, experiments run and judged.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rayon::prelude::*;

use super::{Claim, Measurement, Role};
use crate::evidence::{ClaimEvidence, HypothesisEvidence, InstanceEvidence};
use crate::{Check, Draw, Family, Finding, Instance, Settings, Severity, Stream, Verdict, shrink};

impl<I: Instance + 'static> Claim<I> {
    /// Hypotheses and experiment on one instance; `attained` is the ratio that a bound must reach.
    pub(crate) fn examine_instance(
        &self,
        origin: Origin<'_>,
        instance: &I,
        stream: &Stream,
        settings: &Settings,
    ) -> InstanceEvidence {
        let hypotheses: Vec<HypothesisEvidence> = self
            .hypotheses
            .iter()
            .map(|hypothesis| {
                let mut draw = Draw::new(stream.child(hypothesis.name()).trial(0), None);
                let Check { satisfied, detail } = hypothesis.check(instance, &mut draw);
                HypothesisEvidence { name: hypothesis.name().into(), satisfied, detail }
            })
            .collect();
        let counts = hypotheses
            .iter()
            .all(|check| check.satisfied != (self.violates.as_ref() == Some(&check.name)));
        let mut evidence = InstanceEvidence {
            family: origin.family.into(),
            index: origin.index,
            seed: origin.seed,
            shrunk_to: origin.shrunk_to,
            description: instance.description(),
            constants: instance.constants(),
            hypotheses,
            counts,
            attained: origin.attained,
            finding: None,
            trials: None,
            series: None,
        };
        if !counts {
            return evidence;
        }
        let stream = stream.child("experiment");
        match &self.measurement {
            Measurement::Curve { judgement, experiment } => {
                let curve = experiment(instance, &mut Draw::new(stream.trial(0), None));
                let finding = judgement.judge(&curve, origin.attained);
                if !curve.is_empty() {
                    evidence.series = Some(curve.thinned(finding.at));
                }
                evidence.finding = Some(finding);
            }
            Measurement::Trials(experiment) => {
                let (trials, finding) = experiment.on(instance, &stream, origin.alpha, settings);
                evidence.series = Some(trials.series());
                evidence.trials = Some(trials);
                evidence.finding = Some(finding);
            }
        }
        evidence
    }

    /// Draws an instance and examines it. A panic on the way (a model asked for a constant that
    /// it does not have, say) is the end of this instance, not of the run.
    fn examine_drawn(
        &self,
        family: &Family<I>,
        origin: Origin<'_>,
        claim_stream: &Stream,
        settings: &Settings,
    ) -> InstanceEvidence {
        let stream = claim_stream.child(family.name()).child(origin.index);
        surviving(origin, &|| {
            let draw = Draw::new(stream.child("instance").trial(0), origin.shrunk_to);
            let instance = family.instance(draw, origin.index);
            self.examine_instance(origin, &instance, &stream, settings)
        })
    }
}

/// What an examination says, or that it panicked.
fn surviving(origin: Origin<'_>, examine: &dyn Fn() -> InstanceEvidence) -> InstanceEvidence {
    catch_unwind(AssertUnwindSafe(examine)).unwrap_or_else(|panic| {
        let reason = panic
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| panic.downcast_ref::<&str>().copied())
            .unwrap_or("no message");
        InstanceEvidence {
            family: origin.family.into(),
            index: origin.index,
            seed: origin.seed,
            shrunk_to: origin.shrunk_to,
            description: "could not be examined".into(),
            constants: Vec::new(),
            hypotheses: Vec::new(),
            counts: true,
            attained: origin.attained,
            finding: Some(Finding::inconclusive(format!("the experiment panicked: {reason}"))),
            trials: None,
            series: None,
        }
    })
}

/// Where an instance comes from.
#[derive(Clone, Copy)]
pub(crate) struct Origin<'a> {
    pub(crate) family: &'a str,
    pub(crate) index: usize,
    pub(crate) seed: u64,
    pub(crate) shrunk_to: Option<usize>,
    pub(crate) attained: Option<f64>,
    /// The instance's share of the claim's error budget.
    pub(crate) alpha: f64,
}

/// A claim whatever its type of instance.
pub(crate) trait Examine: Send + Sync {
    fn name(&self) -> &str;
    fn examine(&self, role: Role, theorem: &Stream, settings: &Settings) -> ClaimEvidence;
}

impl<I: Instance + 'static> Examine for Claim<I> {
    fn name(&self) -> &str {
        &self.name
    }

    fn examine(&self, role: Role, theorem: &Stream, settings: &Settings) -> ClaimEvidence {
        let drawn = settings.effort.instances();
        let facts = |(family, attained): &(Family<I>, Option<f64>)| FamilyFacts {
            name: family.name().into(),
            instances: family.count(drawn),
            random: family.is_random(),
            attained: *attained,
        };
        let evidence = ClaimEvidence {
            name: self.name.clone(),
            role,
            kind: self.measurement.kind().into(),
            formula: self.formula.clone(),
            violates: self.violates.clone(),
            error_budget: settings.budget.per_claim(),
            verdict: Verdict::Inconclusive,
            severity: Severity::None,
            decisive: None,
            instances: Vec::new(),
            counterexample: None,
        };
        let families: Vec<FamilyFacts> = self.families.iter().map(facts).collect();
        let stream = theorem.child(&self.name);
        let one = |number: usize, origin: Origin<'_>, stream: &Stream| {
            self.examine_drawn(&self.families[number].0, origin, stream, settings)
        };
        gather(evidence, &families, &stream, settings, &one)
    }
}

/// What has to be known of a family, whatever the type of its instances.
struct FamilyFacts {
    name: String,
    instances: usize,
    random: bool,
    attained: Option<f64>,
}

/// Draws and examines an instance of the family with this number.
type ExamineOne<'a> = dyn Fn(usize, Origin<'_>, &Stream) -> InstanceEvidence + Sync + 'a;

/// Examines all instances in parallel and concludes. Not generic, so that it is compiled once and not
/// for each type of instance.
fn gather(
    mut evidence: ClaimEvidence,
    families: &[FamilyFacts],
    stream: &Stream,
    settings: &Settings,
    one: &ExamineOne<'_>,
) -> ClaimEvidence {
    let instances: usize = families.iter().map(|family| family.instances).sum();
    let alpha = settings.budget.per_claim() / instances.max(1) as f64;
    let tasks: Vec<(usize, Origin<'_>)> = families
        .iter()
        .enumerate()
        .flat_map(|(number, family)| {
            (0..family.instances).map(move |index| {
                let origin = Origin {
                    family: &family.name,
                    index,
                    seed: settings.seed,
                    shrunk_to: None,
                    attained: family.attained,
                    alpha,
                };
                (number, origin)
            })
        })
        .collect();
    evidence.instances =
        tasks.par_iter().map(|(number, origin)| one(*number, *origin, stream)).collect();
    evidence.conclude();
    let decisive = evidence.decisive;
    for (i, instance) in evidence.instances.iter_mut().enumerate() {
        if instance.index != 0 && decisive != Some(i) {
            instance.series = None;
        }
    }
    if evidence.role == Role::Claim && evidence.verdict == Verdict::Refuted {
        let refuting = decisive.and_then(|i| tasks.get(i)).copied();
        evidence.counterexample =
            refuting.filter(|(number, _)| families[*number].random).and_then(|(number, origin)| {
                let stream = stream.child("shrink");
                shrink::smallest(|size, attempt| {
                    let origin = Origin { index: attempt, shrunk_to: Some(size), ..origin };
                    let examined = one(number, origin, &stream.child(size));
                    let finding = examined.finding.as_ref();
                    let refutes = finding.is_some_and(|f| f.verdict == Verdict::Refuted);
                    refutes.then(|| Box::new(examined))
                })
            });
    }
    evidence
}

impl<I> Measurement<I> {
    fn kind(&self) -> &'static str {
        match self {
            Measurement::Curve { judgement, .. } => judgement.kind(),
            Measurement::Trials(experiment) => experiment.judgement.kind(),
        }
    }
}
