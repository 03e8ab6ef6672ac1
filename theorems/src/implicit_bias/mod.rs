//! Implicit bias and flatness: which minimiser an algorithm picks.

mod diagonal_networks;
mod noisy_network;

chapter! {
    additive_noise,
    label_noise,
    diagonal_linear_networks,
}
