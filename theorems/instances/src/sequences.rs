//! Numbers of steps at which one looks, and other sequences of numbers.

/// min of the values up to and including each place.
pub fn running_minimum(values: impl Iterator<Item = f64>) -> Vec<f64> {
    values
        .scan(f64::INFINITY, |least, value| {
            *least = least.min(value);
            Some(*least)
        })
        .collect()
}

/// 1, 2, 4 ... up to and including `most`.
pub fn dyadic(most: usize) -> Vec<usize> {
    std::iter::successors(Some(1), |n| Some(2 * n)).take_while(|n| *n <= most).collect()
}

/// Numbers of steps as checkpoints of a sample.
pub fn positions(checkpoints: &[usize]) -> Vec<f64> {
    checkpoints.iter().map(|&step| step as f64).collect()
}
