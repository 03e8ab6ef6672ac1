//! What theorems of this chapter compute with.

pub(crate) mod linear_starts;
