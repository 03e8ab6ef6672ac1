//! Claims and controls: see task.md.

use crate::theoria::{Fields, Solution};

/// There is nothing to remember.
#[derive(Default)]
pub struct Mine;

impl Solution for Mine {
    /// What is known of a run: say how large its readings are at most, for each number of steps.
    fn begin(&mut self, instance: &Fields) -> Fields {
        let _smoothness = instance.number("smoothness");
        let _step = instance.number("step");
        // Is there a μ? instance.get("strong_convexity").is_some()
        // At the start: instance.number("gap"), instance.number("distance"), instance.number("gradient").
        let steps = instance.vector("steps");
        // Your turn: no run is over at once, so 0 bounds none of them.
        let zeros: Vec<f64> = steps.iter().map(|_n| 0.0).collect();
        Fields::new()
            .with("gap", &zeros)
            .with("control_gap", &zeros)
            .with("distance", &zeros)
            .with("control_distance", &zeros)
            .with("gradient", &zeros)
            .with("control_gradient", &zeros)
    }
}
