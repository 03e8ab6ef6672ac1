//! Landscapes, wide and deep linear networks.

#![cfg_attr(not(test), warn(clippy::disallowed_methods))]

mod support;

theoria_verification::chapter! {
    saxe_dynamics,
    balancedness,
    deep_linear_convergence ["deep_linear_convergence.worst.json"],
    non_increasing_path,
    features_rank,
    end_to_end_dynamics,
    deep_linear_expressivity ["deep_linear_expressivity.worst.json"],
    deep_linear_landscape,
    low_rank_bias,
    mean_field_width,
}
