//! Networks: activations, initial weights, networks with their losses, and batches of networks that are
//! drawn, asked once and forgotten.
//!
//! [`FullyConnected`] has any depth, and its [`NetworkLoss`] finds derivatives by passes through the
//! layers; [`TanhSample`] is such a loss in numbers of any kind. [`TwoLayer`] has two layers, one output and
//! a scale, and is a [`Model`]: its derivatives by the weights of each neuron are at hand, as tangent
//! kernels and curvatures need them, and [`SquaredFit`] is its loss. Of linear networks, [`DeepLinear`] has
//! matrices for factors, [`DiagonalLinearNetwork`] diagonal ones and [`ScalarChain`] numbers.
//!
//! Throughout, a deep network of depth L maps x⁰ = x by hˡ = Wˡ xˡ⁻¹ + bˡ, xˡ = φ(hˡ), where Wˡ is
//! n_l x n_{l-1}; `widths` lists n_0, ..., n_L.

mod activation;
mod deep_linear;
mod deep_linear_loss;
mod derivatives;
mod diagonal_linear_network;
mod fresh;
mod fully_connected;
mod gaussian_mean;
mod initialization;
mod layer_law;
mod log_norm;
mod matrix_sensing;
mod model;
mod modes;
mod network_loss;
mod nuclear_norm;
mod orthogonal;
mod own_activation;
mod particle;
mod rank;
pub mod relu_moments;
mod scalar_chain;
mod squared_fit;
mod tangent_kernel;
mod tanh_sample;
mod two_layer;

pub use activation::Activation;
pub use deep_linear::DeepLinear;
pub use deep_linear_loss::DeepLinearLoss;
pub use diagonal_linear_network::DiagonalLinearNetwork;
pub use fresh::{FreshNetworks, Propagation};
pub use fully_connected::{FullyConnected, Pass};
pub use gaussian_mean::gaussian_mean;
pub use initialization::Initialization;
pub use layer_law::{LayerFactor, digamma_of_half, survival};
pub use log_norm::{LogNorm, normal_distribution};
pub use matrix_sensing::MatrixSensing;
pub use model::Model;
pub use modes::Modes;
pub use network_loss::NetworkLoss;
pub use nuclear_norm::NuclearNorm;
pub use orthogonal::{haar_orthogonal, uncorrected_orthogonal};
pub use own_activation::OwnActivation;
pub use particle::{Particle, circle};
pub use rank::{effective_rank, numerical_rank};
pub use scalar_chain::ScalarChain;
pub use squared_fit::SquaredFit;
pub use tangent_kernel::tangent_kernel_regression;
pub use tanh_sample::TanhSample;
pub use two_layer::TwoLayer;
