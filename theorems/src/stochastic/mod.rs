//! Stochastic and adaptive methods.

mod affine_moments;
mod coordinate_noise;

chapter! {
    sign_sgd,
    majority_vote,
    polyak_ruppert,
    robbins_monro,
    minibatch_variance,
    random_reshuffling,
    linear_scaling,
}
