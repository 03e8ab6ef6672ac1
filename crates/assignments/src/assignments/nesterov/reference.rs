//! A right solution.

use crate::theoria::{Fields, Solution};

/// x ← y − ∇f(y)/L, y ← x + k/(k + 3) (x − the last x).
#[derive(Default)]
pub(super) struct Accelerated {
    iterate: Vec<f64>,
    point: Vec<f64>,
    smoothness: f64,
    steps: f64,
}

impl Solution for Accelerated {
    fn begin(&mut self, instance: &Fields) -> Fields {
        self.iterate = instance.vector("start");
        self.point = instance.vector("start");
        self.smoothness = instance.number("smoothness");
        self.steps = 0.0;
        Fields::new().with("point", &self.point)
    }

    fn tell(&mut self, told: &Fields) -> Fields {
        let momentum = self.steps / (self.steps + 3.0);
        for (i, slope) in told.vector("gradient").into_iter().enumerate() {
            let next = self.point[i] - slope / self.smoothness;
            self.point[i] = next + momentum * (next - self.iterate[i]);
            self.iterate[i] = next;
        }
        self.steps += 1.0;
        Fields::new().with("iterate", &self.iterate).with("point", &self.point)
    }
}
