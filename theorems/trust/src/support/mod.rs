//! What the theorems of this chapter simulate.

pub(crate) mod simulation;
