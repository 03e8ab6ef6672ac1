//! Implicit bias and flatness: which minimiser an algorithm picks.

mod multiplicative_noise;

chapter! {
    minimum_norm,
    max_margin,
    two_minima,
    dynamical_stability,
    edge_of_stability,
    flatness_measures,
    sgd_noise_is_degenerate,
}
