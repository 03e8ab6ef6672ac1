//! Implicit bias and flatness: which minimiser an algorithm picks.

mod noisy_network;

chapter! {
    label_noise,
}
