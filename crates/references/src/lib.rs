//! Reference solutions from outside: by a maintained interior-point solver (Clarabel: Goulart, Chen
//! 2024), never by a method that is under test.
//!
//! Every solution comes with a certificate that does not trust the solver: a feasible dual point whose
//! value is computed here, or the residual of the conditions of optimality. Where the solution
//! reveals its structure (support, support vectors) the linear system that this leaves is solved, so
//! that most solutions are good to rounding. What is decided ten thousand times in a run (whether matrices
//! meet a ball) has a method of its own here, with the same kind of certificate.

#![cfg_attr(not(test), warn(clippy::disallowed_methods))]

mod basis_pursuit;
mod conic;
mod convex_programme;
mod hyperbolic_entropy;
mod largest_box;
mod margin;
mod nuclear_norm;
mod spectral_ball;
mod variation_margin;

pub use basis_pursuit::{BasisPursuit, basis_pursuit};
pub use conic::ReferenceError;
pub use convex_programme::{ConvexProgramme, Solution};
pub use hyperbolic_entropy::{EntropyMinimiser, hyperbolic_entropy, least_hyperbolic_entropy};
pub use largest_box::largest_box;
pub use margin::{Margin, MarginNorm, largest_margin};
pub use nuclear_norm::{Completion, complete_by_nuclear_norm};
pub use spectral_ball::{AffineMatrices, Meeting};
pub use variation_margin::{VariationMargin, largest_variation_margin};

#[cfg(test)]
mod tests;
