//! Figures as evidence keeps them, so that the report draws them without knowing theorems.

use serde::{Deserialize, Serialize};

use crate::{Axis, Content};

/// A figure of the curves of claims, which are in the evidence already.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FigureOfClaims {
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
    /// Of what is shown at one position after the other, the slider.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slider: Option<Slider>,
}

/// What a figure moves over: the instances of a family, each with its position and with its verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slider {
    /// What the positions are, with their unit.
    pub label: String,
    /// The family, which each claim of the figure is made on.
    pub family: String,
    /// The number of the position that is shown first, from 0.
    pub first: usize,
}

impl Slider {
    /// More positions are too many to draw.
    pub const MOST_POSITIONS: usize = 60;
}

/// A figure of something that was computed for it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ComputedFigure {
    /// Part of the file's name: lower case with underscores.
    pub name: String,
    /// One sentence that says what to see.
    pub caption: String,
    /// Horizontal axis.
    pub x: Axis,
    /// Vertical axis.
    pub y: Axis,
    /// What it shows.
    pub content: Content,
}
