//! A right solution.

use crate::theoria::{Fields, Solution};

/// x ← x − ∇f(x)/L, for so many steps.
#[derive(Default)]
pub(super) struct Descent {
    point: Vec<f64>,
    smoothness: f64,
}

impl Solution for Descent {
    fn begin(&mut self, instance: &Fields) -> Fields {
        self.point = instance.vector("start");
        self.smoothness = instance.number("smoothness");
        let factor = 1.0 - instance.number("lojasiewicz") / self.smoothness;
        let steps = (instance.number("accuracy").ln() / factor.ln()).ceil().max(1.0);
        Fields::new().with("point", &self.point).with("steps", steps)
    }

    fn tell(&mut self, told: &Fields) -> Fields {
        for (x, slope) in self.point.iter_mut().zip(told.vector("gradient")) {
            *x -= slope / self.smoothness;
        }
        Fields::new().with("point", &self.point)
    }
}
