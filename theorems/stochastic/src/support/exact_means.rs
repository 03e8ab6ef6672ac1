//! Expectations without sampling error.

use theoria_algorithms::Method;
use theoria_instances::StochasticProblem;
use theoria_models::Vector;
use theoria_models::stochastic::{Path, expectation_over_paths};

/// E of what `quantity` is at x_n, over all paths of noise that has finitely many atoms; `method` makes the method anew for each.
pub(crate) fn exact_mean<M>(
    p: &StochasticProblem,
    method: impl Fn() -> M,
    steps: usize,
    quantity: impl Fn(&Vector) -> f64,
) -> f64
where
    M: for<'a> Method<Vector, Path<'a>>,
{
    expectation_over_paths(p.oracle(), |path| {
        let (mut method, mut x) = (method(), p.problem().start().clone());
        for _ in 0..steps {
            method.step(path, &mut x);
        }
        quantity(&x)
    })
}
