//! What several theorems of this chapter compute with.

pub(crate) mod mode_growth;
pub(crate) mod one_unit;
pub(crate) mod paths;
pub(crate) mod silent_alignment;
