use theoria_algorithms::{LBfgs, StrongWolfe, Trajectory};
use theoria_models::objectives::{LogisticRegression, Regularisation};
use theoria_models::{Objective, Vector};

use super::{Statistic, Workload, completion, entries, entries_of_vector};

/// Pairs that are kept, as many as SciPy keeps.
const MEMORY: usize = 10;

/// Logistic regression with a ridge on n samples of d features; the last value.
pub(super) fn logistic(n: usize, d: usize, steps: usize) -> Workload {
    let features = entries(7, n, d);
    let planted = Vector::from_fn(d, |j, _| f64::from(u8::from(j < 20)));
    let scores = &features * planted + entries_of_vector(8, n) * 3.0;
    let labels = scores.map(f64::signum);
    let f = LogisticRegression::new(&features, &labels, Regularisation::Ridge(1e-3));
    of(f, Vector::zeros(d), steps, &format!(r#""data": "logistic", "n": {n}, "d": {d}"#))
}

/// Completion of a matrix from one entry in twenty; the last value.
pub(super) fn completion(size: usize, rank: usize, steps: usize) -> Workload {
    let (f, start) = completion::hidden(size, rank, 20);
    of(f, start, steps, &format!(r#""data": "completion", "n": {size}, "d": {rank}"#))
}

/// So many steps of L-BFGS; the last value.
fn of(f: impl Objective + 'static, start: Vector, steps: usize, work: &str) -> Workload {
    Workload {
        name: "w7",
        work: format!(r#"{{{work}, "steps": {steps}}}"#),
        run: Box::new(move || {
            let method = LBfgs::new(MEMORY, StrongWolfe::default());
            let run = Trajectory::keeping(method, &f, &start, steps, |_| false);
            Statistic::exact(f.value(&run.last()))
        }),
    }
}
