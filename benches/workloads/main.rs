//! Runs a workload in all its sizes, and prints one JSON line for each with its time, the best of some runs:
//! `cargo run --release -p theoria-benches --bin workloads -- w2 5`.
//!
//! The workloads are experiments as the theorems run them: batches over all threads, each block with a
//! stream of its own, and long runs on larger problems. `benches/peers/peers.py` has them in NumPy and in
//! JAX, and `benches/compare.py` holds the times of both side by side.

mod completion;
mod ensembles;
mod lasso;
mod networks;
mod quasi_newton;

use std::time::Instant;

use theoria_models::{Matrix, Vector};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let name = arguments.next().unwrap_or_default();
    let repeat: usize = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(3);
    let all = all();
    let sizes: Vec<_> = all.iter().filter(|workload| workload.name == name).collect();
    if sizes.is_empty() || repeat == 0 {
        eprintln!("usage: workloads w1|w2|w3|w4|w5|w6|w7|w8 [REPETITIONS]");
        std::process::exit(2);
    }
    for workload in sizes {
        // Once before the clock runs.
        let mut statistic = (workload.run)();
        let mut seconds = f64::INFINITY;
        for _ in 0..repeat {
            let begun = Instant::now();
            statistic = (workload.run)();
            seconds = seconds.min(begun.elapsed().as_secs_f64());
        }
        let (work, value, error) = (&workload.work, statistic.value, statistic.error);
        println!(
            r#"{{"workload": "{name}", "engine": "theoria", "work": {work}, "seconds": {seconds}, "statistic": {value:e}, "error": {error:e}}}"#
        );
    }
}

/// A workload of one size.
struct Workload {
    /// What it is called in the comparison.
    name: &'static str,
    /// Its size, as JSON.
    work: String,
    /// The run that is timed.
    run: Box<dyn Fn() -> Statistic>,
}

/// What must agree between programs: a number, and its standard error, 0 where nothing is drawn.
struct Statistic {
    value: f64,
    error: f64,
}

impl Statistic {
    fn exact(value: f64) -> Self {
        Statistic { value, error: 0.0 }
    }

    /// The mean of independent numbers.
    fn mean(numbers: &[f64]) -> Self {
        let count = numbers.len() as f64;
        let value = numbers.iter().sum::<f64>() / count;
        let squares: f64 = numbers.iter().map(|x| (x - value).powi(2)).sum();
        Statistic { value, error: (squares / (count - 1.0) / count).sqrt() }
    }
}

/// All workloads.
fn all() -> Vec<Workload> {
    let mut workloads: Vec<Workload> = [(16, 200, 500), (64, 50, 200), (256, 50, 10)]
        .map(|(n, depth, nets)| networks::fresh_networks(n, depth, nets))
        .into();
    workloads.push(ensembles::single_sample_sgd(20, 10, 4096, 1000));
    workloads.push(ensembles::diffusion_in_a_valley(10_000, 1000));
    workloads.push(networks::deep_linear_descent(64, 2000));
    workloads.push(lasso::fista(200, 1000, 1000));
    workloads.push(lasso::diabetes());
    workloads.push(lasso::drawn(2000, 500));
    workloads.push(quasi_newton::logistic(2000, 500, 60));
    workloads.push(quasi_newton::completion(1000, 10, 300));
    workloads.push(completion::descent(300, 5, 4, 500));
    workloads.push(completion::descent(1000, 10, 20, 200));
    workloads
}

/// Uniform numbers of mean 0 and variance 1 by SplitMix64 (Steele, Lea, Flood 2014), row after row: the
/// same in every language.
fn entries(seed: u64, rows: usize, columns: usize) -> Matrix {
    let numbers = (1..=(rows * columns) as u64).map(|count| {
        let mut state = count.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(seed);
        state = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        state = (state ^ (state >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let unit = ((state ^ (state >> 31)) >> 11) as f64 / (1u64 << 53) as f64;
        (2.0 * unit - 1.0) * 3f64.sqrt()
    });
    Matrix::from_row_iterator(rows, columns, numbers)
}

fn entries_of_vector(seed: u64, dimension: usize) -> Vector {
    entries(seed, dimension, 1).column(0).into_owned()
}
