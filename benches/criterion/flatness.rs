//! Sharpness by Lanczos, and the largest flat box.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, StandardNormal};
use theoria_models::flatness::{FlatBox, Krylov};
use theoria_models::{Matrix, Vector};

fn semidefinite(d: usize) -> Matrix {
    let rng = &mut ChaCha8Rng::seed_from_u64(1);
    let root: Matrix = Matrix::from_fn(d, 2 * d, |_, _| StandardNormal.sample(rng));
    &root * root.transpose()
}

fn measures(criterion: &mut Criterion) {
    let hessian = semidefinite(300);
    let start = Vector::from_fn(300, |i, _| (i as f64).sin() + 0.1);
    criterion.bench_function("sharpness, dimension 300, 40 products", |bencher| {
        bencher.iter(|| Krylov::new(|v| &hessian * v, black_box(&start), 40).largest());
    });
    let hessian = semidefinite(100);
    criterion.bench_function("flat box, 100 axes", |bencher| {
        bencher.iter(|| FlatBox::new(black_box(&hessian), 0.1));
    });
}

criterion_group!(benches, measures);
criterion_main!(benches);
