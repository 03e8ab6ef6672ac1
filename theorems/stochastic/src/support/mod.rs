//! What several theorems of this chapter compute with.

pub(crate) mod affine_moments;
mod by_markov;

pub(crate) use by_markov::by_markov;
