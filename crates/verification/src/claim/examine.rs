//! A claim whatever its type of instance.

use std::any::{Any, TypeId, type_name};

use super::experiment::{Experiment, Occasion, Outcome, Seen};
use super::{Claim, JudgeError};
use crate::evidence::{ComputedFigure, HypothesisEvidence};
use crate::{
    Check, Constant, Content, Draw, Finding, Hypothesis, Instance, Readings, Stream, Trace,
};

/// What is known of a claim before it is examined.
pub(crate) struct Header<'a> {
    pub(crate) name: &'a str,
    pub(crate) formula: &'a str,
    pub(crate) kind: &'static str,
    /// The name under which its instances are drawn.
    pub(crate) origin: &'a str,
    pub(crate) violates: Option<&'a str>,
    pub(crate) can_be_attained: bool,
    /// The tightness that a bound must reach somewhere.
    pub(crate) least: Option<f64>,
    /// Claims measure the same if and only if they share this number.
    pub(crate) measurement: usize,
    /// What was forgotten when it was stated, as the end of a sentence.
    pub(crate) missing: Option<&'static str>,
}

/// What is known of a family, whatever the type of its instances.
pub(crate) struct FamilyHeader<'a> {
    pub(crate) name: &'a str,
    /// How many instances there are, if it is a list.
    pub(crate) length: Option<usize>,
    /// How many instances are drawn at standard effort, if it says so.
    pub(crate) draws: Option<usize>,
    /// How many instances a search for the worst looks at, at standard effort, if there is one.
    pub(crate) hunted: Option<usize>,
    /// Families are the same if and only if they share this number.
    pub(crate) identity: usize,
    pub(crate) attained: Option<f64>,
    /// Where its instances stand, if it is along a slider.
    pub(crate) positions: Option<&'a [f64]>,
    /// Whether it says what is shown of them.
    pub(crate) shows: bool,
}

/// The type of the instances that a claim is about.
pub(crate) struct InstanceType {
    pub(crate) id: TypeId,
    pub(crate) name: &'static str,
    /// What an instance of one's own must provide.
    pub(crate) needs: String,
}

/// What an instance says of itself.
#[derive(Clone)]
pub(crate) struct Described {
    pub(crate) description: String,
    pub(crate) constants: Vec<Constant>,
    /// What its draw said of it.
    pub(crate) labels: Vec<String>,
}

/// An instance whatever its type.
pub(crate) type AnyInstance = Box<dyn Any + Send + Sync>;

/// A claim whatever its type of instance. Those that take an instance are handed one that
/// [`draw`](Examine::draw) made, of this claim or of one that measures the same.
pub(crate) trait Examine: Send + Sync {
    fn header(&self) -> Header<'_>;
    fn families(&self) -> Vec<FamilyHeader<'_>>;
    fn instance_type(&self) -> InstanceType;
    /// An instance of the family with this number.
    fn draw(&self, family: usize, draw: &mut Draw, index: usize) -> AnyInstance;

    /// The same instance, computing in higher precision, if it can.
    fn in_higher_precision(&self, instance: &dyn Any) -> Option<AnyInstance>;

    /// Whether all that was measured on an instance in higher precision was computed so.
    fn computed_in_higher_precision(&self, instance: &dyn Any) -> bool;
    fn describe(&self, instance: &dyn Any) -> Described;
    /// Addresses of the hypotheses, the same for those that are the same.
    fn hypotheses(&self) -> Vec<usize>;
    fn hypothesis_names(&self) -> Vec<&str>;
    fn check(&self, hypothesis: usize, instance: &dyn Any, stream: &Stream) -> HypothesisEvidence;
    fn run(&self, instance: &dyn Any, on: &Occasion<'_>, seen: &mut Seen) -> Outcome;
    /// A picture of what the experiment does on the instance, if it has one.
    fn picture(&self, instance: &dyn Any, on: &Occasion<'_>) -> Option<ComputedFigure>;

    /// What a family along a slider shows of one of its instances, if it says that.
    fn shown(&self, family: usize, instance: &dyn Any, stream: &Stream) -> Option<Content>;

    /// For a bound, how near the measurement comes to it: above 1 where it is broken.
    fn nearness(&self, instance: &dyn Any, on: &Occasion<'_>) -> Option<f64>;

    fn has_direction(&self) -> bool;

    /// Whether it runs trials.
    fn is_about_trials(&self) -> bool;

    fn judge(&self, instance: &dyn Any, readings: &Readings) -> Result<Finding, JudgeError>;
}

impl<I: Instance + 'static, E: Experiment<I>> Claim<I, E> {
    fn typed<'a>(&self, instance: &'a dyn Any) -> Result<&'a I, JudgeError> {
        instance.downcast_ref().ok_or_else(|| JudgeError::OtherInstance {
            claim: self.name.clone(),
            expected: type_name::<I>(),
        })
    }

