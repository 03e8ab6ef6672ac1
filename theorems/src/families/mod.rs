//! Families of instances that several theorems share.

mod smooth;

pub use smooth::*;
