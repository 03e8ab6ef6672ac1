//! Instances with stochastic gradients, what is assumed of the noise, and how trials run on them.

use std::sync::Arc;

use rand::Rng;
use theoria_algorithms::{EnsembleRun, Method, Quantity};
use theoria_models::objectives::{Parabola, ParabolaSum, Quadratic, QuadraticPlusSine};
use theoria_models::point::PerTrial;
use theoria_models::stochastic::{
    MiniBatch, NoiseModel, Noisy, Perturbed, Sampling, StochasticOracle,
};
use theoria_models::{Ensemble, Objective, Vector};
use theoria_verification::{
    Block, Check, Claim, Constant, Draw, Family, Generator, Hypothesis, Instance, Reading, Sample,
    Side, Stream, TrialClaim,
};

use theoria_instances::Problem;
use theoria_instances::families::{gaussian, quadratic};
use theoria_instances::record;

/// Number of points at which a hypothesis on the noise is checked.
const LOOKS: usize = 20;
/// Number of gradients drawn to see that they are unbiased.
const DRAWS: usize = 256;

/// A problem whose gradients are estimated.
#[derive(Clone)]
pub(super) struct StochasticProblem {
    /// Objective, start and minimum.
    pub(super) problem: Problem,
    /// Where the estimates come from.
    pub(super) source: Arc<dyn StochasticOracle>,
}

/// The stochastic gradients of a block of trials.
pub(super) type Gradients<'a> = Noisy<'a, dyn StochasticOracle + 'static, &'a mut Generator>;

impl StochasticProblem {
    /// `noise` makes the source of stochastic gradients from the objective.
    pub(super) fn new<F, S>(objective: F, start: Vector, noise: impl FnOnce(F) -> S) -> Self
    where
        F: Objective + Clone + 'static,
        S: StochasticOracle + 'static,
    {
        StochasticProblem {
            problem: Problem::new(objective.clone(), start),
            source: Arc::new(noise(objective)),
        }
    }

    /// The σ² of this noise model.
    pub(super) fn sigma_squared(&self, model: NoiseModel) -> f64 {
        let Some(constant) = self.source.noise(model) else {
            panic!("{} has no σ² of {model:?} noise", self.source.describe());
        };
        constant.value
    }

    /// σ of multiplicative noise.
    pub(super) fn relative_noise(&self) -> f64 {
        self.sigma_squared(NoiseModel::Multiplicative).sqrt()
    }

    /// R² = |x_0 - x*|².
    pub(super) fn distance_squared(&self) -> f64 {
        self.problem.distance_at_start().powi(2)
    }

    /// Runs a method from the start, one trial for each of the block.
    pub(super) fn run(
        &self,
        method: impl for<'a> Method<Ensemble, Gradients<'a>>,
        block: &mut Block,
        checkpoints: &[usize],
        quantities: &[Quantity<'_>],
    ) -> EnsembleRun {
        let start = Ensemble::repeat(self.problem.start(), block.trials());
        let gradients = Noisy::new(&*self.source, block.generator());
        EnsembleRun::of(method, &gradients, start, checkpoints, quantities)
    }

    /// What a quantity is at the checkpoints of [a run](Self::run).
    pub(super) fn measure(
        &self,
        method: impl for<'a> Method<Ensemble, Gradients<'a>>,
        block: &mut Block,
        checkpoints: &[usize],
        quantity: Quantity<'_>,
    ) -> Sample {
        let run = self.run(method, block, checkpoints, &[quantity]);
        Sample::new(positions(checkpoints), run.table(0).to_vec())
    }

    /// f - f* along [a run](Self::measure).
    pub(super) fn gaps(
        &self,
        method: impl for<'a> Method<Ensemble, Gradients<'a>>,
        block: &mut Block,
        checkpoints: &[usize],
    ) -> Sample {
        let minimum = self.problem.minimum().value;
        let quantity = Quantity::gap(self.problem.objective(), minimum);
        self.measure(method, block, checkpoints, quantity)
    }

    /// A bound for a gap, with the rounding of gaps near the minimum as its floor.
    pub(super) fn bound(&self, value: f64) -> Reading {
        let minimiser = self.problem.known_minimiser();
        let floor = minimiser.map_or(self.problem.minimum().error, |x| self.problem.gap(x).floor);
        Reading::new(value, floor)
    }
}

impl Instance for StochasticProblem {
    fn description(&self) -> String {
        self.source.describe()
    }

