//! Numbers of steps at which one looks, and other sequences of numbers.

use std::ops::RangeInclusive;

use theoria_elementary::powf;

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

/// 2^j for each of these j, as numbers of steps or sizes.
pub fn octaves(exponents: RangeInclusive<u32>) -> Vec<usize> {
    exponents.map(|j| 1 << j).collect()
}

/// 2^j for each of these j, which may be negative.
pub fn powers_of_two(exponents: RangeInclusive<i32>) -> Vec<f64> {
    exponents.map(|j| 2f64.powi(j)).collect()
}

/// `count` numbers from `low` to `high`, equal distances apart; at least two.
pub fn evenly(low: f64, high: f64, count: usize) -> Vec<f64> {
    let step = (high - low) / (count - 1) as f64;
    (0..count).map(|i| low + step * i as f64).collect()
}

/// `count` numbers from `low` to `high`, both positive, with equal quotients; at least two.
pub fn geometric(low: f64, high: f64, count: usize) -> Vec<f64> {
    let quotient = |i: usize| powf(high / low, i as f64 / (count - 1) as f64);
    (0..count).map(|i| low * quotient(i)).collect()
}
