//! Betting against a bound: what one block of trials costs.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rand_distr::{Distribution, Exp1};
use theoria_verification::Stream;
use theoria_verification::statistics::{LAMBDAS, log_wealth, mixture};

fn e_process(criterion: &mut Criterion) {
    let rng = &mut Stream::new(1).trial(0);
    let trials: Vec<f64> = (0..4096).map(|_| Exp1.sample(rng)).collect();
    let mut group = criterion.benchmark_group("e_process");
    group.throughput(Throughput::Elements(trials.len() as u64));
    group.bench_function("4096 trials", |bencher| {
        bencher.iter(|| {
            let mut wealth = [0.0; LAMBDAS.len()];
            log_wealth(black_box(&trials), &mut wealth);
            mixture(&wealth)
        });
    });
    group.finish();
}

criterion_group!(benches, e_process);
criterion_main!(benches);
