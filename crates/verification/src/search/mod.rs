//! The search for worst instances among those that a family can draw, and for simple ones.

mod evolution;
mod mutation;
mod shrink;

pub(crate) use evolution::{Found, Search};
pub(crate) use shrink::simplest;
