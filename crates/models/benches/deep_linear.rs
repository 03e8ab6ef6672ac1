//! Gradient descent on three 64 x 64 factors, 2000 steps.

use std::hint::black_box;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use rand::SeedableRng;
use rand::rngs::Xoshiro256PlusPlus;
use theoria_models::networks::{DeepLinear, DeepLinearDescent, Initialization};
use theoria_models::{Matrix, Vector};

fn deep_linear(criterion: &mut Criterion) {
    let (d, steps) = (64, 2000);
    let rng = &mut Xoshiro256PlusPlus::seed_from_u64(4);
    let spread = |i: usize| 0.5 + 1.5 * i as f64 / (d - 1) as f64;
    let target = Matrix::from_diagonal(&Vector::from_fn(d, |i, _| spread(i)));
    let noise = Initialization::Gaussian { variance: 0.01 };
    let factors = (0..3).map(|_| Matrix::identity(d, d) * 0.5 + noise.draw(d, d, rng));
    let start = DeepLinear::new(factors.collect());
    let mut group = criterion.benchmark_group("deep_linear");
    group.sample_size(10);
    group.bench_function("descent/d=64", |bencher| {
        bencher.iter_batched(
            || (start.clone(), DeepLinearDescent::new(&start, target.clone(), 0.01)),
            |(mut network, mut descent)| {
                for _ in 0..steps {
                    descent.step(&mut network);
                }
                black_box(network)
            },
            BatchSize::LargeInput,
        );
    });
    group.finish();
}

criterion_group!(benches, deep_linear);
criterion_main!(benches);
