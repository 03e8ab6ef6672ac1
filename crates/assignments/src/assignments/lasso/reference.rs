//! A right solution.

use crate::theoria::{Fields, Solution};

/// x ← the soft threshold w/L of x − ∇f(x)/L.
#[derive(Default)]
pub(super) struct Proximal {
    point: Vec<f64>,
    step: f64,
    threshold: f64,
}

impl Solution for Proximal {
    fn begin(&mut self, instance: &Fields) -> Fields {
        self.point = instance.vector("start");
        self.step = 1.0 / instance.number("smoothness");
        self.threshold = self.step * instance.number("weight");
        Fields::new().with("point", &self.point)
    }

    fn tell(&mut self, told: &Fields) -> Fields {
        for (x, slope) in self.point.iter_mut().zip(told.vector("gradient")) {
            let moved = *x - self.step * slope;
            *x = moved.signum() * (moved.abs() - self.threshold).max(0.0);
        }
        Fields::new().with("point", &self.point)
    }
}
