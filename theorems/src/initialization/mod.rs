//! Initialization and depth.

mod layer_law;
mod random_networks;

chapter! {
    relu_second_moment,
    critical_variance,
}
