//! Worst cases along the number of steps.

use theoria_verification::{Case, Family};

/// The single instance "for each N, the function that is fitted to it": the worst function changes with N, and
/// one curve runs through all N.
pub(crate) fn for_each_n(family: &str, description: &'static str) -> Family<Case<()>> {
    Family::single(family, move || Case::new(description, ()))
}
