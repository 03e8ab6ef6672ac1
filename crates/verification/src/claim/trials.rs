//! Claims about trials: expectations, laws, probabilities.

use std::sync::Arc;

use super::TrialClaim;
use super::conduct::{OnInstance, conduct};
use super::experiment::{Experiment, Occasion, Outcome, Seen};
use crate::judgement::{Direction, Side, TrialJudgement};

use crate::{Block, Family, Finding, Instance, Reading, Readings, Sample};

/// Trials of an experiment that does not say how many.
const TRIALS: usize = 4096;

/// Trials of each instance that a search looks at. What it sees picks, and is no evidence.
const SEARCHED: usize = 128;

/// Margins and distances that a claim could fail with, and be supported with.
///
/// # Panics
/// If the number is not positive, or not less than `limit`.
fn sensible(name: &str, what: &str, number: f64, limit: f64) {
    assert!(
        number > 0.0 && number < limit,
        "{name}: a {what} of {number} is not positive and less than {limit}: such a claim could not fail, or never be \
         supported"
    );
}

type SampleOf<I> = dyn Fn(&I, &mut Block) -> Sample + Send + Sync;
type PredictedFor<I> = dyn Fn(&I, f64) -> Reading + Send + Sync;
type SquareFor<I> = dyn Fn(&I, f64) -> f64 + Send + Sync;
type RangeFor<I> = dyn Fn(&I, f64) -> (f64, f64) + Send + Sync;
type DistributionFor<I> = dyn Fn(&I, f64, f64) -> f64 + Send + Sync;

/// How the trials of a claim are sampled, what it predicts, and how the two are held against each other.
pub struct Trials<I> {
    judgement: TrialJudgement,
    trials: usize,
    all_at_once: bool,
    sample: Option<Arc<SampleOf<I>>>,
    predicted: Option<Arc<PredictedFor<I>>>,
    range: Option<Arc<RangeFor<I>>>,
    square: Option<Arc<SquareFor<I>>>,
    distribution: Option<Arc<DistributionFor<I>>>,
}

impl<I> Clone for Trials<I> {
    fn clone(&self) -> Self {
        Trials {
            judgement: self.judgement,
            trials: self.trials,
            all_at_once: self.all_at_once,
            sample: self.sample.clone(),
            predicted: self.predicted.clone(),
            range: self.range.clone(),
            square: self.square.clone(),
            distribution: self.distribution.clone(),
        }
    }
}

