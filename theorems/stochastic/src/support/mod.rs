//! What several theorems of this chapter compute with.

mod by_markov;

pub(crate) use by_markov::by_markov;
