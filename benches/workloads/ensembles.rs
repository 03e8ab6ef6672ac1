use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rayon::prelude::*;
use theoria_algorithms::{EnsembleRun, EulerMaruyama, GradientDescent, Quantity};
use theoria_models::objectives::{LeastSquares, Valley};
use theoria_models::stochastic::{MiniBatch, Noisy, Sampling};
use theoria_models::{Ensemble, Vector};

use super::{Statistic, Workload, entries, entries_of_vector};

const BLOCK: usize = 256;

/// The numbers of all trials, block after block.
fn over_blocks(trials: usize, block: impl Fn(usize, ChaCha8Rng) -> Vec<f64> + Sync) -> Statistic {
    let blocks: Vec<usize> = (0..trials.div_ceil(BLOCK)).collect();
    let numbers = blocks.into_par_iter().map(|number| {
        let mut generator = ChaCha8Rng::seed_from_u64(1);
        generator.set_stream(number as u64);
        block(BLOCK.min(trials - number * BLOCK), generator)
    });
    Statistic::mean(&numbers.collect::<Vec<_>>().concat())
}

/// Trials of SGD with one sample a step on least squares with n samples of d features; the mean of the
/// last values.
pub(super) fn single_sample_sgd(n: usize, d: usize, trials: usize, steps: usize) -> Workload {
    let features = entries(1, n, d);
    let targets = &features * entries_of_vector(2, d) + entries_of_vector(3, n) * 0.1;
    let f = LeastSquares::new(features, targets);
    let single = MiniBatch::new(f.clone(), 1, Sampling::WithReplacement);
    Workload {
        name: "w2",
        work: format!(r#"{{"n": {n}, "d": {d}, "trials": {trials}, "steps": {steps}}}"#),
        run: Box::new(move || {
            over_blocks(trials, |trials, generator| {
                let noisy = Noisy::new(&single, generator);
                let start = Ensemble::repeat(&Vector::zeros(d), trials);
                let value = [Quantity::value(&f)];
                let method = GradientDescent::new(0.01);
                let run = EnsembleRun::of(method, &noisy, start, &[steps], &value);
                run.at(0, 0).to_vec()
            })
        }),
    }
}

/// Paths of Euler–Maruyama steps in the valley (1 + 0.8 cos x) y²/2 at temperature 0.1; the mean of
/// cos x at the end.
pub(super) fn diffusion_in_a_valley(paths: usize, steps: usize) -> Workload {
    let valley = Valley::new(0.8, 1);
    Workload {
        name: "w3",
        work: format!(r#"{{"paths": {paths}, "steps": {steps}}}"#),
        run: Box::new(move || {
            over_blocks(paths, |paths, mut generator| {
                let mut start = Ensemble::repeat(&Vector::zeros(2), paths);
                for x in start.coordinate_mut(0) {
                    *x = generator.random_range(0.0..std::f64::consts::TAU);
                }
                let method = EulerMaruyama::additive(0.01, 0.1, generator);
                let first = [Quantity::coordinate(0)];
                let run = EnsembleRun::of(method, &valley, start, &[steps], &first);
                run.at(0, 0).iter().map(|x| x.cos()).collect()
            })
        }),
    }
}
