//! Weights that keep signals alive: see task.md.

use crate::theoria::{Fields, Solution};

/// There is nothing to remember.
#[derive(Default)]
pub struct Mine;

impl Solution for Mine {
    /// Widths, a slope, and normal numbers: say what the weights are.
    fn begin(&mut self, instance: &Fields) -> Fields {
        let _widths = instance.vector("widths");
        let _slope = instance.number("slope");
        let normals = instance.matrix("normals");
        // Your turn: these weights are far too large. The list with index k is that of layer k + 1, which has
        // widths[k] inputs and widths[k + 1] neurons.
        let weights = normals;
        Fields::new().with("weights", weights)
    }
}
