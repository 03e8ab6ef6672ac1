//! Newton's method against its start: see task.md.

use crate::theoria::{Fields, Solution};

/// What you remember from one message to the next.
#[derive(Default)]
pub struct Mine {
    iterate: f64,
}

impl Solution for Mine {
    /// A new instance: forget the last one, and say where you want to know the function first.
    fn begin(&mut self, instance: &Fields) -> Fields {
        self.iterate = instance.number("start");
        // c is instance.number("decrease"), b is instance.number("shrink").
        Fields::new().with("point", self.iterate)
    }

    /// The function at the point that you answered last: say what your iterate is, and your next candidate.
    fn tell(&mut self, told: &Fields) -> Fields {
        let _value = told.number("value");
        let _slope = told.number("slope");
        let _curvature = told.number("curvature");
        // Your turn: is the candidate accepted? Move self.iterate if so, and say which candidate comes next.
        Fields::new().with("iterate", self.iterate).with("point", self.iterate)
    }
}
