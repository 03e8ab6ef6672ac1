//! Worst cases along the number of steps.

use theoria_verification::{Family, Instance};

/// All numbers of steps together: the worst function changes with N, and one curve runs through all N.
pub(crate) struct ForEachN {
    description: &'static str,
}

impl Instance for ForEachN {
    fn description(&self) -> String {
        self.description.into()
    }
}

/// The single instance "for each N, the function that is fitted to it".
pub(crate) fn for_each_n(family: &str, description: &'static str) -> Family<ForEachN> {
    Family::single(family, move || ForEachN { description })
}
