//! Experiments as the theorems run them: blocks of many trials over all threads, each with a stream of
//! its own, and one long run on a larger problem.

use std::sync::OnceLock;

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, StandardNormal};
use rayon::prelude::*;
use theoria_algorithms::{
    EnsembleRun, EulerMaruyama, Fista, GradientDescent, Momentum, Quantity, Trajectory,
};
use theoria_models::objectives::{Composite, L1Norm, LeastSquares, Valley};
use theoria_models::stochastic::{MiniBatch, Noisy, Sampling};
use theoria_models::{Ensemble, Matrix, Property, Vector};

/// A workload: what it is called in the comparison, and how its result comes about.
pub(crate) struct Workload {
    pub(crate) name: &'static str,
    pub(crate) run: fn() -> f64,
}

pub(crate) const WORKLOADS: [Workload; 3] = [
    Workload { name: "w2", run: single_sample_sgd },
    Workload { name: "w3", run: diffusion_in_a_valley },
    Workload { name: "w5", run: lasso_by_fista },
];

const BLOCK: usize = 256;

fn over_blocks(trials: usize, block: impl Fn(usize, ChaCha8Rng) -> f64 + Sync) -> f64 {
    let blocks: Vec<usize> = (0..trials.div_ceil(BLOCK)).collect();
    let sums: Vec<f64> = blocks
        .into_par_iter()
        .map(|number| {
            let mut generator = ChaCha8Rng::seed_from_u64(1);
            generator.set_stream(number as u64);
            block(BLOCK.min(trials - number * BLOCK), generator)
        })
        .collect();
    sums.iter().sum::<f64>() / trials as f64
}

/// 4096 trials of 1000 steps of SGD with one sample a step, on least squares with 20 samples of 10
/// features; the mean of the last values.
fn single_sample_sgd() -> f64 {
    let mut generator = ChaCha8Rng::seed_from_u64(2);
    let features = Matrix::from_fn(20, 10, |_, _| StandardNormal.sample(&mut generator));
    let planted = Vector::from_fn(10, |_, _| StandardNormal.sample(&mut generator));
    let noise = Vector::from_fn(20, |_, _| StandardNormal.sample(&mut generator));
    let f = LeastSquares::new(features.clone(), features * planted + noise * 0.1);
    let single = MiniBatch::new(f.clone(), 1, Sampling::WithReplacement);
    over_blocks(4096, |trials, generator| {
        let noisy = Noisy::new(&single, generator);
        let start = Ensemble::repeat(&Vector::zeros(10), trials);
        let value = [Quantity::value(&f)];
        let run = EnsembleRun::of(GradientDescent::new(0.01), &noisy, start, &[1000], &value);
        run.at(0, 0).iter().sum()
    })
}

/// 10,000 paths of 1000 Euler–Maruyama steps in the valley (1 + 0.8 cos x) y²/2 at temperature 0.1; the
/// mean of cos x at the end.
fn diffusion_in_a_valley() -> f64 {
    let valley = Valley::new(0.8, 1);
    over_blocks(10_000, |paths, mut generator| {
        let mut start = Ensemble::repeat(&Vector::zeros(2), paths);
        for x in start.coordinate_mut(0) {
            *x = generator.random_range(0.0..std::f64::consts::TAU);
        }
        let method = EulerMaruyama::additive(0.01, 0.1, generator);
        let run = EnsembleRun::of(method, &valley, start, &[1000], &[Quantity::coordinate(0)]);
        run.at(0, 0).iter().map(|x| x.cos()).sum()
    })
}

/// 1000 steps of FISTA on a LASSO with 200 samples of 1000 features; the last value. The problem is
/// made once.
fn lasso_by_fista() -> f64 {
    const SAMPLES: usize = 200;
    const FEATURES: usize = 1000;
    static PROBLEM: OnceLock<Composite> = OnceLock::new();
    let problem = PROBLEM.get_or_init(|| {
        let mut generator = ChaCha8Rng::seed_from_u64(5);
        let mut normal = || StandardNormal.sample(&mut generator);
        let features = Matrix::from_fn(SAMPLES, FEATURES, |_, _| normal());
        let planted = Vector::from_fn(FEATURES, |j, _| f64::from(u8::from(j < 10)));
        let noise = Vector::from_fn(SAMPLES, |_, _| normal());
        let targets = &features * planted + noise * 0.1;
        let weight = 0.1 * features.tr_mul(&targets).amax() / SAMPLES as f64;
        Composite::new(LeastSquares::new(features, targets), L1Norm::new(weight))
    });
    let smoothness = problem.smooth().required(Property::Smoothness);
    let method = Fista::new(1.0 / smoothness, Momentum::Sequence);
    let start = Vector::zeros(FEATURES);
    let run = Trajectory::keeping(method, problem, &start, 1000, |_| false);
    2.0 * SAMPLES as f64 * problem.value(run.last())
}
