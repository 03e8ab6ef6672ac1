//! Implicit bias and flatness: which minimiser an algorithm picks.

mod multiplicative_noise;

chapter! {
    two_minima,
    dynamical_stability,
    edge_of_stability,
    flatness_measures,
}
