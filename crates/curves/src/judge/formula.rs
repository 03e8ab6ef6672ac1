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
        if raises_a_negative(text) {
            return Err(none(
                "it is not plain whether a minus is raised to a power: write -(n^2) or (-n)^2"
                    .into(),
            ));
        }
        let parsed = FlatEx::<f64>::parse(&without_exponents(text))
            .map_err(|error| none(error.to_string()))?;
        match parsed.var_names().iter().find(|name| *name != "n") {
            Some(other) => Err(none(format!("it knows no `{other}`"))),
            None => Ok(Formula { text: text.into(), parsed }),
        }
    }
}

/// Numbers such as 1e-3 in plain digits, which the parser reads.
fn without_exponents(text: &str) -> String {
    let number = |c: char| c.is_ascii_digit() || c == '.';
    let mut plain = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(number) {
        let named = rest[..start].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        plain += &rest[..start];
        rest = &rest[start..];
        let digits = rest.find(|c| !number(c)).unwrap_or(rest.len());
        let after = rest[digits..].strip_prefix(['e', 'E']).map_or("", |power| power);
        let sign = usize::from(after.starts_with(['+', '-']));
        let power = after[sign..].find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len() - sign);
        let whole = if power == 0 { digits } else { digits + 1 + sign + power };
        match rest[..whole].parse::<f64>() {
            Ok(value) if whole > digits && !named => plain += &value.to_string(),
            _ => plain += &rest[..whole],
        }
        rest = &rest[whole..];
    }
    plain + rest
}

/// Whether a minus that is no difference stands before a power: -n^2.
fn raises_a_negative(text: &str) -> bool {
    let plain: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
    plain.iter().enumerate().any(|(i, c)| {
        let unary = *c == '-' && (i == 0 || "(,+-*/^".contains(plain[i - 1]));
        if !unary || (i > 0 && plain[i - 1] == '^') {
            return false;
        }
        // The operand: a name or number, with what it is applied to.
        let mut j = i + 1;
        let mut depth = 0;
        while j < plain.len() {
            match plain[j] {
                '(' => depth += 1,
                ')' if depth > 0 => depth -= 1,
                _ if depth > 0 => {}
                own if own.is_alphanumeric() || own == '.' || own == '_' => {}
                own => return own == '^',
            }
            j += 1;
        }
        false
    })
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
