//! Labels beside the axes, each at the end of its line.

use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, RGBColor};

use super::frame::{FONT_SIZE, Frame, LINE, text};
use super::labels::{CUT, spread, widest, wrapped};
use super::sheet::{Area, Fault};
use super::strokes::patterned;
use super::theme::FAINT;

/// Widest line of a label at the end of a curve.
const WIDEST: f64 = 400.0;
/// Between the axes and the labels beside them.
pub(super) const BESIDE: i32 = 26;
/// No more labels stand beside the axes.
pub(super) const MOST: usize = 40;
/// A label at this distance from the edge, and so high above the end of its line, needs no leader.
const NEAR: (i32, f64) = (60, 12.0);
/// Dots so sparse that no leader is taken for a line of the figure.
const LEADER: [f64; 2] = [3.0, 11.0];

/// Where labels stand; the ticks of the vertical axis have the other side.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Side {
    #[default]
    Right,
    Left,
}

/// Room beside the axes.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Beside {
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) side: Side,
}

impl Beside {
    /// Room for either.
    pub(super) fn joined(self, other: Beside) -> Self {
        let side = if self.side == other.side { self.side } else { Side::Right };
        Beside { width: self.width.max(other.width), height: self.height.max(other.height), side }
    }

    /// For labels at the ends of lines, each once.
    pub(super) fn labels<'a>(labels: impl Iterator<Item = &'a str>) -> Self {
        let mut told: Vec<&str> = Vec::new();
        for label in labels.filter(|label| !label.trim().is_empty()) {
            if !told.contains(&label) && told.len() < MOST {
                told.push(label);
            }
        }
        let lines: Vec<Vec<String>> =
            told.iter().map(|label| wrapped(label, FONT_SIZE, WIDEST)).collect();
        let height = lines.iter().map(|lines| label_height(lines)).sum();
        Beside { width: widest(lines.iter().flatten(), FONT_SIZE), height, side: Side::Right }
    }
}

fn label_height(lines: &[String]) -> f64 {
    f64::from(LINE) * lines.len() as f64 + 3.0
}

/// A label of something that is drawn, with where it ends.
pub(super) struct End {
    pub(super) at: (i32, i32),
    pub(super) label: String,
    pub(super) colour: RGBColor,
}

impl Frame {
    /// The labels beside the axes, led to from the ends of their lines where they do not stand there.
    pub(super) fn draw_labels(&self, area: &Area<'_>, ends: &[End]) -> Result<(), Fault> {
        let mut told: Vec<(&End, Vec<String>)> = Vec::new();
        for end in ends.iter().filter(|end| !end.label.trim().is_empty()) {
            if told.iter().all(|(other, _)| other.label != end.label) {
                told.push((end, wrapped(&end.label, FONT_SIZE, WIDEST)));
            }
        }
        if told.len() > MOST {
            told.truncate(MOST);
            told[MOST - 1].1 = vec![CUT.into()];
        }
        let heights: Vec<f64> = told.iter().map(|(end, _)| f64::from(end.at.1)).collect();
        let sizes: Vec<f64> = told.iter().map(|(_, lines)| label_height(lines)).collect();
        let placed = spread(&heights, &sizes, f64::from(self.top), f64::from(self.bottom));
        let (edge, outwards, anchor) = match self.side {
            Side::Right => (self.right, 1, HPos::Left),
            Side::Left => (self.left, -1, HPos::Right),
        };
        let at = edge + outwards * BESIDE;
        for ((end, _), height) in told.iter().zip(&placed) {
            let is_near =
                (edge - end.at.0).abs() <= NEAR.0 && (height - f64::from(end.at.1)).abs() <= NEAR.1;
            if !is_near {
                let from = (end.at.0 + 4 * outwards, end.at.1);
                let leader = [from, (at - 6 * outwards, height.round() as i32)];
                patterned(area, &leader, &LEADER, FAINT.paper.mix(0.7))?;
            }
        }
        for ((end, lines), height) in told.iter().zip(&placed) {
            let anchor = Pos::new(anchor, VPos::Center);
            let first = height - f64::from(LINE) * (lines.len() as f64 - 1.0) / 2.0;
            for (row, words) in lines.iter().enumerate() {
                let y = (first + f64::from(LINE) * row as f64).round() as i32;
                text(area, words, (at, y), FONT_SIZE, end.colour, anchor)?;
            }
        }
        Ok(())
    }
}
