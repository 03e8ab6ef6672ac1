//! A way down without a climb: see task.md.

use crate::theoria::{Fields, Solution};

/// There is nothing to remember.
#[derive(Default)]
pub struct Mine;

impl Solution for Mine {
    /// A network, its samples and the start: say what the corners of the path are.
    fn begin(&mut self, instance: &Fields) -> Fields {
        // "relu" or "tanh".
        let _activation = instance.text("activation");
        let (_inputs, _targets) = (instance.matrix("inputs"), instance.vector("targets"));
        let (inner, outer) = (instance.matrix("inner"), instance.vector("outer"));
        // Your turn: this path stays where it is.
        let path = vec![corner(&inner, &outer)];
        Fields::new().with("path", path)
    }
}

/// All parameters in one list.
fn corner(inner: &[Vec<f64>], outer: &[f64]) -> Vec<f64> {
    inner.iter().flatten().chain(outer).copied().collect()
}
