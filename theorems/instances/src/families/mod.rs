//! Families of instances that several theorems share.

mod complete;
mod coordinatewise;
mod noisy;
mod nonsmooth;
mod real_data;
mod smooth;
mod split;
mod worst_case;

pub use complete::*;
pub use coordinatewise::*;
pub use noisy::*;
pub use nonsmooth::*;
pub use real_data::*;
pub use smooth::*;
pub use split::*;
pub use worst_case::*;
