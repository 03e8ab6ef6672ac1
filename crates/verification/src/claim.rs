//! Claims: what is measured on which instances, and how it is judged.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::evidence::{ClaimEvidence, HypothesisEvidence, InstanceEvidence};
use crate::judgement::{Bound, Direction, Exponent, Identity, LinearRate};
use crate::{
    Check, Curve, Draw, Family, Finding, Hypothesis, Instance, Judgement, Settings, Severity,
    Stream, Verdict, shrink,
};

/// Whether a claim is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Meant: it must be supported.
    Claim,
    /// False on purpose: it must come out refuted, which shows that the check has power.
    Control,
}

type Experiment<I> = dyn Fn(&I, &mut Draw) -> Curve + Send + Sync;

/// One measurable conclusion of a theorem about instances of type `I`.
///
/// The constructors fix the kind; [`on`](Claim::on) and [`assuming`](Claim::assuming) say for
/// which instances it is claimed, [`experiment`](Claim::experiment) how it is measured. The same
/// type states controls: [`Theorem::control`](crate::Theorem::control) decides the role.
pub struct Claim<I> {
    name: String,
    formula: String,
    judgement: Arc<dyn Judgement>,
    families: Vec<(Family<I>, Option<f64>)>,
    hypotheses: Vec<Hypothesis<I>>,
    violates: Option<String>,
    experiment: Arc<Experiment<I>>,
}

impl<I: Instance + 'static> Claim<I> {
    /// A claim of any kind. `name` is lower case with underscores, since it is the name of a test;
    /// `formula` is the conclusion in one line of plain text.
    pub fn new(name: &str, formula: &str, judgement: impl Judgement + 'static) -> Self {
        Claim {
            name: name.into(),
            formula: formula.into(),
            judgement: Arc::new(judgement),
            families: Vec::new(),
            hypotheses: Vec::new(),
            violates: None,
            experiment: Arc::new(|_, _| Curve::default()),
        }
    }

    /// Measured ≤ predicted at every point.
    pub fn bound(name: &str, formula: &str) -> Self {
        Self::new(name, formula, Bound::new(Direction::AtMost))
    }

    /// Measured ≥ predicted at every point: lower bounds and impossibilities.
    pub fn lower_bound(name: &str, formula: &str) -> Self {
        Self::new(name, formula, Bound::new(Direction::AtLeast))
    }

    /// Measured = predicted at every point, within this relative tolerance.
    pub fn identity(name: &str, formula: &str, tolerance: f64) -> Self {
        Self::new(name, formula, Identity::new(tolerance))
    }

    /// Measured follows the same power of the abscissa as predicted, in the long run.
    pub fn exponent(name: &str, formula: &str) -> Self {
        Self::new(name, formula, Exponent::default())
    }

    /// Measured decays (or grows) by the same factor per unit of the abscissa as predicted.
    pub fn linear_rate(name: &str, formula: &str) -> Self {
        Self::new(name, formula, LinearRate::default())
    }

    /// Claimed for the instances of this family too.
    #[must_use]
    pub fn on(mut self, family: Family<I>) -> Self {
        self.families.push((family, None));
        self
    }

    /// Claimed for the instances of all these families too.
    #[must_use]
    pub fn on_all(self, families: impl IntoIterator<Item = Family<I>>) -> Self {
        families.into_iter().fold(self, Self::on)
    }

    /// Claimed for the instances of this family too, and attained on each of them: somewhere along
    /// the curve the tightness must reach 0.99, else the claim is not supported.
    #[must_use]
    pub fn attained_on(self, family: Family<I>) -> Self {
        self.attained_to(0.99, family)
    }

    /// Like [`attained_on`](Claim::attained_on) with another ratio between 0 and 1.
    #[must_use]
    pub fn attained_to(mut self, ratio: f64, family: Family<I>) -> Self {
        self.families.push((family, Some(ratio)));
        self
    }

    /// Claimed only where these hypotheses hold; each is checked on every instance.
    #[must_use]
    pub fn assuming(mut self, hypotheses: impl IntoIterator<Item = Hypothesis<I>>) -> Self {
        self.hypotheses.extend(hypotheses);
        self
    }

    /// For controls: the instances violate this one of the [assumed](Claim::assuming) hypotheses
    /// on purpose. Only instances that do violate it, and satisfy the others, count.
    #[must_use]
    pub fn violating(mut self, hypothesis: &str) -> Self {
        self.violates = Some(hypothesis.into());
        self
    }

    /// How it is measured and what is predicted.
    #[must_use]
    pub fn experiment(self, measure: impl Fn(&I) -> Curve + Send + Sync + 'static) -> Self {
        self.drawing_experiment(move |instance, _| measure(instance))
    }

    /// Like [`experiment`](Claim::experiment), for a measurement that draws (test points,
    /// directions).
    #[must_use]
    pub fn drawing_experiment(
        mut self,
        measure: impl Fn(&I, &mut Draw) -> Curve + Send + Sync + 'static,
    ) -> Self {
        self.experiment = Arc::new(measure);
        self
    }

    /// Hypotheses and experiment on one instance; `attained` is the ratio that a bound must reach.
    pub(crate) fn examine_instance(
        &self,
        origin: Origin<'_>,
        instance: &I,
        stream: &Stream,
    ) -> Examined {
        let hypotheses: Vec<HypothesisEvidence> = self
            .hypotheses
            .iter()
            .map(|hypothesis| {
                let mut draw = Draw::new(stream.child(hypothesis.name()).trial(0), None);
                let Check { satisfied, detail } = hypothesis.check(instance, &mut draw);
                HypothesisEvidence {
                    name: hypothesis.name().into(),
                    satisfied,
                    detail,
                }
            })
            .collect();
        let counts = hypotheses
            .iter()
            .all(|check| check.satisfied != (self.violates.as_ref() == Some(&check.name)));
        let mut curve = Curve::default();
        let finding = counts.then(|| {
            curve = (self.experiment)(
                instance,
                &mut Draw::new(stream.child("experiment").trial(0), None),
            );
            self.judgement.judge(&curve, origin.attained)
        });
        Examined {
            evidence: InstanceEvidence {
                family: origin.family.into(),
                index: origin.index,
                seed: origin.seed,
                shrunk_to: origin.shrunk_to,
                description: instance.description(),
                constants: instance.constants(),
                hypotheses,
                counts,
                attained: origin.attained,
                finding,
                series: None,
            },
            curve,
        }
    }

    /// Draws an instance and examines it. A panic on the way (a model asked for a constant that
    /// it does not have, say) is the end of this instance, not of the run.
    fn examine_drawn(
        &self,
        family: &Family<I>,
        origin: Origin<'_>,
        claim_stream: &Stream,
    ) -> Examined {
        let stream = claim_stream.child(family.name()).child(origin.index);
        let attempt = catch_unwind(AssertUnwindSafe(|| {
            let draw = Draw::new(stream.child("instance").trial(0), origin.shrunk_to);
            let instance = family.instance(draw, origin.index);
            self.examine_instance(origin, &instance, &stream)
        }));
        attempt.unwrap_or_else(|panic| {
            let reason = panic
                .downcast_ref::<String>()
                .map(String::as_str)
                .or_else(|| panic.downcast_ref::<&str>().copied())
                .unwrap_or("no message");
            Examined {
                evidence: InstanceEvidence {
                    family: family.name().into(),
                    index: origin.index,
                    seed: origin.seed,
                    shrunk_to: origin.shrunk_to,
                    description: "could not be examined".into(),
                    constants: Vec::new(),
                    hypotheses: Vec::new(),
                    counts: true,
                    attained: origin.attained,
                    finding: Some(Finding::inconclusive(format!(
                        "the experiment panicked: {reason}"
                    ))),
                    series: None,
                },
                curve: Curve::default(),
            }
        })
    }
}

