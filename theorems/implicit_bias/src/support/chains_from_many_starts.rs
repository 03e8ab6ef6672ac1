//! Gradient descent on chains of factors from many starts at once, drawn from a density or not.

use rand::Rng;
use theoria_algorithms::{EnsembleRun, GradientDescent, gradient_flow};
use theoria_elementary::{acosh, exp};
use theoria_models::networks::ScalarChain;
use theoria_models::stochastic::draws::uniforms;
use theoria_models::{Ensemble, Objective, Vector};
use theoria_verification::{Check, Family, Hypothesis, Instance};

use super::runs_on_chains::converged;

/// Random starts for each step size.
const STARTS: usize = 2048;

/// Steps of each run.
const STEPS: usize = 3000;

/// A product of factors, step sizes, and where the runs start.
pub(crate) struct Chains {
    pub(crate) depth: usize,
    pub(crate) steps: &'static [f64],
    pub(crate) starts: Starts,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Starts {
    /// Half of them uniform in a cube, half close to minimisers about as sharp as 2/η.
    Density,
    /// (4, 1/4), a minimiser of sharpness 16.06.
    SharpMinimiser,
}

impl Instance for Chains {
    fn description(&self) -> String {
        format!("{}, starts: {:?}", ScalarChain::new(self.depth).describe(), self.starts)
    }
}

pub(crate) fn chains<const N: usize>(
    name: &str,
    parameters: [(usize, &'static [f64]); N],
) -> Family<Chains> {
    Family::listed(name, parameters, |&(depth, steps)| Chains {
        depth,
        steps,
        starts: Starts::Density,
    })
}

pub(crate) fn sharp_minimiser() -> Family<Chains> {
    Family::single("start at a minimiser", || Chains {
        depth: 2,
        steps: &[0.2, 0.4, 0.6],
        starts: Starts::SharpMinimiser,
    })
}

/// The name of that hypothesis.
pub(crate) const FROM_A_DENSITY: &str = "starts drawn from a density";

pub(crate) fn from_a_density() -> Hypothesis<Chains> {
    Hypothesis::new(FROM_A_DENSITY, |chains: &Chains, _| {
        Check::that(chains.starts == Starts::Density, format!("{:?}", chains.starts))
    })
}

/// The cube is [-3, 3]² for two factors, [-2, 2]^L for more. The others start within about 1/1000 of
/// (e^s, e^-s, 1, ...), whose sharpness is 0.8 to 1.2 times 2/η.
pub(crate) fn starts(chains: &Chains, step: f64, random: &mut impl Rng) -> Ensemble {
    let depth = chains.depth;
    if chains.starts == Starts::SharpMinimiser {
        return Ensemble::repeat(&Vector::from_row_slice(&[4.0, 0.25]), 1);
    }
    let width = if depth == 2 { 3.0 } else { 2.0 };
    let mut block = Ensemble::repeat(&Vector::zeros(depth), STARTS);
    uniforms(random, block.numbers_mut());
    let others = (depth - 2) as f64;
    let mut trial = 0;
    block.for_each_trial(|w| {
        let wanted = (1.0 + 0.2 * w[0]) * 2.0 / step;
        let s = acosh((wanted - others) / 2.0) / 2.0;
        let close = trial % 2 == 1 && s.is_finite();
        trial += 1;
        if close {
            w.apply(|w| *w = 1.0 + 1e-3 * *w);
            w[0] *= exp(s);
            w[1] *= exp(-s);
        } else {
            *w *= width;
        }
    });
    block
}

/// Where gradient descent from each start is after all steps.
pub(crate) fn descend(chain: ScalarChain, step: f64, starts: &Ensemble) -> Ensemble {
    let method = GradientDescent::new(step);
    EnsembleRun::of(method, &chain, starts.clone(), &[STEPS], &[]).last().clone()
}

/// Where the flow from the first starts is after a time of 100.
pub(crate) fn flow(chain: ScalarChain, _step: f64, starts: &Ensemble) -> Ensemble {
    let end = |trial| gradient_flow(&chain, &starts.trial(trial), &[100.0], 1e-10).ok()?.pop();
    Ensemble::from_trials(&(0..16).filter_map(end).collect::<Vec<_>>())
}

/// The sharpness at each end that is a minimum.
pub(crate) fn sharpness_of(chain: ScalarChain, ends: &Ensemble) -> Vec<f64> {
    let ends = (0..ends.trials()).map(|trial| ends.trial(trial));
    let minima = ends.filter(converged);
    minima.map(|w| chain.sharpness(&w)).collect()
}
