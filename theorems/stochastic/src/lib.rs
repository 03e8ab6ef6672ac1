//! Stochastic and adaptive methods.

#![cfg_attr(not(test), warn(clippy::disallowed_methods))]

mod support;

theoria_verification::chapter! {
    sgd_convex ["sgd_convex.worst.json"],
    sgd_noise_floor ["sgd_noise_floor.worst.json"],
    sgd_pl_decreasing ["sgd_pl_decreasing.worst.json"],
    sgd_nonconvex ["sgd_nonconvex.worst.json"],
    sgd_vanishing_noise ["sgd_vanishing_noise.worst.json"],
    sgd_multiplicative_noise ["sgd_multiplicative_noise.worst.json"],
    agnes ["agnes.worst.json"],
    adagrad_norm_stochastic,
    sign_sgd ["sign_sgd.worst.json"],
    majority_vote ["majority_vote.worst.json"],
    polyak_ruppert,
    robbins_monro,
    minibatch_variance,
    random_reshuffling,
    linear_scaling,
}
