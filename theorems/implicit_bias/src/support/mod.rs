//! What theorems of this chapter compute with.

pub(crate) mod balls_in_noise;
pub(crate) mod bayes_regression;
pub(crate) mod chains_from_many_starts;
pub(crate) mod clear_classes;
pub(crate) mod descent_on_parabolas;
pub(crate) mod drawn_hessians;
pub(crate) mod hyperbolic_valley;
pub(crate) mod interpolators;
pub(crate) mod matrix_stability;
pub(crate) mod multiplicative_steps;
pub(crate) mod noisy_chains;
pub(crate) mod noisy_network;
pub(crate) mod noisy_walk;
pub(crate) mod normalised_descent;
pub(crate) mod one_sample;
pub(crate) mod rank_correlation;
pub(crate) mod relu_network;
pub(crate) mod runs_on_chains;
pub(crate) mod separable_points;
pub(crate) mod step_sizes_at_a_minimiser;
pub(crate) mod stopped_regression;
pub(crate) mod taught_regression;
pub(crate) mod trained_scales;
pub(crate) mod training_lengths;
pub(crate) mod underdetermined_regression;
