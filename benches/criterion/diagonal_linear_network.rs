//! One step of gradient descent on a diagonal linear network: runs make 10^5 of them.

use criterion::{Criterion, criterion_group, criterion_main};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use theoria_models::Vector;
use theoria_models::data::sparse_regression;
use theoria_models::networks::DiagonalLinearNetwork;

fn steps(criterion: &mut Criterion) {
    for (n, d) in [(20, 40), (100, 400)] {
        let (data, _) = sparse_regression(n, d, 3, &mut ChaCha8Rng::seed_from_u64(1));
        let f = DiagonalLinearNetwork::new(data.features, data.targets);
        let mut point = f.start(&Vector::from_element(d, 0.1));
        criterion.bench_function(&format!("diagonal linear network step, {n} x {d}"), |bencher| {
            bencher.iter(|| {
                let slope = f.slope(&f.predictor(&point));
                f.multiply(&mut point, &slope, 1e-4);
            });
        });
    }
}

criterion_group!(benches, steps);
criterion_main!(benches);
