//! L-BFGS by its two loops: see task.md.

use crate::theoria::{Fields, Solution};

/// What you remember from one message to the next.
#[derive(Default)]
pub struct Mine {
    point: Vec<f64>,
    gradient: Vec<f64>,
}

impl Solution for Mine {
    /// A new instance: forget the last one, and say where to go from the first point.
    fn begin(&mut self, instance: &Fields) -> Fields {
        self.point = instance.vector("point");
        self.gradient = instance.vector("gradient");
        // m is instance.number("memory"), ε is instance.number("tolerance").
        // Your turn: there is no pair yet. This goes nowhere.
        Fields::new().with("direction", vec![0.0; self.gradient.len()])
    }

    /// Where the run has got to, and the gradient there: say where to go next.
    fn tell(&mut self, told: &Fields) -> Fields {
        // Your turn: keep the pair, or skip it, and turn the gradient in two loops.
        self.point = told.vector("point");
        self.gradient = told.vector("gradient");
        Fields::new().with("direction", vec![0.0; self.gradient.len()])
    }
}
