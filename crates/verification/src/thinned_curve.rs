//! What evidence keeps of a curve.

use serde::{Deserialize, Serialize};

use crate::number;

/// Measured and predicted along an abscissa, thinned to at most [`ThinnedCurve::MOST`] points.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ThinnedCurve {
    /// Abscissa.
    #[serde(with = "number::list")]
    pub x: Vec<f64>,
    /// Measured.
    #[serde(with = "number::list")]
    pub measured: Vec<f64>,
    /// Half-width of what is known of each measured value: rounding floor, or interval.
    #[serde(with = "number::list")]
    pub uncertainty: Vec<f64>,
    /// Predicted.
    #[serde(with = "number::list")]
    pub predicted: Vec<f64>,
}

impl ThinnedCurve {
    /// No curve keeps more points than this.
    pub const MOST: usize = 160;
}
