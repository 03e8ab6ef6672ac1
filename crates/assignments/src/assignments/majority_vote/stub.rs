//! Sign descent with majority vote: see task.md.

use crate::theoria::{Fields, Solution};

/// What you remember from one message to the next.
#[derive(Default)]
pub struct Mine {
    point: Vec<f64>,
}

impl Solution for Mine {
    /// A new instance: forget the last one, and say where the workers are asked first.
    fn begin(&mut self, instance: &Fields) -> Fields {
        self.point = instance.vector("start");
        // h is instance.number("step"), M is instance.number("workers").
        Fields::new().with("point", &self.point)
    }

    /// The gradients of all workers at the point that you answered last: say where you go.
    fn tell(&mut self, told: &Fields) -> Fields {
        let _gradients = told.matrix("gradients");
        // Your turn: count the votes, move self.point.
        Fields::new().with("point", &self.point)
    }
}
