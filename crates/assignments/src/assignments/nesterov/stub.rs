//! Nesterov's acceleration: see task.md.

use crate::theoria::{Fields, Solution};

/// What you remember from one message to the next.
#[derive(Default)]
pub struct Mine {
    iterate: Vec<f64>,
    point: Vec<f64>,
}

impl Solution for Mine {
    /// A new instance: forget the last one, and say where you want the first gradient.
    fn begin(&mut self, instance: &Fields) -> Fields {
        self.iterate = instance.vector("start");
        self.point = instance.vector("start");
        // L is instance.number("smoothness").
        Fields::new().with("point", &self.point)
    }

    /// The gradient at the point that you answered last: say what your iterate is, and where you want the next gradient.
    fn tell(&mut self, told: &Fields) -> Fields {
        let _gradient = told.vector("gradient");
        // Your turn: x_{k+1} into self.iterate, y_{k+1} into self.point.
        Fields::new().with("iterate", &self.iterate).with("point", &self.point)
    }
}
