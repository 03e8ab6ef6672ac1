//! What the two kinds of experiment, on curves and on trials, have in common.

use crate::journal::Page;
use crate::judgement::TrialEvidence;
use crate::trials::Sample;
use crate::{Curve, Finding, Readings, Settings, Stream, ThinnedCurve};

/// What a claim runs on an instance, and how it is judged: [`Curves`](crate::Curves) or
/// [`Trials`](crate::Trials).
pub trait Experiment<I>: Clone + Send + Sync + 'static {
    /// The kind of claim, for people.
    fn kind(&self) -> &'static str;

    /// What is still to be said before it can be run, as the end of a sentence.
    fn missing(&self) -> Option<&'static str>;

    /// Whether it can be claimed that the measurement reaches what is predicted: so for bounds.
    fn can_be_attained(&self) -> bool;

    /// A number that experiments share if and only if they measure the same.
    fn measurement(&self) -> usize;

    /// Runs it on an instance and judges it. What `seen` holds is not run again.
    fn run(&self, instance: &I, on: &Occasion<'_>, seen: &mut Seen) -> Outcome;

    /// For a bound, how near the measurement comes to it on an instance, by a look that a search can afford: above 1 where
    /// it is broken. None where nothing is seen.
    fn nearness(&self, instance: &I, on: &Occasion<'_>) -> Option<f64>;

    /// Whether one instance can be worse than another one: whether there is something to search for.
    fn has_direction(&self) -> bool;

    /// Whether it runs trials, and no curve.
    fn is_about_trials(&self) -> bool;

    /// What these readings say, were they measured on the instance.
    ///
    /// # Errors
    /// If there is nothing that they could be held against, and why.
    fn judge(&self, instance: &I, readings: &Readings) -> Result<Finding, &'static str>;
}

/// What an experiment has to know of its instance beside itself.
pub struct Occasion<'a> {
    /// The stream of the experiment.
    pub stream: Stream,
    /// The tightness that a bound is claimed to reach.
    pub attained: Option<f64>,
    /// The share of the error budget.
    pub alpha: f64,
    /// Settings of the run.
    pub settings: &'a Settings,
}

/// What was measured on an instance so far, for all claims that measure the same on it.
#[derive(Default)]
pub struct Seen {
    /// Readings, for measurements with a prediction of their own.
    pub readings: Option<Readings>,
    /// Measured against measured.
    pub curve: Option<Curve>,
    /// Samples, by the number of trials in a block and the number of the block; none where nobody else
    /// asks for them.
    pub(crate) samples: Option<Samples>,
    /// Trials that were run before, and are to be continued.
    pub(crate) earlier: Option<TrialEvidence>,
    /// Why they were not.
    pub(crate) refused: Option<String>,
    /// Where blocks are written down.
    pub(crate) page: Page,
}

/// Samples of blocks.
pub(crate) type Samples = std::collections::BTreeMap<(usize, usize), Sample>;

/// What an experiment on one instance says.
pub struct Outcome {
    /// The verdict.
    pub finding: Finding,
    /// The trials, if there were any.
    pub trials: Option<TrialEvidence>,
    /// What is drawn of it.
    pub curve: Option<ThinnedCurve>,
}
