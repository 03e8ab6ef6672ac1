//! Fresh random ReLU networks with He weights: a signal and a tangent through each of them.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rand::SeedableRng;
use rand::rngs::Xoshiro256PlusPlus;
use theoria_models::Vector;
use theoria_models::networks::{Activation, FreshNetworks};

fn fresh_networks(criterion: &mut Criterion) {
    for (n, depth, networks) in [(64, 50, 200), (16, 200, 500), (256, 50, 10)] {
        let shape = FreshNetworks::gaussian(&vec![n; depth + 1], Activation::Relu, 2.0);
        let inputs = [Vector::from_element(n, 1.0)];
        let tangents = [Vector::from_fn(n, |i, _| f64::from(u8::from(i == 0)))];
        let mut group = criterion.benchmark_group("fresh_networks");
        group.sample_size(10);
        group.throughput(Throughput::Elements((n * n * depth * networks) as u64));
        for (name, shape) in [("literal", shape.clone()), ("in_law", shape.in_law())] {
            group.bench_function(format!("{name}/n={n}"), |bencher| {
                bencher.iter(|| {
                    let seen =
                        shape.run(&inputs, &tangents, networks, Xoshiro256PlusPlus::seed_from_u64);
                    black_box(seen)
                });
            });
        }
        group.finish();
    }
}

criterion_group!(benches, fresh_networks);
criterion_main!(benches);
