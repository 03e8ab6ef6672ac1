//! What a figure shows if not the curves of claims: maps, histograms, clouds of points, lines.

use serde::{Deserialize, Serialize};

use crate::number;
use crate::{Axis, Raster};

/// What a figure shows that the theorem [computes](crate::Figure::showing) when it is checked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Content {
    /// Colour over a rectangular grid.
    HeatMap {
        /// Horizontal positions of the columns, increasing.
        #[serde(with = "number::list")]
        x: Vec<f64>,
        /// Vertical positions of the rows, increasing.
        #[serde(with = "number::list")]
        y: Vec<f64>,
        /// Values row by row, one for each place of the grid; what is not a number stays empty.
        #[serde(with = "number::list")]
        values: Vec<f64>,
        /// What the colour means, with its unit.
        colour: Axis,
        /// The value in the middle of a diverging scale, where the sign matters; else a sequential scale.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        middle: Option<f64>,
        /// Lines over the map: thresholds, predictions.
        lines: Vec<Line>,
    },
    /// Cells of categories in shades, over a rectangle: where something leads, and how soon.
    Raster {
        /// The cells.
        raster: Raster,
        /// The left and the right edge.
        #[serde(with = "number::list")]
        x: Vec<f64>,
        /// The lower and the upper edge.
        #[serde(with = "number::list")]
        y: Vec<f64>,
        /// What the shades mean, the pale ones first.
        shade: String,
        /// Lines over the cells; a point that is no number is a gap.
        lines: Vec<Line>,
    },
    /// Bars of a measured density, with the lines of predicted ones.
    Histogram {
        /// Edges of the bars, increasing, one more than there are bars.
        #[serde(with = "number::list")]
        edges: Vec<f64>,
        /// Density of each bar.
        #[serde(with = "number::list")]
        density: Vec<f64>,
        /// Predicted densities, thresholds.
        lines: Vec<Line>,
    },
    /// Points in groups, and lines.
    Points {
        /// The groups, each with a colour and a mark of its own.
        groups: Vec<Group>,
        /// Predictions, thresholds.
        lines: Vec<Line>,
    },
    /// Lines alone: trajectories, profiles.
    Lines {
        /// The lines.
        lines: Vec<Line>,
    },
}

/// A labelled line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// What it is, in a few words.
    pub label: String,
    /// Whether it is predicted (dashed) or measured (solid).
    pub predicted: bool,
    /// Horizontal positions.
    #[serde(with = "number::list")]
    pub x: Vec<f64>,
    /// Vertical positions.
    #[serde(with = "number::list")]
    pub y: Vec<f64>,
}

impl Line {
    /// A measured line through these points.
    pub fn measured(label: &str, points: impl IntoIterator<Item = (f64, f64)>) -> Self {
        Self::new(label, false, points)
    }

    /// A predicted line through these points.
    pub fn predicted(label: &str, points: impl IntoIterator<Item = (f64, f64)>) -> Self {
        Self::new(label, true, points)
    }

    fn new(label: &str, predicted: bool, points: impl IntoIterator<Item = (f64, f64)>) -> Self {
        let (x, y) = points.into_iter().unzip();
        Line { label: label.into(), predicted, x, y }
    }
}

/// Points that belong together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Group {
    /// What they are, in a few words.
    pub label: String,
    /// Horizontal positions.
    #[serde(with = "number::list")]
    pub x: Vec<f64>,
    /// Vertical positions.
    #[serde(with = "number::list")]
    pub y: Vec<f64>,
}

impl Group {
    /// These points.
    pub fn new(label: &str, points: impl IntoIterator<Item = (f64, f64)>) -> Self {
        let (x, y) = points.into_iter().unzip();
        Group { label: label.into(), x, y }
    }
}

impl Content {
    /// The density of these values in `bars` equal bars from the least to the largest finite one.
    pub fn histogram(values: &[f64], bars: usize, lines: Vec<Line>) -> Self {
        let finite = || values.iter().copied().filter(|v| v.is_finite());
        let (low, high) =
            finite().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
        let width = (high - low) / bars as f64;
        let mut density = vec![0.0; bars];
        let unit = 1.0 / (finite().count() as f64 * width);
        for value in finite() {
            let bar = ((value - low) / width) as usize;
            density[bar.min(bars - 1)] += unit;
        }
        Content::Histogram {
            edges: (0..=bars).map(|i| low + i as f64 * width).collect(),
            density,
            lines,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_bars_of_a_histogram_hold_the_whole_mass(values in prop::collection::vec(-5.0..5.0f64, 2..200)) {
            prop_assume!(values.iter().any(|v| (v - values[0]).abs() > 1e-6));
            let Content::Histogram { edges, density, .. } = Content::histogram(&values, 10, vec![]) else {
                unreachable!()
            };
            let mass: f64 = edges.windows(2).zip(&density).map(|(e, d)| (e[1] - e[0]) * d).sum();
            prop_assert!((mass - 1.0).abs() < 1e-9);
        }
    }
}