impl<I: Instance + 'static> TrialClaim<I> {
    /// E Z ≤ predicted at every checkpoint, for Z ≥ 0 or in a [range](crate::TrialClaim::ranging) that is said (see
    /// [`TrialJudgement::ExpectedBound`]); the margin is 5% unless [said](crate::TrialClaim::within) otherwise.
    ///
    /// ```
    /// use rand::RngExt;
    /// use theoria_verification::{Claim, Family, Instance, Settings, Theorem, Verdict};
    ///
    /// struct Uniform;
    /// impl Instance for Uniform {
    ///     fn description(&self) -> String { "uniform on [0, 1]".into() }
    /// }
    ///
    /// let claim = |name: &str, bound: f64| {
    ///     Claim::expected_bound(name, &format!("E U² ≤ {bound:.3}"))
    ///         .on(Family::single("uniform", || Uniform))
    ///         .sampling(|_, block| block.each(&[1.0], |random| vec![random.random::<f64>().powi(2)]))
    ///         .predicting(move |_, _| bound)
    /// };
    /// let theorem = Theorem::new("examples/uniform", "# A second moment")
    ///     .claim(claim("at_most_a_third", 1.0 / 3.0).within(0.1))
    ///     .control(claim("at_most_a_quarter", 1.0 / 4.0));
    /// let evidence = theorem.check(&Settings::default());
    /// assert_eq!(evidence.claims[0].verdict, Verdict::Supported);
    /// assert_eq!(evidence.claims[1].verdict, Verdict::Refuted);
    /// ```
    pub fn expected_bound(name: &str, formula: &str) -> Self {
        let direction = Direction::AtMost;
        Self::about_trials(name, formula, TrialJudgement::ExpectedBound { direction, margin: 0.05 })
    }

    /// E Z ≥ predicted at every checkpoint, for Z ≥ 0 or in a [range](crate::TrialClaim::ranging) that is said; only
    /// where the range has an upper end can it be refuted. The margin is 5% unless [said](crate::TrialClaim::within)
    /// otherwise.
    pub fn expected_lower_bound(name: &str, formula: &str) -> Self {
        let direction = Direction::AtLeast;
        Self::about_trials(name, formula, TrialJudgement::ExpectedBound { direction, margin: 0.05 })
    }

    /// E Z = predicted at every checkpoint, within this margin relative to it (absolute where it is 0).
    ///
    /// # Panics
    /// If the margin is not positive and finite.
    pub fn expected_value(name: &str, formula: &str, margin: f64) -> Self {
        sensible(name, "margin", margin, f64::INFINITY);
        Self::about_trials(name, formula, TrialJudgement::ExpectedValue { margin })
    }

    /// E Z follows the same power of the checkpoint as predicted: a straight line through the logarithms
    /// over at least 5 octaves, within 0.05 unless [said](crate::TrialClaim::within) otherwise. A logarithmic factor
    /// belongs into the prediction.
    pub fn expected_exponent(name: &str, formula: &str) -> Self {
        Self::about_trials(name, formula, TrialJudgement::ExpectedExponent { margin: 0.05 })
    }

    /// Z has the law whose distribution function [is said](crate::TrialClaim::distributed_as), up to this distance of
    /// the distribution functions. Laws with atoms are welcome.
    ///
    /// # Panics
    /// If the distance is not between 0 and 1.
    pub fn law(name: &str, formula: &str, distance: f64) -> Self {
        sensible(name, "distance", distance, 1.0);
        Self::about_trials(name, formula, TrialJudgement::Law { distance })
    }

    /// The probability of Z = 1 against the predicted one, for Z in {0, 1}; any other trial leaves the claim open.
    ///
    /// # Panics
    /// If the margin is not between 0 and 1.
    pub fn probability(name: &str, formula: &str, side: Side) -> Self {
        if let Side::Within(margin) = side {
            sensible(name, "margin", margin, 1.0);
        }
        Self::about_trials(name, formula, TrialJudgement::Probability { side })
    }

    fn about_trials(name: &str, formula: &str, judgement: TrialJudgement) -> Self {
        let experiment = Trials {
            judgement,
            trials: TRIALS,
            sample: None,
            predicted: None,
            range: None,
            square: None,
            all_at_once: false,
            distribution: None,
        };
        Self::stated(name, formula, experiment)
    }

    /// With this margin.
    ///
    /// # Panics
    /// If the claim is none of an expected bound, value or exponent; if the margin is not positive and finite, or that
    /// of a lower bound not less than 1.
    #[must_use]
    pub fn within(mut self, wanted: f64) -> Self {
        let judgement = self.experiment.judgement;
        let lower = matches!(
            judgement,
            TrialJudgement::ExpectedBound { direction: Direction::AtLeast, .. }
        );
        sensible(&self.name, "margin", wanted, if lower { 1.0 } else { f64::INFINITY });
        match &mut self.experiment.judgement {
            TrialJudgement::ExpectedBound { margin, .. }
            | TrialJudgement::ExpectedValue { margin }
            | TrialJudgement::ExpectedExponent { margin } => *margin = wanted,
            TrialJudgement::Law { .. } | TrialJudgement::Probability { .. } => {
                panic!("{}: a law and a probability state their margin from the first", self.name)
            }
        }
        self
    }

    /// Claimed for the instances of this family too, and attained on each of them, up to the margin: at some checkpoint
    /// the expectation is shown to come so near to the bound. There the mean of the trials may lie on either side of
    /// the bound, as chance will have it; elsewhere one that lies beyond is never taken for support.
    ///
    /// # Panics
    /// If the claim is not an expected bound: nothing else is attained.
    #[must_use]
    #[track_caller]
    pub fn attained_on(mut self, family: Family<I>) -> Self {
        assert!(
            self.experiment.can_be_attained(),
            "{}: only a bound is attained, and this is a claim of the kind {}",
            self.name,
            self.experiment.kind()
        );
        self.families.push((family, Some(1.0)));
        self
    }

    /// With at most this many trials on each instance (4096 unless said); fewer where fewer decide.
    #[must_use]
    pub fn trials(mut self, most: usize) -> Self {
        self.experiment.trials = most;
        self
    }

    /// How a block of trials is run on an instance. Every block of an instance must measure at the same
    /// checkpoints.
    #[must_use]
    pub fn sampling(
        mut self,
        sample: impl Fn(&I, &mut Block) -> Sample + Send + Sync + 'static,
    ) -> Self {
        self.experiment.sample = Some(Arc::new(sample));
        self
    }

    /// What is predicted for an instance at a checkpoint: a bound, a value, a power, a probability. A
    /// [`Reading`] says with its floor what rounding adds to what is measured there.
    #[must_use]
    pub fn predicting<R: Into<Reading>>(
        mut self,
        predicted: impl Fn(&I, f64) -> R + Send + Sync + 'static,
    ) -> Self {
        self.experiment.predicted =
            Some(Arc::new(move |instance, x| predicted(instance, x).into()));
        self
    }

    /// That every single trial of an instance at a checkpoint lies between 0 and `most`, as theory proves: see
    /// [`ranging`](crate::TrialClaim::ranging).
    #[must_use]
    pub fn bounded_by(self, most: impl Fn(&I, f64) -> f64 + Send + Sync + 'static) -> Self {
        self.ranging(move |instance, x| (0.0, most(instance, x)))
    }

    /// Between what every single trial of an instance at a checkpoint lies, as theory proves; an end that theory does
    /// not know is infinite. Where it is said, verdicts are *proved*: they rest on it and on no weaker
    /// assumption. A trial that lies outside of it shows that it is wrong, and leaves the claim open.
    ///
    /// A finite lower end allows to show that a mean is large, a finite upper end that it is small. So an
    /// expected bound, which takes trials to be at least 0, is refuted with proof without another word, and
    /// supported with proof where an upper end is said; an expected value needs both ends.
    ///
    /// # Panics
    /// If the claim is not about an expectation: the trials of a probability are 0 or 1, a law has no range, and an
    /// exponent is read off nominally.
    #[must_use]
    pub fn ranging(
        mut self,
        range: impl Fn(&I, f64) -> (f64, f64) + Send + Sync + 'static,
    ) -> Self {
        self.assert_expectation();
        self.experiment.range = Some(Arc::new(range));
        self
    }

    /// That E Z² of an instance at a checkpoint is at most this, as theory proves, where no trial is negative. It serves
    /// as an upper end of the [range](crate::TrialClaim::ranging) does, for trials that have none (normal noise):
    /// what a rare large trial can carry is known. Trials whose squares are seen to be larger on average leave the
    /// claim open.
    ///
    /// # Panics
    /// If the claim is not about an expectation.
    #[must_use]
    pub fn second_moment_at_most(
        mut self,
        square: impl Fn(&I, f64) -> f64 + Send + Sync + 'static,
    ) -> Self {
        self.assert_expectation();
        self.experiment.square = Some(Arc::new(square));
        self
    }

    fn assert_expectation(&self) {
        assert!(
            matches!(
                self.experiment.judgement,
                TrialJudgement::ExpectedBound { .. } | TrialJudgement::ExpectedValue { .. }
            ),
            "{}: what is known of a trial serves claims of expected bounds and values, and this is one of the kind {}",
            self.name,
            self.experiment.judgement.kind()
        );
    }

    /// With all its trials on each instance, whatever the first of them say: where not the verdict is wanted, but
    /// what all of them show.
    #[must_use]
    pub fn all_at_once(mut self) -> Self {
        self.experiment.all_at_once = true;
        self
    }

    /// For a [law](crate::TrialClaim::law): the distribution function of an instance at a checkpoint, at a value.
    #[must_use]
    pub fn distributed_as(
        mut self,
        distribution: impl Fn(&I, f64, f64) -> f64 + Send + Sync + 'static,
    ) -> Self {
        self.experiment.distribution = Some(Arc::new(distribution));
        // A law is compared with the uniform one of its own distribution function.
        self.predicting(|_, _| Reading::new(1.0, 0.0))
    }
}

