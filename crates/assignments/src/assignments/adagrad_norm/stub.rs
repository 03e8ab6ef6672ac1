//! AdaGrad-norm: see task.md.

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
        // η is instance.number("numerator"), b_0 is instance.number("initial").
        Fields::new().with("point", &self.point)
    }

    /// The gradient at the point that you answered last: say where you go.
    fn tell(&mut self, told: &Fields) -> Fields {
        let _gradient = told.vector("gradient");
        // Your turn: b first, then self.point.
        Fields::new().with("point", &self.point)
    }
}
