//! What several theorems of this chapter compute with.

pub(crate) mod cubic_splines;
pub(crate) mod equations;
pub(crate) mod unknowns;
