//! A right solution.

use crate::theoria::{Fields, Solution};

/// x ← x − h ∇f(x).
#[derive(Default)]
pub(super) struct Descent {
    point: Vec<f64>,
    step: f64,
}

impl Solution for Descent {
    fn begin(&mut self, instance: &Fields) -> Fields {
        self.point = instance.vector("start");
        let smoothness = instance.number("smoothness");
        self.step = match instance.get("strong_convexity") {
            Some(_) => 2.0 / (smoothness + instance.number("strong_convexity")),
            None => 1.0 / smoothness,
        };
        Fields::new().with("point", &self.point)
    }

    fn tell(&mut self, told: &Fields) -> Fields {
        for (x, slope) in self.point.iter_mut().zip(told.vector("gradient")) {
            *x -= self.step * slope;
        }
        Fields::new().with("point", &self.point)
    }
}
