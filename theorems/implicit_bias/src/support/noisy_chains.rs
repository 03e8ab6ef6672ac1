//! SGD on parabolas with additive noise: stationary laws with power tails.

use rand::Rng;
use theoria_algorithms::{EnsembleRun, GradientDescent, Quantity};
use theoria_elementary::{exp, exp_m1, ln, log2};
use theoria_models::flatness::SampleCurvatures;
use theoria_models::stochastic::{GaussianNoise, MiniBatch, Noisy, Sampling};
use theoria_models::{Ensemble, Vector};
use theoria_verification::{Case, Constant};

use super::descent_on_parabolas::parabolas;

/// Steps of a chain before it is taken to be stationary.
pub(crate) const BURN_IN: usize = 100;

/// Curvatures at which SGD with η = 1 is stable almost surely, unstable in mean square.
pub(crate) fn between_the_thresholds() -> Case<SampleCurvatures> {
    let curvatures = SampleCurvatures::new(vec![0.5, 0.8, 2.4, 2.6]);
    let (law, alpha) = (curvatures.factors(1.0), tail_index(&curvatures));
    let factors: Vec<f64> = curvatures.as_slice().iter().map(|a| 1.0 - a).collect();
    Case::new(format!("factors {factors:.2?}"), curvatures)
        .with(Constant::exact("E log|F|", law.lyapunov_exponent()))
        .with(Constant::exact("E F²", law.moment(2.0)))
        .with(Constant::exact("α", alpha))
}

pub(crate) fn tail_index(curvatures: &SampleCurvatures) -> f64 {
    curvatures.factors(1.0).tail_index().unwrap_or_else(|error| panic!("{error}"))
}

/// Chains x ← (1 − η a_i) x + ξ with standard normal ξ and η = 1, from 0.
pub(crate) fn chains(
    curvatures: &SampleCurvatures,
    count: usize,
    random: &mut impl Rng,
    checkpoints: &[usize],
    seen: &[Quantity<'_>],
) -> EnsembleRun {
    let batches = MiniBatch::new(parabolas(curvatures), 1, Sampling::WithReplacement);
    let source = GaussianNoise::on(batches, 1.0);
    let start = Ensemble::repeat(&Vector::zeros(1), count);
    let noisy = Noisy::new(&source, random);
    EnsembleRun::of(GradientDescent::new(1.0), &noisy, start, checkpoints, seen)
}

/// Absolute positions of 256 chains at every tenth of 1000 steps.
pub(crate) fn positions(curvatures: &SampleCurvatures, random: &mut impl Rng) -> Vec<f64> {
    let checkpoints: Vec<usize> = (0..100).map(|k| BURN_IN + 10 * k).collect();
    let run = chains(curvatures, 256, random, &checkpoints, &[Quantity::coordinate(0)]);
    run.table(0).iter().flatten().map(|x| x.abs()).collect()
}

/// 1 − E cos(uX) of the stationary law at u = 2^k for each of these k ≤ 0. It is the limit of
/// h(u) ← 1 − exp(−u²/2) (1 − E h(|F| u)) from h = 0, on a grid of logarithms down to 2^−34.
pub(crate) fn cosine_deficits(curvatures: &SampleCurvatures, octaves: &[i32]) -> Vec<f64> {
    const EACH: i32 = 32;
    const LOWEST: i32 = -34 * EACH;
    const HIGHEST: i32 = 4 * EACH;
    /// They converge to some 1e-9 in half as many.
    const ROUNDS: usize = 400;
    let factors: Vec<f64> = curvatures.as_slice().iter().map(|a| log2((1.0 - a).abs())).collect();
    let argument = |i: i32| f64::from(i) / f64::from(EACH);
    let own: Vec<f64> = (LOWEST..=HIGHEST)
        .map(|i| -exp(2.0 * argument(i) * std::f64::consts::LN_2) / 2.0)
        .collect();
    // The first step alone.
    let mut logarithms: Vec<f64> = own.iter().map(|log| ln(-exp_m1(*log))).collect();
    // Linear between the points of the grid and below it; what is above has h = 1.
    let at = |logarithms: &[f64], x: f64| {
        let place = (x - argument(LOWEST)) * f64::from(EACH);
        let last = logarithms.len() - 2;
        let i = if place <= 0.0 { 0 } else { (place as usize).min(last) };
        let (here, next) = (logarithms[i], logarithms[i + 1]);
        exp((here + (next - here) * (place - i as f64)).min(0.0))
    };
    for _ in 0..ROUNDS {
        let next = (LOWEST..=HIGHEST).zip(&own).map(|(i, log)| {
            let behind = factors.iter().map(|shift| at(&logarithms, argument(i) + shift));
            let mean = behind.sum::<f64>() / factors.len() as f64;
            ln(exp(*log) * mean - exp_m1(*log))
        });
        logarithms = next.collect();
    }
    let place = |k: i32| (k * EACH - LOWEST) as usize;
    octaves.iter().map(|&k| exp(logarithms[place(k)])).collect()
}
