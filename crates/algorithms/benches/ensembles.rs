//! How fast ensembles move, and FISTA.

mod workloads;

use criterion::{Criterion, criterion_group, criterion_main};

fn ensembles(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("ensembles");
    group.sample_size(20);
    for workload in workloads::WORKLOADS {
        group.bench_function(workload.name, |bencher| bencher.iter(workload.run));
    }
    group.finish();
}

criterion_group!(benches, ensembles);
criterion_main!(benches);
