//! Methods on stochastic gradients. Statistical tests have a fixed seed and a chance of false alarm
//! below 1e-9.

mod agnes;
mod columns;
mod descents;
mod diffusions;
mod signs;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

fn generator(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

/// Mean and its standard deviation.
fn mean(numbers: &[f64]) -> (f64, f64) {
    let count = numbers.len() as f64;
    let mean = numbers.iter().sum::<f64>() / count;
    let variance = numbers.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / count;
    (mean, (variance / count).sqrt())
}