    fn drawn<'a>(&self, instance: &'a dyn Any) -> &'a I {
        self.typed(instance).unwrap_or_else(|error| panic!("{error}"))
    }
}

impl<I: Instance + 'static, E: Experiment<I>> Examine for Claim<I, E> {
    fn header(&self) -> Header<'_> {
        Header {
            name: &self.name,
            formula: &self.formula,
            kind: self.experiment.kind(),
            origin: &self.origin,
            violates: self.violates.as_deref(),
            can_be_attained: self.experiment.can_be_attained(),
            least: self.least,
            measurement: self.experiment.measurement(),
            missing: self.experiment.missing(),
        }
    }

    fn families(&self) -> Vec<FamilyHeader<'_>> {
        self.families
            .iter()
            .map(|(family, attained)| FamilyHeader {
                name: family.name(),
                length: family.length(),
                draws: family.draws_at_standard_effort(),
                hunted: family.evaluations_at_standard_effort(),
                identity: family.identity(),
                attained: *attained,
                positions: family.positions(),
                shows: family.shows(),
            })
            .collect()
    }

    fn instance_type(&self) -> InstanceType {
        InstanceType { id: TypeId::of::<I>(), name: type_name::<I>(), needs: I::needs() }
    }

    fn draw(&self, family: usize, draw: &mut Draw, index: usize) -> AnyInstance {
        Box::new(self.families[family].0.instance(draw, index))
    }

    fn in_higher_precision(&self, instance: &dyn Any) -> Option<AnyInstance> {
        Some(Box::new(self.drawn(instance).in_higher_precision()?))
    }

    fn computed_in_higher_precision(&self, instance: &dyn Any) -> bool {
        self.drawn(instance).computed_in_higher_precision()
    }

    fn describe(&self, instance: &dyn Any) -> Described {
        let instance = self.drawn(instance);
        let (description, constants) = (instance.description(), instance.constants());
        Described { description, constants, labels: Vec::new() }
    }

    fn hypotheses(&self) -> Vec<usize> {
        self.hypotheses.iter().map(Hypothesis::identity).collect()
    }

    fn hypothesis_names(&self) -> Vec<&str> {
        self.hypotheses.iter().map(Hypothesis::name).collect()
    }

    fn check(&self, hypothesis: usize, instance: &dyn Any, stream: &Stream) -> HypothesisEvidence {
        let hypothesis = &self.hypotheses[hypothesis];
        let mut draw = Draw::new(stream.child(hypothesis.looks_at()).trial(0));
        let Check { satisfied, detail, by_construction } =
            hypothesis.check(self.drawn(instance), &mut draw);
        HypothesisEvidence { name: hypothesis.name().into(), satisfied, detail, by_construction }
    }

    fn run(&self, instance: &dyn Any, on: &Occasion<'_>, seen: &mut Seen) -> Outcome {
        self.experiment.run(self.drawn(instance), on, seen)
    }

    fn picture(&self, instance: &dyn Any, on: &Occasion<'_>) -> Option<ComputedFigure> {
        let trace = Trace::default();
        let traced = self.drawn(instance).traced(&trace)?;
        // What it measures is known already.
        self.experiment.nearness(&traced, on);
        trace.picture(&traced)
    }

    fn shown(&self, family: usize, instance: &dyn Any, stream: &Stream) -> Option<Content> {
        let mut draw = Draw::new(stream.child("shown").trial(0));
        self.families[family].0.shown(self.drawn(instance), &mut draw)
    }

    fn nearness(&self, instance: &dyn Any, on: &Occasion<'_>) -> Option<f64> {
        self.experiment.nearness(self.drawn(instance), on)
    }

    fn has_direction(&self) -> bool {
        self.experiment.has_direction()
    }

    fn is_about_trials(&self) -> bool {
        self.experiment.is_about_trials()
    }

    fn judge(&self, instance: &dyn Any, readings: &Readings) -> Result<Finding, JudgeError> {
        Claim::judge(self, self.typed(instance)?, readings)
    }
}
