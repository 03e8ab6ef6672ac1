//! Runs a workload and prints its time, best of some runs, as one JSON line:
//! `cargo run --release --example ensembles -- w2 5`.

#[path = "../benches/workloads/mod.rs"]
mod workloads;

use std::time::Instant;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let name = arguments.next().unwrap_or_default();
    let repeat = arguments.next().and_then(|text| text.parse().ok());
    let Some(workload) = workloads::WORKLOADS.iter().find(|w| w.name == name) else {
        let names = workloads::WORKLOADS.map(|workload| workload.name);
        eprintln!("usage: ensembles WORKLOAD [REPETITIONS], WORKLOAD one of {names:?}");
        std::process::exit(2);
    };
    let mut statistic = (workload.run)();
    let mut seconds = f64::INFINITY;
    for _ in 0..repeat.unwrap_or(3) {
        let begun = Instant::now();
        statistic = (workload.run)();
        seconds = seconds.min(begun.elapsed().as_secs_f64());
    }
    println!(
        "{{\"workload\": \"{name}\", \"engine\": \"theoria\", \"seconds\": {seconds}, \"statistic\": {statistic}}}"
    );
}
