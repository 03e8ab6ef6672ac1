//! Stochastic and adaptive methods.

mod gradient_noise;

chapter! {
    sgd_convex,
    sgd_noise_floor,
    sgd_pl_decreasing,
    sgd_nonconvex,
    sgd_vanishing_noise,
    sgd_multiplicative_noise,
    agnes,
    adagrad_norm_stochastic,
}
