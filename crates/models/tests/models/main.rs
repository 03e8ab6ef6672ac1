//! Tests of the models from outside, in one binary: it links once.

mod catalogue;
mod certified;
mod data;
mod double_double;
mod fresh_networks;
mod networks;
mod objectives;
mod occupation;
mod rounding;
mod sets;
mod small_networks;
mod stochastic;
