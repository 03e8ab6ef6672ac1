//! What several theorems of this chapter compute with.

pub(crate) mod paths;
pub(crate) mod silent_alignment;
