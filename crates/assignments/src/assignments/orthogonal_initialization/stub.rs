//! Orthogonal weights: see task.md.

use crate::theoria::{Fields, Solution};

/// There is nothing to remember.
#[derive(Default)]
pub struct Mine;

impl Solution for Mine {
    /// A dimension, a depth, a gain and normal numbers: say what the weights are.
    fn begin(&mut self, instance: &Fields) -> Fields {
        let (_n, gain) = (instance.number("dimension") as usize, instance.number("gain"));
        let mut weights = instance.matrix("normals");
        for entries in &mut weights {
            // Row i of G is entries[i * n..(i + 1) * n].
            // Your turn: these weights are G itself, which is not orthogonal.
            for entry in entries {
                *entry *= gain;
            }
        }
        Fields::new().with("weights", weights)
    }
}
