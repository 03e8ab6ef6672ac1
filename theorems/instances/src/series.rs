//! Small steps on sequences that several theorems take.

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
