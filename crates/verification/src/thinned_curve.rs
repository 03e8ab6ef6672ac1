//! What evidence keeps of a curve.

use serde::{Deserialize, Serialize};

use crate::{Curve, Reading, number};

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
    /// The points that are kept. (A file does not tell what never comes from a run that diverged.)
    pub(crate) fn kept(&self) -> Curve {
        let points =
            self.x.iter().zip(&self.measured).zip(self.uncertainty.iter().zip(&self.predicted));
        points
            .map(|((&x, &measured), (&floor, &predicted))| {
                (x, Reading::new(measured, floor), predicted)
            })
            .collect()
    }

    /// No curve keeps more points than this.
    pub const MOST: usize = 160;
}