/// Where an instance comes from.
#[derive(Clone, Copy)]
pub(crate) struct Origin<'a> {
    pub(crate) family: &'a str,
    pub(crate) index: usize,
    pub(crate) seed: u64,
    pub(crate) shrunk_to: Option<usize>,
    pub(crate) attained: Option<f64>,
}

/// What was seen on an instance, with the whole curve.
pub(crate) struct Examined {
    pub(crate) evidence: InstanceEvidence,
    pub(crate) curve: Curve,
}

impl Examined {
    fn with_series(mut self) -> InstanceEvidence {
        if !self.curve.is_empty() {
            let keep = self.evidence.finding.as_ref().map_or(f64::NAN, |f| f.at);
            self.evidence.series = Some(self.curve.thinned(keep));
        }
        self.evidence
    }
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
        let stream = theorem.child(&self.name);
        let tasks: Vec<(&Family<I>, Origin<'_>)> = self
            .families
            .iter()
            .flat_map(|(family, attained)| {
                (0..family.count(settings.effort.instances())).map(move |index| {
                    let origin = Origin {
                        family: family.name(),
                        index,
                        seed: settings.seed,
                        shrunk_to: None,
                        attained: *attained,
                    };
                    (family, origin)
                })
            })
            .collect();
        let examined: Vec<Examined> = tasks
            .par_iter()
            .map(|(family, origin)| self.examine_drawn(family, *origin, &stream))
            .collect();

        let mut evidence = ClaimEvidence {
            name: self.name.clone(),
            role,
            kind: self.judgement.kind().into(),
            formula: self.formula.clone(),
            violates: self.violates.clone(),
            error_budget: settings.budget.per_claim(),
            verdict: Verdict::Inconclusive,
            severity: Severity::None,
            decisive: None,
            instances: examined.iter().map(|e| e.evidence.clone()).collect(),
            counterexample: None,
        };
        evidence.conclude();
        let decisive = evidence.decisive;
        evidence.instances = examined
            .into_iter()
            .enumerate()
            .map(|(i, examined)| {
                if examined.evidence.index == 0 || decisive == Some(i) {
                    examined.with_series()
                } else {
                    examined.evidence
                }
            })
            .collect();
        if role == Role::Claim && evidence.verdict == Verdict::Refuted {
            let refuting = decisive.and_then(|i| tasks.get(i)).copied();
            evidence.counterexample =
                refuting
                    .filter(|(family, _)| family.is_random())
                    .and_then(|(family, origin)| {
                        let stream = stream.child("shrink");
                        shrink::smallest(|size, attempt| {
                            let origin = Origin {
                                index: attempt,
                                shrunk_to: Some(size),
                                ..origin
                            };
                            let examined = self.examine_drawn(family, origin, &stream.child(size));
                            let finding = examined.evidence.finding.as_ref();
                            let refutes = finding.is_some_and(|f| f.verdict == Verdict::Refuted);
                            refutes.then(|| Box::new(examined.with_series()))
                        })
                    });
        }
        evidence
    }
}
