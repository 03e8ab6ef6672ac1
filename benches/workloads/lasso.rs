use theoria_algorithms::{Fista, Momentum, Trajectory};
use theoria_models::Vector;
use theoria_models::objectives::{Composite, L1Norm, LeastSquares};

use super::{Statistic, Workload, entries, entries_of_vector};

/// FISTA on the LASSO |X a - y|² + λ |a|₁ with n samples of d features; the last value.
pub(super) fn fista(n: usize, d: usize, steps: usize) -> Workload {
    let features = entries(7, n, d);
    let planted = Vector::from_fn(d, |j, _| f64::from(u8::from(j < 10)));
    let targets = &features * planted + entries_of_vector(8, n) * 0.1;
    let samples = n as f64;
    // The objective here is |X a - y|²/(2n) + weight |a|₁.
    let weight = 0.1 * features.tr_mul(&targets).amax() / samples;
    let problem = Composite::new(LeastSquares::new(features, targets), L1Norm::new(weight));
    let smoothness = problem.smooth().smoothness().map_or(1.0, |l| l.value);
    Workload {
        name: "w5",
        work: format!(r#"{{"n": {n}, "d": {d}, "steps": {steps}}}"#),
        run: Box::new(move || {
            let method = Fista::new(1.0 / smoothness, Momentum::Sequence);
            let run = Trajectory::keeping(method, &problem, &Vector::zeros(d), steps, |_| false);
            Statistic::exact(2.0 * samples * problem.value(&run.last()))
        }),
    }
}
