//! Linear convergence without convexity: see task.md.

use crate::theoria::{Fields, Solution};

/// What you remember from one message to the next.
#[derive(Default)]
pub struct Mine {
    point: Vec<f64>,
}

impl Solution for Mine {
    /// A new instance: forget the last one, and say where you want the first gradient, and how many steps it takes.
    fn begin(&mut self, instance: &Fields) -> Fields {
        self.point = instance.vector("start");
        // L is instance.number("smoothness"), μ is instance.number("lojasiewicz"), ε is instance.number("accuracy").
        // Your turn: the smallest N.
        let steps = 0.0;
        Fields::new().with("point", &self.point).with("steps", steps)
    }

    /// The gradient at the point that you answered last: say where you go.
    fn tell(&mut self, told: &Fields) -> Fields {
        let _gradient = told.vector("gradient");
        // Your turn: move self.point.
        Fields::new().with("point", &self.point)
    }
}
