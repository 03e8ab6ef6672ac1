//! How much a verdict may be believed.

use serde::{Deserialize, Serialize};

use crate::number;

/// What a verdict rests on, from the firmest to the weakest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Computed without chance, at every point that is claimed; only rounding enters, and its floor is known.
    Exact,
    /// A verdict on trials whose error rates hold for every law that the hypotheses (or a bound of the trials that
    /// theory gives) admit, at the number of trials that were run.
    Proved,
    /// A verdict on trials whose error rates hold under an assumption on their law that no sample can confirm.
    Nominal,
    /// Something of the long run (an exponent, a rate), read off a finite stretch of it.
    Measured,
}

impl Level {
    /// In one sentence.
    pub fn meaning(self) -> &'static str {
        match self {
            Level::Exact => "computed without chance, up to rounding whose size is known",
            Level::Proved => {
                "the error rates hold for every law that the hypotheses or a bound of the trials admit"
            }
            Level::Nominal => {
                "the error rates hold under an assumption on the law that no sample can confirm"
            }
            Level::Measured => "a statement on the long run, read off a finite stretch of it",
        }
    }
}

impl std::fmt::Display for Level {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Level::Exact => "exact",
            Level::Proved => "proved",
            Level::Nominal => "nominal",
            Level::Measured => "measured",
        })
    }
}

/// The probabilities with which a check may go wrong although everything was computed rightly. Both are 0 where
/// no chance enters; where the [level](Level) is nominal they are what the assumption promises.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct ErrorRates {
    /// That a true claim is refuted.
    #[serde(with = "number")]
    pub wrong_refutation: f64,
    /// That a false claim is supported: one that is false by more than the margin.
    #[serde(with = "number")]
    pub wrong_support: f64,
}

impl ErrorRates {
    /// Where no chance enters.
    pub const NONE: ErrorRates = ErrorRates { wrong_refutation: 0.0, wrong_support: 0.0 };

    /// The same rate both ways, between 0 and 1.
    pub fn both(rate: f64) -> Self {
        ErrorRates { wrong_refutation: rate, wrong_support: rate }
    }

    /// Both rates added up, at most 1 each: of two checks, of which either may go wrong (the union bound).
    ///
    /// ```
    /// use theoria_verification::ErrorRates;
    /// let two = ErrorRates::both(1e-9).plus(ErrorRates::both(2e-9));
    /// assert!((two.wrong_support - 3e-9).abs() < 1e-20);
    /// ```
    #[must_use]
    pub fn plus(self, other: ErrorRates) -> Self {
        ErrorRates {
            wrong_refutation: (self.wrong_refutation + other.wrong_refutation).min(1.0),
            wrong_support: (self.wrong_support + other.wrong_support).min(1.0),
        }
    }
}
