//! What a figure shows; how it is drawn is the report's affair.

use serde::{Deserialize, Serialize};

/// How an axis is scaled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// Equal distances for equal differences.
    Linear,
    /// Equal distances for equal ratios.
    Logarithmic,
}

/// A labelled axis.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Axis {
    /// What is shown along it, with its unit.
    pub label: String,
    /// How it is scaled.
    pub scale: Scale,
}

impl Axis {
    /// An axis with this label.
    pub fn new(label: &str, scale: Scale) -> Self {
        Axis { label: label.into(), scale }
    }
}

/// A picture of the curves of some claims: measured beside predicted.
///
/// ```
/// use theoria_verification::Figure;
/// let figure = Figure::log_log("gap", "step N", "f(x_N) − f*")
///     .of("one_over_n")
///     .caption("The gap stays below its bound.");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figure {
    /// Part of the file's name: lower case with underscores.
    pub name: String,
    /// One sentence that says what to see.
    pub caption: String,
    /// Horizontal axis.
    pub x: Axis,
    /// Vertical axis.
    pub y: Axis,
    /// The claims (or controls) whose curves are drawn, by their names.
    pub claims: Vec<String>,
    /// Draw measured divided by predicted instead of both: for curves of many scales.
    pub ratio: bool,
}

impl Figure {
    fn new(name: &str, x: (&str, Scale), y: (&str, Scale)) -> Self {
        Figure {
            name: name.into(),
            caption: String::new(),
            x: Axis::new(x.0, x.1),
            y: Axis::new(y.0, y.1),
            claims: Vec::new(),
            ratio: false,
        }
    }

    /// Both axes logarithmic: powers become straight lines.
    pub fn log_log(name: &str, x: &str, y: &str) -> Self {
        Self::new(name, (x, Scale::Logarithmic), (y, Scale::Logarithmic))
    }

    /// Vertical axis logarithmic: geometric decay becomes a straight line.
    pub fn semilog(name: &str, x: &str, y: &str) -> Self {
        Self::new(name, (x, Scale::Linear), (y, Scale::Logarithmic))
    }

    /// Both axes linear.
    pub fn linear(name: &str, x: &str, y: &str) -> Self {
        Self::new(name, (x, Scale::Linear), (y, Scale::Linear))
    }

    /// Shows the curves of this claim too.
    #[must_use]
    pub fn of(mut self, claim: &str) -> Self {
        self.claims.push(claim.into());
        self
    }

    /// Draws measured divided by predicted, so that 1 is the bound.
    #[must_use]
    pub fn as_ratio(mut self) -> Self {
        self.ratio = true;
        self
    }

    /// The sentence that says what to see.
    #[must_use]
    pub fn caption(mut self, caption: &str) -> Self {
        self.caption = caption.into();
        self
    }
}