    fn constants(&self) -> Vec<Constant> {
        let models = [NoiseModel::Additive, NoiseModel::Multiplicative, NoiseModel::Vanishing];
        let noise = models
            .into_iter()
            .filter_map(|model| self.source.noise(model))
            .map(|constant| record("σ²", constant));
        self.problem.constants().into_iter().chain(noise).collect()
    }
}

/// Numbers of steps as checkpoints of a sample.
pub(super) fn positions(checkpoints: &[usize]) -> Vec<f64> {
    checkpoints.iter().map(|&step| step as f64).collect()
}

/// A block of trials for a picture.
pub(super) fn block(trials: usize, draw: &mut Draw) -> Block {
    Block::new(trials, Stream::new(draw.generator().next_u64()).trial(0))
}

/// A hypothesis on the objective.
pub(super) fn on_the_objective(hypothesis: Hypothesis<Problem>) -> Hypothesis<StochasticProblem> {
    let name = hypothesis.name().to_owned();
    Hypothesis::new(&name, move |p: &StochasticProblem, draw| hypothesis.check(&p.problem, draw))
}

/// E|g - ∇f|² ≤ σ² times what the model says, at random points; the left side is computed without
/// sampling.
pub(super) fn noise(model: NoiseModel) -> Hypothesis<StochasticProblem> {
    let name = match model {
        NoiseModel::Additive => "additive noise",
        NoiseModel::Multiplicative => "multiplicative noise",
        NoiseModel::Vanishing => "noise that vanishes with f − f*",
    };
    Hypothesis::new(name, move |p: &StochasticProblem, draw| {
        let Some(stated) = p.source.noise(model) else {
            return Check::that(false, "the noise is not of this kind for any σ²");
        };
        let objective = p.problem.objective();
        let seen = (0..LOOKS)
            .map(|_| nearby(p, draw))
            .filter_map(|x| Some(p.source.variance(&x) / model.scale(objective, &x)?))
            .fold(0.0, f64::max);
        Check::at_most(seen, stated.value, "largest variance of the gradient seen, in its unit, σ²")
    })
}

/// E g = ∇f at the start: the mean of many draws deviates by no more than chance allows.
pub(super) fn unbiased() -> Hypothesis<StochasticProblem> {
    Hypothesis::new("unbiased", |p: &StochasticProblem, draw| {
        let start = p.problem.start();
        let at = Ensemble::repeat(start, DRAWS);
        let mut drawn = at.clone();
        p.source.sample(&at, draw.generator(), &mut drawn);
        let exact = p.problem.objective().gradient_at(start);
        let mean = Vector::from_fn(start.len(), |coordinate, _| {
            drawn.coordinate(coordinate).iter().sum::<f64>() / DRAWS as f64
        });
        let rounding = 1e-12 * (exact.norm_squared() + drawn.magnitude().powi(2));
        let expected = p.source.variance(start) / DRAWS as f64;
        // Beyond 40 times its expectation with probability 1e-9 for a normal number, less in higher dimension.
        let seen = (mean - exact).norm_squared();
        Check::at_most(
            seen,
            40.0 * expected + rounding,
            "deviation of the mean of 256 gradients, squared",
        )
    })
}

/// A random point about the minimiser (else the start) within twice the distance of the start.
fn nearby(p: &StochasticProblem, draw: &mut Draw) -> Vector {
    let start = p.problem.start();
    let centre = p.problem.known_minimiser().unwrap_or(start);
    let radius = 2.0 * (start - centre).norm().max(0.5);
    let direction = gaussian(start.len(), draw).normalize();
    centre + direction * draw.uniform(0.0, radius)
}

/// Strongly convex quadratics in random rotation, with a condition number from 2 to `condition` and noise of
/// σ from 0.3 to `most`.
pub(super) fn noisy_quadratics<S: StochasticOracle + 'static>(
    condition: f64,
    most: f64,
    noise: fn(Quadratic, f64) -> S,
) -> Family<StochasticProblem> {
    Family::drawn("quadratics", move |draw| {
        let dimension = draw.size(2..=6);
        let objective = quadratic(dimension, condition, draw);
        let start = gaussian(dimension, draw) * 2.0;
        let sigma = draw.log_uniform(0.3, most);
        StochasticProblem::new(objective, start, |f| noise(f, sigma))
    })
}

