//! Axes of figures.

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
