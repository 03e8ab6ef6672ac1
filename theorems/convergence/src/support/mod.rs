//! What several theorems of this chapter are made of.

mod for_each_n;
mod reach;

pub(crate) use for_each_n::for_each_n;
pub(crate) use reach::reach;
