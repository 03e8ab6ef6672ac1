//! What theorems of this chapter compute with.

pub(crate) mod copied_neurons;
pub(crate) mod deep_chains;
pub(crate) mod deep_networks;
pub(crate) mod deep_training;
pub(crate) mod hypotheses;
pub(crate) mod linear_starts;
pub(crate) mod matrix_products;
pub(crate) mod networks_with_laws;
