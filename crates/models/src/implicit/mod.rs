//! Models whose minimisers are many, so that the method decides: which one, and how flat.
//!
//! Where an objective is a mean of n losses, it answers `samples`, `sample_value` and
//! `sample_gradient_into` for one of them, numbered from 0.

mod data;
mod diagonal_linear_network;
mod occupation;
mod periodic_valley;
mod prediction;
mod random_curvatures;
mod scalar_chain;
mod squared_fit;
mod two_layer;
mod two_minima;

pub use data::{four_points, separable, sparse_regression, underdetermined};
pub use diagonal_linear_network::DiagonalLinearNetwork;
pub use occupation::{NotIntegrable, Occupation, inverse_power_on_sphere};
pub use periodic_valley::{PeriodicValley, Width};
pub use prediction::{Prediction, tangent_kernel_regression};
pub use random_curvatures::RandomCurvatures;
pub use scalar_chain::ScalarChain;
pub use squared_fit::SquaredFit;
pub use two_layer::{Neuron, TwoLayer};
pub use two_minima::TwoMinima;
