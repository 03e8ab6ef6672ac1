//! Instances that are a value with a name.

use std::ops::Deref;

use crate::{Constant, Family, Instance};

/// An instance that is a value and what it is in words: where a type of its own would hold nothing else.
///
/// ```
/// use theoria_verification::{Case, Claim, Family, Instance};
/// let powers = Family::cases("factors", [0.5f64, 0.9], |factor| format!("powers of {factor}"));
/// let claim = Claim::bound("decreasing", "ρⁿ ≤ ρ")
///     .on(powers)
///     .measuring(1..=9, |factor, powers| powers.read(|n: i32| factor.powi(n)))
///     .predicting(|factor, _| **factor);
/// assert_eq!(Case::new("the first", 1.0).description(), "the first");
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Case<T> {
    /// The value; a case dereferences to it.
    pub value: T,
    description: String,
    constants: Vec<Constant>,
}

impl<T> Case<T> {
    /// A value with this description.
    pub fn new(description: impl Into<String>, value: T) -> Self {
        Case { value, description: description.into(), constants: Vec::new() }
    }

    /// With this constant too.
    #[must_use]
    pub fn with(mut self, constant: Constant) -> Self {
        self.constants.push(constant);
        self
    }
}

impl<T> Deref for Case<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: Send + Sync> Instance for Case<T> {
    fn description(&self) -> String {
        self.description.clone()
    }

    fn constants(&self) -> Vec<Constant> {
        self.constants.clone()
    }

    fn needs() -> String {
        "a value, what it is in words, and the constants that a reader needs".into()
    }
}

impl<T: Clone + Send + Sync + 'static> Family<Case<T>> {
    /// One case for each of these values, with what it is in words.
    pub fn cases(
        name: &str,
        values: impl IntoIterator<Item = T>,
        describe: impl Fn(&T) -> String + Send + Sync + 'static,
    ) -> Self {
        Family::listed(name, values, move |value| Case::new(describe(value), value.clone()))
    }
}
