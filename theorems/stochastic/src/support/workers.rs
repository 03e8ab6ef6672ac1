//! Workers who vote on the sign of a slope.

use rand::Rng;
use statrs::distribution::{Binomial, ContinuousCDF, Discrete, DiscreteCDF, Normal};
use theoria_algorithms::{MajorityVote, Method};
use theoria_models::objectives::Linear;
use theoria_models::stochastic::{Noisy, Perturbed, Shape, StochasticOracle};
use theoria_models::{Ensemble, Vector};
use theoria_verification::{Check, Constant, Hypothesis, Instance};

/// A slope of `ratio` with noise of deviation 1 for each worker.
pub(crate) struct Workers {
    oracle: Perturbed<Linear>,
    /// S
    pub(crate) ratio: f64,
    /// The probability that one worker sees the wrong sign.
    pub(crate) wrong: f64,
}

impl Workers {
    pub(crate) fn new(ratio: f64, shape: Shape, wrong: f64) -> Self {
        let slope = Linear::new(Vector::from_element(1, ratio));
        Workers { oracle: Perturbed::additive(slope, 1.0).shaped(shape), ratio, wrong }
    }

    pub(crate) fn normal(ratio: f64) -> Self {
        Workers::new(ratio, Shape::Gaussian, Normal::standard().cdf(-ratio))
    }

    /// The stochastic gradient 4 with probability 1/4, -1 with probability 3/4, over its deviation.
    pub(crate) fn skewed() -> Self {
        Workers::new(0.2 / 3f64.sqrt(), Shape::Skewed, 0.75)
    }

    /// One vote of `workers` in each trial: 1 where it is wrong.
    pub(crate) fn votes(
        &self,
        workers: usize,
        trials: usize,
        generator: &mut impl Rng,
    ) -> Vec<f64> {
        let noisy = Noisy::new(&self.oracle, generator);
        let mut x = Ensemble::repeat(&Vector::zeros(1), trials);
        MajorityVote::new(1.0, workers).step(&noisy, &mut x);
        let climbed = x.numbers().iter().map(|x| f64::from(u8::from(*x > 0.0)));
        climbed.collect()
    }
}

impl Instance for Workers {
    fn description(&self) -> String {
        self.oracle.describe()
    }

    fn constants(&self) -> Vec<Constant> {
        vec![Constant::exact("S", self.ratio), Constant::exact("p", self.wrong)]
    }
}

pub(crate) const SYMMETRIC: &str = "symmetric, unimodal noise";

/// As far as shares of many draws show: half of the noise is negative, and more of it lies within half a
/// deviation than between that and a whole one.
pub(crate) fn symmetric() -> Hypothesis<Workers> {
    const DRAWS: usize = 8192;
    const SLACK: f64 = 0.05;
    Hypothesis::new(SYMMETRIC, |i: &Workers, draw| {
        let at = Ensemble::repeat(&Vector::zeros(1), DRAWS);
        let mut drawn = at.clone();
        i.oracle.sample(&at, draw.generator(), &mut drawn);
        let share = |within: &dyn Fn(f64) -> bool| {
            let noise = drawn.numbers().iter().map(|slope| slope - i.ratio);
            noise.filter(|xi| within(*xi)).count() as f64 / DRAWS as f64
        };
        let negative = share(&|xi| xi < 0.0);
        let (inner, outer) =
            (share(&|xi| xi.abs() <= 0.5), share(&|xi| (0.5..1.0).contains(&xi.abs())));
        Check::that(
            (negative - 0.5).abs() <= SLACK && inner >= outer - SLACK,
            format!(
                "{negative:.3} of the noise is negative, {inner:.3} within σ/2, {outer:.3} from there to σ"
            ),
        )
    })
}

/// The most that the probability of a wrong sign can be under symmetric unimodal noise (Gauss).
pub(crate) fn most_often_wrong(ratio: f64) -> f64 {
    if ratio > 2.0 / 3f64.sqrt() {
        2.0 / (9.0 * ratio * ratio)
    } else {
        0.5 - ratio / (2.0 * 3f64.sqrt())
    }
}

/// P(Bin(M, p) > M/2), and half of that of a tie.
pub(crate) fn vote_is_wrong(workers: u64, p: f64) -> f64 {
    let count = Binomial::new(p, workers).unwrap_or_else(|_| panic!("{p} is no probability"));
    let tie = if workers.is_multiple_of(2) { count.pmf(workers / 2) } else { 0.0 };
    count.sf(workers / 2) + tie / 2.0
}
