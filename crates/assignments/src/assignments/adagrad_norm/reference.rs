//! A right solution.

use crate::theoria::{Fields, Solution};

/// b² ← b² + |g|², x ← x − η g/b.
#[derive(Default)]
pub(super) struct AdaGradNorm {
    point: Vec<f64>,
    numerator: f64,
    /// b
    accumulated: f64,
}

impl Solution for AdaGradNorm {
    fn begin(&mut self, instance: &Fields) -> Fields {
        self.point = instance.vector("start");
        self.numerator = instance.number("numerator");
        self.accumulated = instance.number("initial");
        Fields::new().with("point", &self.point)
    }

    fn tell(&mut self, told: &Fields) -> Fields {
        let gradient = told.vector("gradient");
        for slope in &gradient {
            self.accumulated = self.accumulated.hypot(*slope);
        }
        for (x, slope) in self.point.iter_mut().zip(&gradient) {
            *x -= self.numerator / self.accumulated * slope;
        }
        Fields::new().with("point", &self.point)
    }
}
