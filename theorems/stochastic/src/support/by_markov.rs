//! What Markov's inequality makes of an expected bound.

use theoria_instances::StochasticProblem;
use theoria_verification::{Block, Claim, Sample, Side, TrialClaim};

/// The claim P(f(x_N) - f* ≤ 10 B) ≥ 0.9 that follows from E f(x_N) - f* ≤ B by Markov's inequality. A product of
/// random factors has a mean that trials do not show; its quantiles they do.
pub(crate) fn by_markov(
    name: &str,
    bound: &str,
    sample: impl Fn(&StochasticProblem, &mut Block) -> Sample + Send + Sync + 'static,
    at_most: impl Fn(&StochasticProblem, f64) -> f64 + Send + Sync + 'static,
) -> TrialClaim<StochasticProblem> {
    Claim::probability(name, &format!("P(f(x_N) − f* ≤ 10 {bound}) ≥ 0.9"), Side::AtLeast)
        .trials(512)
        .sampling(move |p: &StochasticProblem, block| {
            sample(p, block).at_most(|n| {
                let bound = p.bound(10.0 * at_most(p, n));
                bound.value + bound.floor
            })
        })
        .predicting(|_, _| 0.9)
}
