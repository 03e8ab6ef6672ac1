//! A right solution.

use crate::theoria::{Fields, Solution};

/// x ← x − h sign(Σ sign g).
#[derive(Default)]
pub(super) struct Vote {
    point: Vec<f64>,
    step: f64,
}

impl Solution for Vote {
    fn begin(&mut self, instance: &Fields) -> Fields {
        self.point = instance.vector("start");
        self.step = instance.number("step");
        Fields::new().with("point", &self.point)
    }

    fn tell(&mut self, told: &Fields) -> Fields {
        let gradients = told.matrix("gradients");
        for (i, x) in self.point.iter_mut().enumerate() {
            let votes: f64 = gradients.iter().map(|gradient| sign(gradient[i])).sum();
            *x -= self.step * sign(votes);
        }
        Fields::new().with("point", &self.point)
    }
}

/// 0 for 0, which `signum` is not.
pub(super) fn sign(x: f64) -> f64 {
    if x == 0.0 { 0.0 } else { x.signum() }
}
