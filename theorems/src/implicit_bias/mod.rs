//! Implicit bias and flatness: which minimiser an algorithm picks.

mod multiplicative_noise;
mod noisy_network;

chapter! {
    two_minima,
    dynamical_stability,
    edge_of_stability,
    flatness_measures,
    label_noise,
}
