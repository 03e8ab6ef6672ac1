//! Runs of gradient descent from random starts, logged as a table for `theoria judge`.
//!
//! `cargo run --example log_runs > gradient_descent.csv`

use theoria::algorithms::{EnsembleRun, GradientDescent, Quantity};
use theoria::models::objectives::Quadratic;
use theoria::models::{Ensemble, Vector};
use theoria::verification::{Draw, Stream};

const RUNS: u64 = 8;
const DIMENSION: usize = 10;
/// L/μ, with L = 1.
const CONDITION: f64 = 100.0;

/// Run, step and loss, every twentieth step up to 2000.
pub(crate) fn table() -> String {
    let power = |i: usize| i as f64 / (DIMENSION as f64 - 1.0);
    let spectrum: Vec<f64> = (0..DIMENSION).map(|i| CONDITION.powf(-power(i))).collect();
    let objective = Quadratic::diagonal(&spectrum);
    let start = |run| {
        let mut draw = Draw::new(Stream::new(2026).trial(run));
        Vector::from_fn(DIMENSION, |_, _| draw.normal())
    };
    let starts: Vec<Vector> = (0..RUNS).map(start).collect();
    let steps: Vec<usize> = (1..=100).map(|i| 20 * i).collect();
    let run = EnsembleRun::of(
        GradientDescent::new(1.0),
        &objective,
        Ensemble::from_trials(&starts),
        &steps,
        &[Quantity::value(&objective)],
    );
    let mut table = String::from("run,step,loss\n");
    for trial in 0..starts.len() {
        for (i, n) in steps.iter().enumerate() {
            table += &format!("{trial},{n},{:.6e}\n", run.at(0, i)[trial]);
        }
    }
    table
}

fn main() {
    print!("{}", table());
}
