//! What claims are made on: problems with their starts and constants, families of them, and the
//! hypotheses that are checked on each.

pub mod families;
pub mod hypotheses;
mod problem;
pub mod series;
mod split;

pub use problem::{Problem, record};
pub use split::{CompositeProblem, ConstrainedProblem};
