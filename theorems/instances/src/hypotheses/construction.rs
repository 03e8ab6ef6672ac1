//! Hypotheses on how instances are made.

use theoria_models::{Matrix, Vector, exact_rank};
use theoria_verification::{Check, Hypothesis};

use crate::{ConstrainedProblem, StochasticProblem};

/// The noise of a step is independent of all steps before, given the point: by construction, for a stochastic oracle
/// has no state, and each of its draws takes fresh numbers from the generator of the block. A problem that
/// [draws once](StochasticProblem::with_one_draw) violates it.
pub fn independent_noise<I: AsRef<StochasticProblem>>() -> Hypothesis<I> {
    Hypothesis::new("independent noise", |instance: &I, _| {
        if instance.as_ref().draws_once() {
            return Check::that(false, "the noise of all steps is one draw");
        }
        Check {
            satisfied: true,
            detail: "an oracle has no state, and draws fresh numbers from the block's generator in every step".into(),
            by_construction: true,
        }
    })
}

/// The start lies in the set over which is minimised.
pub fn starts_inside() -> Hypothesis<ConstrainedProblem> {
    Hypothesis::new("start in the set", |problem: &ConstrainedProblem, _| {
        let start: &Vector = problem.start();
        // A projection is feasible to rounding only.
        let rounding = 1e-12 * (1.0 + start.norm());
        let set = problem.objective().set();
        Check::that(set.contains(start, rounding), format!("x₀ in the {}", set.describe()))
    })
}

/// A matrix of the instance has full row rank: decided without rounding.
pub fn full_row_rank<I: 'static>(matrix: fn(&I) -> &Matrix) -> Hypothesis<I> {
    Hypothesis::new("full row rank", move |instance: &I, _| {
        let (matrix, rows) = (matrix(instance), matrix(instance).nrows());
        match exact_rank(matrix) {
            Some(rank) => Check::at_least(rank as f64, rows as f64, "rank, rows"),
            None => Check::that(false, "an entry is not finite"),
        }
    })
}
