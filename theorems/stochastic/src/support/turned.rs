//! SGD with a constant step and batch on a parabola, by step size and by batch.

use theoria_algorithms::GradientDescent;
use theoria_elementary::powf;
use theoria_instances::hypotheses::{independent_noise, lojasiewicz, noise, smooth, unbiased};
use theoria_instances::{Problem, StochasticProblem};
use theoria_models::Vector;
use theoria_models::objectives::Quadratic;
use theoria_models::stochastic::{NoiseModel, Perturbed, Repeated};
use theoria_verification::{Check, Claim, Constant, Family, Hypothesis, Instance, TrialClaim};

use super::{GapMoments, NoiseLaw};

const CHECKPOINTS: [usize; 10] = [1, 2, 3, 5, 8, 13, 21, 34, 55, 89];

/// h L along the slider; the one of this number is shown first.
const STEPS: [f64; 18] = [
    0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 0.95, 1.2, 1.5, 1.8, 2.05, 2.2,
];
pub(crate) const FIRST_STEP: usize = 6;

/// b along the slider; the one of this number is shown first.
const BATCHES: [f64; 12] = [1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0, 24.0, 32.0, 48.0, 64.0];
pub(crate) const FIRST_BATCH: usize = 3;

/// The name of the hypothesis.
pub(crate) const STEP: &str = "h ≤ 1/L";

/// (1 - μh)ⁿ (f(x_0) - f*) + h L σ²/(2μ)
pub(crate) fn floor_bound(f: &Problem, h: f64, variance: f64, n: f64) -> f64 {
    let (l, mu) = (f.smoothness(), f.lojasiewicz());
    powf((1.0 - mu * h).abs(), n) * f.gap_at_start() + h * l * variance / (2.0 * mu)
}

/// Means of a batch, which are its stochastic gradients, and a step size.
pub(crate) struct Turned {
    p: StochasticProblem,
    step: f64,
    batch: usize,
}

impl AsRef<StochasticProblem> for Turned {
    fn as_ref(&self) -> &StochasticProblem {
        &self.p
    }
}

impl AsRef<Problem> for Turned {
    fn as_ref(&self) -> &Problem {
        self.p.problem()
    }
}

impl Instance for Turned {
    fn description(&self) -> String {
        format!("{}, h = {}, b = {}", self.p.description(), self.step, self.batch)
    }

    fn constants(&self) -> Vec<Constant> {
        self.p.constants()
    }
}

impl Turned {
    /// On |x|²/2 in the plane from a gap of 4, with normal noise of σ = 1 before it is averaged.
    fn to(step: f64, batch: usize) -> Self {
        let f = Quadratic::diagonal(&[1.0, 1.0]);
        let p = StochasticProblem::new(f, Vector::from_element(2, 2.0), |f| {
            Repeated::new(Perturbed::additive(f, 1.0), batch)
        });
        Turned { p, step, batch }
    }
}

pub(crate) fn steps() -> Family<Turned> {
    Family::along("step sizes along the slider", STEPS, |step| Turned::to(step, 4))
}

pub(crate) fn batches() -> Family<Turned> {
    Family::along("batches along the slider", BATCHES, |batch| Turned::to(0.25, batch as usize))
}

/// Where the bound is attained.
pub(crate) fn at_one_over_l() -> Family<Turned> {
    Family::listed("h = 1/L", [1, 4, 64], |batch| Turned::to(1.0, *batch))
}

pub(crate) fn long_steps() -> Family<Turned> {
    Family::listed("long steps", [1.5, 1.8, 2.2], |step| Turned::to(*step, 4))
}

/// `share` is 1 in the theorem. σ² of the oracle is that of a batch.
pub(crate) fn turned(name: &str, formula: &str, share: f64) -> TrialClaim<Turned> {
    Claim::expected_bound(name, formula)
        .within(0.1)
        .trials(1 << 14)
        .assuming([
            smooth(),
            lojasiewicz(),
            unbiased(),
            noise(NoiseModel::Additive),
            independent_noise(),
            Hypothesis::new(STEP, |at: &Turned, _| Check::at_most(at.step, 1.0, "h L")),
        ])
        .sampling(|at: &Turned, block| {
            at.p.gaps(GradientDescent::new(at.step), block, &CHECKPOINTS)
        })
        .second_moment_at_most(|at, n| {
            let steps = std::iter::repeat_n(at.step, n as usize);
            GapMoments::along_sgd(&at.p, (NoiseModel::Additive, NoiseLaw::NORMAL), steps).square
        })
        .predicting(move |at, n| {
            let variance = share * at.p.sigma_squared(NoiseModel::Additive);
            at.p.bound(floor_bound(at.p.problem(), at.step, variance, n))
        })
}
