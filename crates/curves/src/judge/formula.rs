//! Formulas in the step n.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

use exmex::{Express, FlatEx};
use serde::Deserialize;

/// A formula in the step n: `4 / sqrt(n)`, `0.9^n + 1e-3`, `4*n^(-1/2)`.
///
/// Powers bind first, so that the exponent of n^(-1/2) stands in parentheses; a factor takes a `*`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(try_from = "String")]
pub struct Formula {
    text: String,
    parsed: FlatEx<f64>,
}

/// A text that is no formula in n.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no formula in n: {reason}; write 4*n^(-1/2), say")]
pub struct NoFormula {
    text: String,
    reason: String,
}

impl Formula {
    /// Its value at step `n`.
    pub fn at(&self, n: f64) -> f64 {
        let values: &[f64] = if self.parsed.var_names().is_empty() { &[] } else { &[n] };
        self.parsed.eval(values).unwrap_or(f64::NAN)
    }
}

impl FromStr for Formula {
    type Err = NoFormula;

    fn from_str(text: &str) -> Result<Self, NoFormula> {
        let none = |reason: String| NoFormula { text: text.into(), reason };
        let parsed = FlatEx::<f64>::parse(text).map_err(|error| none(error.to_string()))?;
        match parsed.var_names().iter().find(|name| *name != "n") {
            Some(other) => Err(none(format!("it knows no `{other}`"))),
            None => Ok(Formula { text: text.into(), parsed }),
        }
    }
}

impl TryFrom<String> for Formula {
    type Error = NoFormula;

    fn try_from(text: String) -> Result<Self, NoFormula> {
        text.parse()
    }
}

impl Display for Formula {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
