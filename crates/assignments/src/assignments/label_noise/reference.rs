//! A right solution.

use crate::theoria::{Fields, Solution};

/// θ ← θ − η/B Σ (F_i − y_i − σ ξ_i) ∇F_i.
#[derive(Default)]
pub(super) struct NoisyLabels {
    point: Vec<f64>,
    step: f64,
    deviation: f64,
}

impl Solution for NoisyLabels {
    fn begin(&mut self, instance: &Fields) -> Fields {
        self.point = instance.vector("start");
        self.step = instance.number("step");
        self.deviation = instance.number("deviation");
        Fields::new().with("point", &self.point)
    }

    fn tell(&mut self, told: &Fields) -> Fields {
        let (outputs, targets) = (told.vector("outputs"), told.vector("targets"));
        let (noise, jacobian) = (told.vector("noise"), told.matrix("jacobian"));
        let batch = jacobian.len() as f64;
        for (i, gradient) in jacobian.iter().enumerate() {
            let residual = outputs[i] - targets[i] - self.deviation * noise[i];
            for (x, slope) in self.point.iter_mut().zip(gradient) {
                *x -= self.step / batch * residual * slope;
            }
        }
        let trace = jacobian.iter().flatten().map(|slope| slope * slope).sum::<f64>() / batch;
        Fields::new().with("point", &self.point).with("trace", trace)
    }
}
