//! A right solution.

use crate::theoria::{Fields, Solution};

/// Variance 2/(1 + a²) over the number of inputs; in the last layer, which is linear, 1 over it.
#[derive(Default)]
pub(super) struct Critical;

impl Solution for Critical {
    fn begin(&mut self, instance: &Fields) -> Fields {
        let (widths, slope) = (instance.vector("widths"), instance.number("slope"));
        let mut weights = instance.matrix("normals");
        let last = weights.len() - 1;
        for (layer, entries) in weights.iter_mut().enumerate() {
            let factor = if layer == last { 1.0 } else { critical_factor(slope) };
            let deviation = (factor / widths[layer]).sqrt();
            entries.iter_mut().for_each(|entry| *entry *= deviation);
        }
        Fields::new().with("weights", weights)
    }
}

/// Of the variance, before an activation with this slope below 0.
pub(super) fn critical_factor(slope: f64) -> f64 {
    2.0 / (1.0 + slope * slope)
}
