//! What several theorems of this chapter compute with.

pub(crate) mod interpolators;
pub(crate) mod noisy_network;
