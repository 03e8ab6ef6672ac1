//! Label noise finds flat minima: see task.md.

use crate::theoria::{Fields, Solution};

/// What you remember from one message to the next.
#[derive(Default)]
pub struct Mine {
    point: Vec<f64>,
}

impl Solution for Mine {
    /// A new instance: forget the last one, and say where the first batch is looked at.
    fn begin(&mut self, instance: &Fields) -> Fields {
        self.point = instance.vector("start");
        // Eta is instance.number("step"), sigma is instance.number("deviation").
        Fields::new().with("point", &self.point)
    }

    /// A batch at the point that you answered last: say where you go, and the trace.
    fn tell(&mut self, told: &Fields) -> Fields {
        let (_outputs, _targets) = (told.vector("outputs"), told.vector("targets"));
        let _noise = told.vector("noise");
        // The list with index i is the gradient of output i.
        let _jacobian = told.matrix("jacobian");
        // Your turn: move self.point; the trace.
        Fields::new().with("point", &self.point).with("trace", 0.0)
    }
}
