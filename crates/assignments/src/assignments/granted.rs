//! What a solution is told of an instance: what the hypotheses grant, and nothing else.

use theoria_instances::Problem;

use crate::theoria::Fields;

/// Dimension, start and L.
pub(super) fn smooth(p: &Problem) -> Fields {
    Fields::new()
        .with("dimension", p.start().len() as f64)
        .with("start", p.start().as_slice())
        .with("smoothness", p.smoothness())
}

/// The same with μ.
pub(super) fn strongly_convex(p: &Problem) -> Fields {
    smooth(p).with("strong_convexity", p.strong_convexity())
}
