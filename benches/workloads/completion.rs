use theoria_algorithms::{GradientDescent, Trajectory};
use theoria_models::objectives::Completion;
use theoria_models::{Matrix, Objective, Vector};

use super::{Statistic, Workload, entries};

/// A square matrix of this size and rank of which one entry in `one_in` is seen, with noise, and a ridge; and a start.
pub(super) fn hidden(size: usize, rank: usize, one_in: usize) -> (Completion, Vector) {
    let unit = 1.0 / (rank as f64).sqrt();
    let planted = entries(9, size, rank) * entries(10, rank, size) * unit;
    let noisy = planted + entries(11, size, size) * 0.1;
    let seen: Vec<_> = (0..size)
        .flat_map(|i| (0..size).map(move |j| (i, j)))
        .filter(|(i, j)| (7 * i * i + 3 * j + i * j) % one_in == 0)
        .collect();
    let f = Completion::of(&noisy, rank, &seen).with_ridge(0.1);
    let start: [Matrix; 2] = [entries(12, size, rank), entries(13, rank, size)];
    let start = f.flatten(&(&start[0] * 0.5), &(&start[1] * 0.5));
    (f, start)
}

/// Gradient descent on both factors; the last value.
pub(super) fn descent(size: usize, rank: usize, one_in: usize, steps: usize) -> Workload {
    let (f, start) = hidden(size, rank, one_in);
    let step = 0.2 * one_in as f64 / size as f64;
    Workload {
        name: "w8",
        work: format!(
            r#"{{"size": {size}, "rank": {rank}, "one_in": {one_in}, "steps": {steps}}}"#
        ),
        run: Box::new(move || {
            let method = GradientDescent::new(step);
            let run = Trajectory::keeping(method, &f, &start, steps, |_| false);
            Statistic::exact(f.value(&run.last()))
        }),
    }
}
