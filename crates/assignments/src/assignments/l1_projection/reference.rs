//! A right solution.

use crate::theoria::{Fields, Solution};

/// The soft threshold, with θ from the sorted sizes.
#[derive(Default)]
pub(super) struct Projection;

impl Solution for Projection {
    fn begin(&mut self, instance: &Fields) -> Fields {
        let (mut vector, radius) = (instance.vector("vector"), instance.number("radius"));
        if vector.iter().map(|v| v.abs()).sum::<f64>() > radius {
            let theta = threshold(&vector, radius);
            for v in &mut vector {
                *v = v.signum() * (v.abs() - theta).max(0.0);
            }
        }
        Fields::new().with("projection", &vector)
    }
}

/// The mean of what the largest sizes have too much, for as many of them as lie above it.
fn threshold(vector: &[f64], radius: f64) -> f64 {
    let mut sizes: Vec<f64> = vector.iter().map(|v| v.abs()).collect();
    sizes.sort_by(|a, b| b.total_cmp(a));
    let (mut sum, mut theta) = (0.0, 0.0);
    for (i, size) in sizes.iter().enumerate() {
        sum += size;
        let mean = (sum - radius) / (i + 1) as f64;
        if *size > mean {
            theta = mean;
        }
    }
    theta
}
