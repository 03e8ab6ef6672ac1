//! Initialization and depth.

#![cfg_attr(not(test), warn(clippy::disallowed_methods))]

mod support;

theoria_verification::chapter! {
    relu_second_moment,
    critical_variance,
    hanin_depth_to_width,
    mean_field_tanh,
    correlation_of_depth,
    orthogonal_initialization,
    plateau,
    duplicate_neurons,
    residual_networks ["residual_networks.worst.json"],
    training_deep_networks,
}
