//! Implicit bias and flatness: which minimiser an algorithm picks.

mod diagonal_networks;
mod noisy_network;

chapter! {
    vanishing_noise,
    additive_noise,
    label_noise,
    diagonal_linear_networks,
    path_dependent_regulariser,
    lazy_training,
}
