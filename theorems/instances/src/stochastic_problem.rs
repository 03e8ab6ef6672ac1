//! Instances with stochastic gradients.

use std::sync::Arc;

use theoria_algorithms::{EnsembleRun, Method, Quantity};
use theoria_models::stochastic::{NoiseModel, Noisy, OneDraw, StochasticOracle};
use theoria_models::{Ensemble, Objective, Vector};
use theoria_verification::{Block, Constant, Generator, Instance, Reading, Sample};

use crate::{Problem, record};

/// A problem whose gradients are estimated.
///
/// ```
/// use theoria_algorithms::GradientDescent;
/// use theoria_instances::StochasticProblem;
/// use theoria_models::{Vector, objectives::Quadratic, stochastic::Perturbed};
/// use theoria_verification::{Block, Stream};
///
/// // x²/2 from 3, with normal noise of standard deviation 1/2.
/// let (f, start) = (Quadratic::diagonal(&[1.0]), Vector::from_element(1, 3.0));
/// let problem = StochasticProblem::new(f, start, |f| Perturbed::additive(f, 0.5));
/// // f(x_n) − f* after 1 and 100 steps of SGD, for a thousand trials.
/// let mut block = Block::new(1000, Stream::new(1).trial(0));
/// let gaps = problem.gaps(GradientDescent::new(0.1), &mut block, &[1, 100]);
/// assert_eq!((gaps.checkpoints(), gaps.rows()[1].len()), (&[1.0, 100.0][..], 1000));
/// ```
#[derive(Clone)]
pub struct StochasticProblem {
    problem: Problem,
    oracle: Arc<dyn StochasticOracle>,
    one_draw: bool,
}

/// The stochastic gradients of a block of trials, as methods see them.
pub type StochasticGradients<'a> = Noisy<'a, dyn StochasticOracle + 'static, &'a mut Generator>;

impl StochasticProblem {
    /// An instance that starts at `start`; `noise` makes the oracle of stochastic gradients from the objective.
    ///
    /// # Panics
    /// If the start does not have the objective's dimension.
    pub fn new<F, S>(objective: F, start: Vector, noise: impl FnOnce(F) -> S) -> Self
    where
        F: Objective + Clone + 'static,
        S: StochasticOracle + 'static,
    {
        StochasticProblem {
            problem: Problem::new(objective.clone(), start),
            oracle: Arc::new(noise(objective)),
            one_draw: false,
        }
    }

    /// With noise that is drawn once for each trial and kept for all steps: unbiased at each point, but not given the past.
    #[must_use]
    pub fn with_one_draw(self) -> Self {
        StochasticProblem { one_draw: true, ..self }
    }

    /// Whether the noise of all steps is [one draw](Self::with_one_draw).
    pub fn draws_once(&self) -> bool {
        self.one_draw
    }

    /// Objective, start and minimum.
    pub fn problem(&self) -> &Problem {
        &self.problem
    }

    /// Where the estimates of gradients come from.
    pub fn oracle(&self) -> &(dyn StochasticOracle + 'static) {
        &*self.oracle
    }

    /// What a block of trials with this generator draws from: the oracle, or the one draw from it.
    pub fn source(&self, generator: &Generator) -> Arc<dyn StochasticOracle> {
        let oracle = Arc::clone(&self.oracle);
        if self.one_draw { Arc::new(OneDraw::new(oracle, generator.clone())) } else { oracle }
    }

    /// The σ² of this noise model.
    ///
    /// # Panics
    /// If the noise is not of this kind for any σ².
    pub fn sigma_squared(&self, model: NoiseModel) -> f64 {
        let Some(constant) = self.oracle.noise(model) else {
            panic!("{} has no σ² of {model:?} noise", self.oracle.describe());
        };
        constant.value
    }

    /// σ of multiplicative noise.
    ///
    /// # Panics
    /// If the noise is not multiplicative.
    pub fn relative_noise(&self) -> f64 {
        self.sigma_squared(NoiseModel::Multiplicative).sqrt()
    }

    /// R² = |x_0 - x*|².
    ///
    /// # Panics
    /// If no minimiser is known.
    pub fn distance_squared(&self) -> f64 {
        self.problem.distance_at_start().powi(2)
    }

    /// Runs a method from the start, one trial for each of the block, and measures quantities after the
    /// numbers of steps that are the checkpoints.
    pub fn run(
        &self,
        method: impl for<'a> Method<Ensemble, StochasticGradients<'a>>,
        block: &mut Block,
        checkpoints: &[usize],
        quantities: &[Quantity<'_>],
    ) -> EnsembleRun {
        let start = Ensemble::repeat(self.problem.start(), block.trials());
        let source = self.source(block.generator());
        let gradients = Noisy::new(&*source, block.generator());
        EnsembleRun::of(method, &gradients, start, checkpoints, quantities)
    }

    /// What a quantity is at the checkpoints of [a run](Self::run).
    pub fn measure(
        &self,
        method: impl for<'a> Method<Ensemble, StochasticGradients<'a>>,
        block: &mut Block,
        checkpoints: &[usize],
        quantity: Quantity<'_>,
    ) -> Sample {
        let run = self.run(method, block, checkpoints, &[quantity]);
        Sample::new(checkpoints, run.table(0).to_vec())
    }

    /// f - f* at the checkpoints of [a run](Self::run).
    ///
    /// # Panics
    /// If the minimal value is not known.
    pub fn gaps(
        &self,
        method: impl for<'a> Method<Ensemble, StochasticGradients<'a>>,
        block: &mut Block,
        checkpoints: &[usize],
    ) -> Sample {
        let minimum = self.problem.minimum().value;
        let quantity = Quantity::gap(self.problem.objective(), minimum);
        self.measure(method, block, checkpoints, quantity)
    }

    /// A bound for a gap, with the rounding of gaps near the minimum as its floor.
    pub fn bound(&self, value: f64) -> Reading {
        let minimiser = self.problem.known_minimiser();
        let floor = minimiser.map_or(self.problem.minimum().error, |x| self.problem.gap(x).floor);
        Reading::new(value, floor)
    }
}

impl AsRef<StochasticProblem> for StochasticProblem {
    fn as_ref(&self) -> &StochasticProblem {
        self
    }
}

impl AsRef<Problem> for StochasticProblem {
    fn as_ref(&self) -> &Problem {
        &self.problem
    }
}

impl Instance for StochasticProblem {
    fn description(&self) -> String {
        let kept = if self.one_draw { ", one draw for all steps" } else { "" };
        format!("{}{kept}", self.oracle.describe())
    }

    fn constants(&self) -> Vec<Constant> {
        let models = [NoiseModel::Additive, NoiseModel::Multiplicative, NoiseModel::Vanishing];
        let noise = models
            .into_iter()
            .filter_map(|model| self.oracle.noise(model))
            .map(|constant| record("σ²", constant));
        self.problem.constants().into_iter().chain(noise).collect()
    }

    fn needs() -> String {
        "an objective with its gradient and constants, stochastic gradients of it with what is known of their noise (σ²), and \
         a start x₀"
            .into()
    }
}