impl<I: Send + Sync + 'static> Experiment<I> for Trials<I> {
    fn kind(&self) -> &'static str {
        self.judgement.kind()
    }

    fn can_be_attained(&self) -> bool {
        matches!(self.judgement, TrialJudgement::ExpectedBound { .. })
    }

    fn missing(&self) -> Option<&'static str> {
        let law = matches!(self.judgement, TrialJudgement::Law { .. });
        match (&self.sample, &self.predicted) {
            (None, _) => Some("does not say how its trials are run (`sampling`)"),
            (Some(_), _) if law && self.distribution.is_none() => {
                Some("does not say which law is predicted (`distributed_as`)")
            }
            (Some(_), _) if !law && self.distribution.is_some() => {
                Some("is not about a law, so that `distributed_as` has no say")
            }
            (Some(_), None) => Some("does not say what is predicted (`predicting`)"),
            (Some(_), Some(_)) => None,
        }
    }

    fn measurement(&self) -> usize {
        self.sample.as_ref().map_or(0, |sample| Arc::as_ptr(sample).addr())
    }

    fn run(&self, instance: &I, on: &Occasion<'_>, seen: &mut Seen) -> Outcome {
        let (Some(sample), Some(predicted)) = (&self.sample, &self.predicted) else {
            panic!("the claim {}", self.missing().unwrap_or("is whole"));
        };
        let distribution = self
            .distribution
            .as_ref()
            .map(|distribution| move |x: f64, value: f64| distribution(instance, x, value));
        let range = self.range.as_ref().map(|range| move |x: f64| range(instance, x));
        let square = self.square.as_ref().map(|square| move |x: f64| square(instance, x));
        let experiment = OnInstance {
            judgement: self.judgement,
            trials: self.trials,
            sample: &|block| sample(instance, block),
            all_at_once: self.all_at_once,
            distribution: distribution.as_ref().map(|function| function as _),
            predicted: &|x| predicted(instance, x),
            range: range.as_ref().map(|range| range as _),
            square: square.as_ref().map(|square| square as _),
        };
        let (trials, finding) = conduct(&experiment, on, seen);
        let curve = Some(trials.curve());
        Outcome { finding, trials: Some(trials), curve }
    }

    fn nearness(&self, instance: &I, on: &Occasion<'_>) -> Option<f64> {
        let TrialJudgement::ExpectedBound { direction, .. } = self.judgement else {
            return None;
        };
        let (sample, predicted) = (self.sample.as_ref()?, self.predicted.as_ref()?);
        let sample = sample(instance, &mut Block::new(SEARCHED, on.stream.trial(0)));
        let ratios = sample.checkpoints().iter().zip(sample.rows()).map(|(&x, row)| {
            let mean = row.iter().sum::<f64>() / row.len() as f64;
            let bound = predicted(instance, x).value;
            match direction {
                Direction::AtMost => mean / bound,
                Direction::AtLeast => bound / mean,
            }
        });
        ratios.filter(|ratio| !ratio.is_nan()).reduce(f64::max)
    }

    fn is_about_trials(&self) -> bool {
        true
    }

    fn has_direction(&self) -> bool {
        matches!(self.judgement, TrialJudgement::ExpectedBound { .. })
    }

    fn judge(&self, _: &I, _: &Readings) -> Result<Finding, &'static str> {
        Err("it is about trials, and a curve is one")
    }
}
