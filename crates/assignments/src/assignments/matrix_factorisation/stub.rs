//! Descent on a matrix factorisation: see task.md.

use crate::theoria::{Fields, Solution};

/// There is nothing to remember.
#[derive(Default)]
pub struct Mine;

impl Solution for Mine {
    /// A matrix with two factors, and a question.
    fn begin(&mut self, instance: &Fields) -> Fields {
        let (left, right) = (instance.matrix("left"), instance.matrix("right"));
        // A is instance.matrix("matrix"); instance.get("weights") is None where all are 1.
        if instance.text("question") == "curvature" {
            // Your turn: D_U is instance.matrix("left_direction"), D_V is instance.matrix("right_direction").
            return Fields::new().with("curvature", 100.0);
        }
        // Your turn: instance.number("steps") steps of the size instance.number("step").
        Fields::new().with("left", left).with("right", right)
    }
}
