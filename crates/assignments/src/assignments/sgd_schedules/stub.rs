//! Step sizes of stochastic gradient descent: see task.md.

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
        // L is instance.number("smoothness"), μ is instance.number("strong_convexity"), σ² is instance.number("variance").
        // instance.text("schedule") is "constant", and then there is instance.number("goal"), or "decreasing".
        Fields::new().with("point", &self.point)
    }

    /// A noisy gradient at the point that you answered last: say where you go.
    fn tell(&mut self, told: &Fields) -> Fields {
        let _gradient = told.vector("gradient");
        // Your turn: the step size, then self.point.
        Fields::new().with("point", &self.point)
    }
}
