//! Claims about trials: expectations, laws, probabilities.

use std::sync::Arc;

use super::{Claim, Measurement};
use crate::judgement::{Direction, Side, TrialJudgement};
use crate::trials;
use crate::{Block, Instance, Reading, Sample};

/// Trials of an experiment that does not say how many.
const TRIALS: usize = 4096;

impl<I: Instance + 'static> Claim<I> {
    /// E Z ≤ predicted at every checkpoint, for Z ≥ 0 (see
    /// [`TrialJudgement::ExpectedBound`]); the margin is 5% unless [said](Claim::within) otherwise.
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
    ///     Claim::expected_bound(name, "E U² ≤ bound")
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

    /// E Z ≥ predicted at every checkpoint, for Z ≥ 0; the margin is 5% unless [said](Claim::within)
    /// otherwise.
    pub fn expected_lower_bound(name: &str, formula: &str) -> Self {
        let direction = Direction::AtLeast;
        Self::about_trials(name, formula, TrialJudgement::ExpectedBound { direction, margin: 0.05 })
    }

    /// E Z = predicted at every checkpoint, within this margin relative to it (absolute where it is 0).
    pub fn expected_value(name: &str, formula: &str, margin: f64) -> Self {
        Self::about_trials(name, formula, TrialJudgement::ExpectedValue { margin })
    }

    /// E Z follows the same power of the checkpoint as predicted: a straight line through the logarithms
    /// over at least 5 octaves, within 0.05 unless [said](Claim::within) otherwise. A logarithmic factor
    /// belongs into the prediction.
    pub fn expected_exponent(name: &str, formula: &str) -> Self {
        Self::about_trials(name, formula, TrialJudgement::ExpectedExponent { margin: 0.05 })
    }

    /// Z has the law whose distribution function [is said](Claim::distributed_as), up to this distance of
    /// the distribution functions.
    pub fn law(name: &str, formula: &str, distance: f64) -> Self {
        Self::about_trials(name, formula, TrialJudgement::Law { distance })
    }

    /// The probability of Z = 1 against the predicted one, for Z in {0, 1}.
    pub fn probability(name: &str, formula: &str, side: Side) -> Self {
        Self::about_trials(name, formula, TrialJudgement::Probability { side })
    }

    fn about_trials(name: &str, formula: &str, judgement: TrialJudgement) -> Self {
        Self::measured_by(
            name,
            formula,
            Measurement::Trials(trials::Experiment {
                judgement,
                trials: TRIALS,
                sample: Arc::new(|_, _| Sample::new(Vec::new(), Vec::new())),
                predicted: Arc::new(|_, _| Reading::new(f64::NAN, 0.0)),
                most: None,
                distribution: None,
            }),
        )
    }

    fn sampled(mut self, change: impl FnOnce(&mut trials::Experiment<I>)) -> Self {
        match &mut self.measurement {
            Measurement::Trials(experiment) => change(experiment),
            Measurement::Curve { .. } => panic!("{}: a curve has no trials", self.name),
        }
        self
    }

    /// With this margin.
    ///
    /// # Panics
    /// If the claim is none of an expected bound, value or exponent.
    #[must_use]
    pub fn within(self, wanted: f64) -> Self {
        self.sampled(|experiment| match &mut experiment.judgement {
            TrialJudgement::ExpectedBound { margin, .. }
            | TrialJudgement::ExpectedValue { margin }
            | TrialJudgement::ExpectedExponent { margin } => *margin = wanted,
            TrialJudgement::Law { .. } | TrialJudgement::Probability { .. } => {
                panic!("a law and a probability state their margin from the first")
            }
        })
    }

    /// With at most this many trials on each instance (4096 unless said); fewer where fewer decide.
    ///
    /// # Panics
    /// If the claim is not about trials.
    #[must_use]
    pub fn trials(self, most: usize) -> Self {
        self.sampled(|experiment| experiment.trials = most)
    }

    /// How a block of trials is run on an instance. Every block of an instance must measure at the same
    /// checkpoints.
    ///
    /// # Panics
    /// If the claim is not about trials.
    #[must_use]
    pub fn sampling(
        self,
        sample: impl Fn(&I, &mut Block) -> Sample + Send + Sync + 'static,
    ) -> Self {
        self.sampled(|experiment| experiment.sample = Arc::new(sample))
    }

    /// What is predicted for an instance at a checkpoint: a bound, a value, a power, a probability. A
    /// [`Reading`] says with its floor what rounding adds to what is measured there.
    ///
    /// # Panics
    /// If the claim is not about trials.
    #[must_use]
    pub fn predicting<R: Into<Reading>>(
        self,
        predicted: impl Fn(&I, f64) -> R + Send + Sync + 'static,
    ) -> Self {
        self.sampled(|experiment| {
            experiment.predicted = Arc::new(move |instance, x| predicted(instance, x).into());
        })
    }

    /// A proved bound of every single trial of an instance at a checkpoint: the upper confidence limit of an
    /// expected bound then assumes nothing of the tail where that suffices, and no diagnosis of the tail is
    /// asked for once no trial can make a tenth of their sum.
    ///
    /// # Panics
    /// If the claim is not about trials.
    #[must_use]
    pub fn bounded_by(self, most: impl Fn(&I, f64) -> f64 + Send + Sync + 'static) -> Self {
        self.sampled(|experiment| experiment.most = Some(Arc::new(most)))
    }

    /// For a [law](Claim::law): the distribution function of an instance at a checkpoint, at a value.
    ///
    /// # Panics
    /// If the claim is not about trials.
    #[must_use]
    pub fn distributed_as(
        self,
        distribution: impl Fn(&I, f64, f64) -> f64 + Send + Sync + 'static,
    ) -> Self {
        self.sampled(|experiment| {
            experiment.distribution = Some(Arc::new(distribution));
            // A law is compared with the uniform one of its own distribution function.
            experiment.predicted = Arc::new(|_, _| Reading::new(1.0, 0.0));
        })
    }
}
