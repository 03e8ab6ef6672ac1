//! Implicit bias and flatness: which minimiser an algorithm picks.

mod support;

theoria_verification::chapter! {
    minimum_norm,
    max_margin,
    two_minima,
    dynamical_stability,
    edge_of_stability,
    flatness_measures,
    vanishing_noise,
    additive_noise,
    label_noise,
    label_noise_networks,
    flat_minima_generalise,
    diagonal_linear_networks,
    path_dependent_regulariser,
    lazy_training,
    sgd_noise_is_degenerate,
}
