//! Stochastic and adaptive methods.

mod support;

theoria_verification::chapter! {
    sgd_convex,
    sgd_noise_floor,
    sgd_pl_decreasing,
    sgd_nonconvex,
    sgd_vanishing_noise,
    sgd_multiplicative_noise,
    agnes,
    adagrad_norm_stochastic,
    sign_sgd,
    majority_vote,
    polyak_ruppert,
    robbins_monro,
    minibatch_variance,
    random_reshuffling,
    linear_scaling,
}
