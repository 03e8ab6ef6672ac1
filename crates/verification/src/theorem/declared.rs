//! What a theorem says of its claims before any of them is examined.

use crate::Role;

/// A claim or control as a theorem declares it.
#[derive(Debug, Clone, PartialEq)]
pub struct Declared<'a> {
    /// Claim, or control (false on purpose).
    pub role: Role,
    /// Its name.
    pub name: &'a str,
    /// The formula, in plain text.
    pub formula: &'a str,
    /// Kind of claim: `bound`, `identity`, `exponent` ...
    pub kind: &'static str,
    /// For a control: the hypothesis that is broken on purpose, if it breaks one.
    pub violates: Option<&'a str>,
    /// Whether it is a bound, which can be reached.
    pub is_bound: bool,
    /// For a bound: the tightness that some instance must reach.
    pub least: Option<f64>,
    /// Names of the hypotheses.
    pub hypotheses: Vec<&'a str>,
}