/// λx²/2 with noise of this size from this start.
pub(super) fn parabola<S: StochasticOracle + 'static>(
    curvature: f64,
    start: f64,
    noise: impl FnOnce(Quadratic) -> S,
) -> StochasticProblem {
    let start = Vector::from_element(1, start);
    StochasticProblem::new(Quadratic::diagonal(&[curvature]), start, noise)
}

/// x² + 3 sin² x with additive Gaussian noise, from several starts.
pub(super) fn noisy_quadratic_plus_sine() -> Family<StochasticProblem> {
    Family::listed("x² + 3 sin² x", [(-4.0, 1.0), (2.5, 3.0)], |&(start, sigma)| {
        let start = Vector::from_element(1, start);
        StochasticProblem::new(QuadraticPlusSine, start, |f| Perturbed::additive(f, sigma))
    })
}

/// Parabolas of one curvature about random centres, in batches of one or four: the noise is additive.
pub(super) fn equal_parabolas() -> Family<StochasticProblem> {
    Family::drawn("mini-batches of parabolas", |draw| {
        let curvature = draw.log_uniform(0.2, 5.0);
        let centres = gaussian(draw.size(2..=12), draw);
        let parabolas: Vec<Parabola> =
            centres.iter().map(|&centre| Parabola { curvature, centre }).collect();
        let batch = [1, 4][draw.size(1..=2) - 1];
        let start = gaussian(1, draw) * 3.0;
        StochasticProblem::new(ParabolaSum::new(&parabolas), start, |f| {
            MiniBatch::new(f, batch, Sampling::WithReplacement)
        })
    })
}

/// The claim P(f(x_N) - f* ≤ 10 B) ≥ 0.9 that follows from E f(x_N) - f* ≤ B by Markov's inequality. A product of
/// random factors has a mean that trials do not show; its quantiles they do.
pub(super) fn by_markov(
    name: &str,
    bound: &str,
    sample: impl Fn(&StochasticProblem, &mut Block) -> Sample + Send + Sync + 'static,
    at_most: impl Fn(&StochasticProblem, f64) -> f64 + Send + Sync + 'static,
) -> TrialClaim<StochasticProblem> {
    Claim::probability(name, &format!("P(f(x_N) − f* ≤ 10 {bound}) ≥ 0.9"), Side::AtLeast)
        .trials(512)
        .sampling(move |p: &StochasticProblem, block| {
            let gaps = sample(p, block);
            let steps = gaps.checkpoints().to_vec();
            let rows = steps.iter().zip(gaps.rows()).map(|(&n, row)| {
                let bound = p.bound(10.0 * at_most(p, n));
                let held = |gap: &f64| f64::from(u8::from(*gap <= bound.value + bound.floor));
                row.iter().map(held).collect()
            });
            Sample::new(steps.clone(), rows.collect())
        })
        .predicting(|_, _| 0.9)
}
