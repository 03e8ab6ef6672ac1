use rand::SeedableRng;
use rand::rngs::Xoshiro256PlusPlus;
use theoria_algorithms::{DeepLinearDescent, Method};
use theoria_models::networks::{Activation, DeepLinear, FreshNetworks};
use theoria_models::{Matrix, Vector};

use super::{Statistic, Workload, entries};

/// Fresh ReLU networks of constant width n with He weights, a tangent u through each; the mean of
/// ln |J u|² where it is not 0.
pub(super) fn fresh_networks(n: usize, depth: usize, nets: usize) -> Workload {
    let shape = FreshNetworks::gaussian(&vec![n; depth + 1], Activation::Relu, 2.0);
    let input = [Vector::from_element(n, 1.0)];
    let tangent = [Vector::from_fn(n, |i, _| f64::from(u8::from(i == 0)))];
    Workload {
        name: "w1",
        work: format!(r#"{{"n": {n}, "depth": {depth}, "nets": {nets}}}"#),
        run: Box::new(move || {
            let seen = shape.run(&input, &tangent, nets, Xoshiro256PlusPlus::seed_from_u64);
            let logarithms = (0..nets).map(|net| seen.log_tangent(net, depth, 0));
            let alive: Vec<f64> = logarithms.filter(|log| log.is_finite()).collect();
            Statistic::mean(&alive)
        }),
    }
}

/// Gradient descent on a deep linear network of three d x d factors; the last loss.
pub(super) fn deep_linear_descent(d: usize, steps: usize) -> Workload {
    let spread = |i: usize| 0.5 + 1.5 * i as f64 / (d - 1) as f64;
    let target = Matrix::from_diagonal(&Vector::from_fn(d, |i, _| spread(i)));
    let noise = 0.1 / (d as f64).sqrt();
    let factors = [4, 5, 6].map(|seed| Matrix::identity(d, d) * 0.5 + entries(seed, d, d) * noise);
    let start = DeepLinear::new(factors.into());
    Workload {
        name: "w4",
        work: format!(r#"{{"d": {d}, "steps": {steps}}}"#),
        run: Box::new(move || {
            let mut network = start.clone();
            let mut descent = DeepLinearDescent::new(0.01);
            // In the pool of threads, as experiments run.
            rayon::scope(|_| (0..steps).for_each(|_| descent.step(&target, &mut network)));
            Statistic::exact((network.end_to_end() - &target).norm_squared() / 2.0)
        }),
    }
}
