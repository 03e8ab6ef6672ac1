//! Tests of the models from outside, in one binary: it links once.

mod catalogue;
mod data;
mod fresh_networks;
mod networks;
mod objectives;
mod occupation;
mod sets;
mod small_networks;
mod stochastic;
