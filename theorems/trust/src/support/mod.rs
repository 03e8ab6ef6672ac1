//! What the theorems of this chapter simulate.

pub(crate) mod broken;
pub(crate) mod law;
pub(crate) mod search;
pub(crate) mod simulation;
pub(crate) mod two_values;
