//! Implicit bias and flatness: which minimiser an algorithm picks.

#![cfg_attr(not(test), warn(clippy::disallowed_methods))]

mod support;

theoria_verification::chapter! {
    minimum_norm ["minimum_norm.worst.json"],
    max_margin ["max_margin.worst.json"],
    max_margin_of_wide_networks,
    two_minima,
    dynamical_stability,
    edge_of_stability ["edge_of_stability.worst.json"],
    flatness_measures ["flatness_measures.worst.json"],
    vanishing_noise,
    additive_noise,
    label_noise,
    label_noise_networks,
    flat_minima_generalise,
    occam_bound,
    diagonal_linear_networks ["diagonal_linear_networks.worst.json"],
    path_dependent_regulariser,
    longer_training,
    early_stopping ["early_stopping.worst.json"],
    lazy_training,
    sgd_noise_is_degenerate ["sgd_noise_is_degenerate.worst.json"],
}
