//! Convex problems over a ball, with a bound on the second moment of their stochastic gradients.

use theoria_algorithms::{EnsembleRun, Method, Quantity};
use theoria_instances::{Problem, StochasticGradients, StochasticProblem};
use theoria_models::Ensemble;
use theoria_models::sets::Ball;
use theoria_models::stochastic::{NoiseModel, Noisy, Restricted};
use theoria_verification::{Block, Constant, Instance};

/// A convex problem over a ball about 0 that holds start and minimiser.
pub(crate) struct Bounded {
    pub(crate) p: StochasticProblem,
    pub(crate) radius: f64,
    /// G² ≥ E|g|² over the ball.
    pub(crate) second_moment: f64,
    /// The probability of the rarest g at any point.
    pub(crate) rarest: f64,
}

impl Bounded {
    /// R
    pub(crate) fn distance(&self) -> f64 {
        self.p.problem().distance_at_start()
    }

    /// R/(G√N)
    pub(crate) fn fitted_step(&self, steps: f64) -> f64 {
        self.distance() / (self.second_moment * steps).sqrt()
    }

    /// f − f* of the mean of N iterates, N = `steps`, with step size `h`: at most G times the distance from x*, as |∇f(x)|² ≤ E|g|². No |g|
    /// is larger than G over the root of its probability, so that |x_k − x*| ≤ R + k h |g|; and all lie in the ball.
    pub(crate) fn largest_gap(&self, h: f64, steps: f64) -> f64 {
        let reach = self.radius + self.p.problem().minimiser().norm();
        let slope = self.second_moment.sqrt();
        let moved = h * slope / self.rarest.sqrt() * (steps - 1.0) / 2.0;
        slope * reach.min(self.distance() + moved)
    }

    /// f - f* of the method's point.
    pub(crate) fn gaps(
        &self,
        method: impl for<'a> Method<Ensemble, Restricted<StochasticGradients<'a>, Ball>>,
        block: &mut Block,
        checkpoints: &[usize],
    ) -> Vec<Vec<f64>> {
        let problem = self.p.problem();
        // Without noise all trials are one, which is run once.
        let noise = self.p.oracle().noise(NoiseModel::Additive);
        let same =
            if noise.is_some_and(|variance| variance.value == 0.0) { block.trials() } else { 1 };
        let start = Ensemble::repeat(problem.start(), block.trials() / same);
        let source = self.p.source(block.generator());
        let gradients = Noisy::new(&*source, block.generator());
        let oracle = Restricted::new(gradients, Ball::new(self.radius));
        let gap = Quantity::gap(problem.objective(), problem.minimum().value);
        let run = EnsembleRun::of(method, &oracle, start, checkpoints, &[gap]);
        run.table(0).iter().map(|row| row.repeat(same)).collect()
    }
}

impl AsRef<Problem> for Bounded {
    fn as_ref(&self) -> &Problem {
        self.p.problem()
    }
}

impl AsRef<StochasticProblem> for Bounded {
    fn as_ref(&self) -> &StochasticProblem {
        &self.p
    }
}

impl Instance for Bounded {
    fn description(&self) -> String {
        format!("{}, over a ball of radius {:.4}", self.p.description(), self.radius)
    }

    fn constants(&self) -> Vec<Constant> {
        let mut constants = self.p.problem().constants();
        constants.push(Constant::certified("G²", self.second_moment));
        constants
    }
}
