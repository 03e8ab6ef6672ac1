//! Gradient descent and its step size: see task.md.

use crate::theoria::{Fields, Solution};

/// What you remember from one message to the next.
#[derive(Default)]
pub struct Mine {
    point: Vec<f64>,
}

impl Solution for Mine {
    /// A new instance: forget the last one, and say where you want the first gradient.
    fn begin(&mut self, instance: &Fields) -> Fields {
        self.point = instance.vector("start");
        // L is instance.number("smoothness"). Is there a μ? instance.get("strong_convexity").is_some()
        Fields::new().with("point", &self.point)
    }

    /// The gradient at the point that you answered last: say where you go.
    fn tell(&mut self, told: &Fields) -> Fields {
        let _gradient = told.vector("gradient");
        // Your turn: move self.point.
        Fields::new().with("point", &self.point)
    }
}
