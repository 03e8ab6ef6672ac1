//! Networks: activations, initial weights, fully connected and deep linear networks, and batches of
//! networks that are drawn, asked once and forgotten.
//!
//! Throughout, a network of depth L maps x⁰ = x by hˡ = Wˡ xˡ⁻¹ + bˡ, xˡ = φ(hˡ), where Wˡ is
//! n_l x n_{l-1}; `widths` lists n_0, ..., n_L.

mod activation;
mod deep_linear;
mod deep_linear_descent;
mod deep_linear_loss;
mod derivatives;
mod features;
mod fresh;
mod fully_connected;
mod initialisation;
mod matrix_sensing;
mod mean_field;
mod moments;
mod network_loss;
mod nuclear_norm;
mod orthogonal;
mod products;

pub use activation::Activation;
pub use deep_linear::DeepLinear;
pub use deep_linear_descent::DeepLinearDescent;
pub use deep_linear_loss::DeepLinearLoss;
pub use features::{effective_rank, feature_matrix, numerical_rank};
pub use fresh::{FreshNetworks, Propagation};
pub use fully_connected::{FullyConnected, Pass};
pub use initialisation::Initialisation;
pub use matrix_sensing::MatrixSensing;
pub use mean_field::{MeanFieldLoss, Particle, circle};
pub use moments::gaussian_mean;
pub use network_loss::NetworkLoss;
pub use nuclear_norm::NuclearNorm;
pub use orthogonal::{haar_orthogonal, uncorrected_orthogonal};
