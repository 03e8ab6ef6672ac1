//! What several theorems of this chapter are made of.

mod for_each_n;
mod known_worst_cases;
mod momenta;
mod reach;
mod two_intervals;

pub(crate) use for_each_n::for_each_n;
pub(crate) use known_worst_cases::known_worst_cases;
pub(crate) use momenta::{
    FIRST, OSCILLATES, longest_steps, momenta, too_little_momentum, with_any_momentum,
};
pub(crate) use reach::reach;
pub(crate) use two_intervals::functions_on_two_intervals;
