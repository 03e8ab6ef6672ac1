//! What can be claimed of logged runs.

use serde::Deserialize;

use super::formula::Formula;
use super::sentences::named;

/// A claim on the runs of a log. In a TOML file each is a table `[[claim]]` of these names.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Claim {
    /// The value follows this power of the step.
    Exponent(Target),
    /// The value is multiplied by this factor at each step.
    Rate(Target),
    /// The value tends to this number.
    Limit(Target),
    /// What the value is above its limit follows this power of the step.
    Approach(Target),
    /// No run is anywhere above this formula in n.
    Below(Formula),
    /// No run is anywhere below this formula in n.
    Above(Formula),
    /// Runs of one group have lower values than those of another.
    Lower(Comparison),
    /// No run diverges.
    Finite {},
}

/// A number, and how far from it still counts as it.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table such as { value = -0.5, margin = 0.02 }")]
pub struct Target {
    /// The number.
    pub value: f64,
    /// How far from it what is measured may be, positive; none stands for a twentieth of an exponent's unit, of what a rate is off 1, of a limit.
    #[serde(default)]
    pub margin: Option<f64>,
}

/// Two groups at one step.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Comparison {
    /// The group that is claimed to be lower.
    pub lower: String,
    /// The other one.
    pub higher: String,
    /// The step.
    pub at: f64,
    /// How far from it the step of a run may be; none stands for a hundredth of it.
    #[serde(default)]
    pub within: Option<f64>,
}

/// How claims are judged.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Terms {
    /// The probability with which noise alone may lead to a wrong verdict.
    pub error: f64,
    /// Whether claims on the long run speak of the runs alone that did not diverge.
    pub finite_runs: bool,
    /// The first step that claims speak of; what comes before it is a warm-up.
    pub from: f64,
}

impl Default for Terms {
    fn default() -> Self {
        Terms { error: 0.01, finite_runs: false, from: f64::NEG_INFINITY }
    }
}

impl Claim {
    /// Lower case with underscores: the name in evidence.
    pub fn name(&self) -> &'static str {
        match self {
            Claim::Exponent(_) => "exponent",
            Claim::Rate(_) => "linear_rate",
            Claim::Limit(_) => "limit",
            Claim::Approach(_) => "exponent_of_approach",
            Claim::Below(_) => "below",
            Claim::Above(_) => "above",
            Claim::Lower(_) => "lower_than",
            Claim::Finite {} => "no_run_diverges",
        }
    }

    /// In one line, of a value of this name.
    pub fn formula(&self, value: &str) -> String {
        match self {
            Claim::Exponent(target) => {
                format!("{value} ~ n^{} within {}", target.value, self.margin(target))
            }
            Claim::Rate(target) => {
                format!("{value} ~ {}^n within {:.2e}", target.value, self.margin(target))
            }
            Claim::Limit(target) => {
                format!("{value} → {} within {:.2e}", target.value, self.margin(target))
            }
            Claim::Approach(target) => {
                format!("{value} − limit ~ n^{} within {}", target.value, self.margin(target))
            }
            Claim::Below(formula) => format!("{value} ≤ {formula} at every step of every run"),
            Claim::Above(formula) => format!("{value} ≥ {formula} at every step of every run"),
            Claim::Lower(Comparison { lower, higher, at, .. }) => {
                let (lower, higher) = (named(lower), named(higher));
                format!("{value} of {lower} < {value} of {higher} at n = {at}")
            }
            Claim::Finite {} => format!("{value} stays finite in every run"),
        }
    }

    /// How far from its target counts as it.
    pub(super) fn margin(&self, target: &Target) -> f64 {
        target.margin.unwrap_or_else(|| match self {
            Claim::Rate(_) => 0.05 * (1.0 - target.value).abs(),
            Claim::Limit(_) => 0.05 * target.value.abs(),
            _ => 0.05,
        })
    }
}

/// What is not a file of claims.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{0}")]
pub struct NoClaims(String);

/// Tables `[[claim]]`, one a claim.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    claim: Vec<Claim>,
}

impl Claim {
    /// The claims of a TOML file.
    ///
    /// ```
    /// use theoria_curves::judge::Claim;
    /// let claims = Claim::of_toml(
    ///     "[[claim]]
    ///     exponent = { value = -0.5, margin = 0.02 }
    ///     [[claim]]
    ///     below = '4 / sqrt(n)'
    ///     [[claim]]
    ///     lower = { lower = 'adam', higher = 'sgd', at = 1000 }",
    /// )
    /// .unwrap();
    /// assert_eq!(claims[1].formula("loss"), "loss ≤ 4 / sqrt(n) at every step of every run");
    /// ```
    ///
    /// # Errors
    /// What is wrong in which line.
    pub fn of_toml(text: &str) -> Result<Vec<Claim>, NoClaims> {
        toml::from_str(text)
            .map(|file: File| file.claim)
            .map_err(|error| NoClaims(error.to_string().trim().to_string()))
    }
}
