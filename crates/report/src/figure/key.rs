//! What lines and points mean, above the axes.

use plotters::element::PathElement;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, RGBColor};

use super::frame::{MARGIN, SMALL, WIDTH, text};
use super::labels::{CUT, wrapped};
use super::sheet::{Area, Fault, width};
use super::strokes::{Prediction, Shape, patterned};

/// How something is drawn.
#[derive(Debug, Clone, Copy)]
pub(super) enum Sample {
    Points(Shape),
    /// Points that a line joins.
    Joined(Shape),
    Solid,
    Predicted(Prediction),
    Patterned(&'static [f64]),
}

/// A sample with its words.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) sample: Sample,
    pub(super) words: String,
    pub(super) colour: RGBColor,
}

/// Entries in rows.
#[derive(Debug, Default)]
pub(super) struct Key {
    placed: Vec<(Entry, i32, i32)>,
    rows: i32,
}

const SAMPLE: i32 = 56;
const GAP: i32 = 36;
const ROW: i32 = 36;
/// No more are told.
const MOST: usize = 24;

impl Key {
    pub(super) fn of(entries: Vec<Entry>) -> Self {
        let mut key = Key::default();
        let (mut from, mut row) = (MARGIN, 0);
        let more = entries.len() > MOST;
        for mut entry in entries.into_iter().take(MOST) {
            if more && key.placed.len() + 1 == MOST {
                entry.words = CUT.into();
            }
            // One that does not fit into a row takes several.
            let beside = SAMPLE + 10;
            let lines = wrapped(&entry.words, SMALL, f64::from(WIDTH - 2 * MARGIN - beside));
            let wide =
                lines.iter().map(|line| (f64::from(SMALL) * width(line)).ceil() as i32).max();
            let wide = beside + wide.unwrap_or(0) + 6;
            if from > MARGIN && from + wide > WIDTH - MARGIN {
                (from, row) = (MARGIN, row + 1);
            }
            let first = row;
            for line in lines {
                let words = Entry { words: line, ..entry.clone() };
                key.placed.push((words, from, row));
                row += 1;
            }
            row = (row - 1).max(first);
            from += wide + GAP;
        }
        key.rows = if key.placed.is_empty() { 0 } else { row + 1 };
        key
    }

    pub(super) fn height(&self) -> i32 {
        self.rows * ROW
    }

    pub(super) fn draw(&self, area: &Area<'_>, top: i32) -> Result<(), Fault> {
        let mut before = None;
        for (entry, from, row) in &self.placed {
            let y = top + ROW * row + ROW / 2;
            // A second line of words has no sample of its own.
            if before != Some((*from, row - 1)) || *row == 0 {
                entry.sample.draw(area, *from, y, entry.colour)?;
            }
            before = Some((*from, *row));
            let left = Pos::new(HPos::Left, VPos::Center);
            text(area, &entry.words, (from + SAMPLE + 10, y), SMALL, entry.colour, left)?;
        }
        Ok(())
    }
}

impl Sample {
    fn draw(self, area: &Area<'_>, from: i32, y: i32, colour: RGBColor) -> Result<(), Fault> {
        let line = [(from, y), (from + SAMPLE, y)];
        match self {
            Sample::Points(shape) => shape.draw(area, (from + SAMPLE / 2, y), colour, 1.0),
            Sample::Joined(shape) => {
                area.draw(&PathElement::new(line.to_vec(), colour.mix(0.4).stroke_width(2)))?;
                [from + 8, from + SAMPLE - 8]
                    .into_iter()
                    .try_for_each(|x| shape.draw(area, (x, y), colour, 1.0))
            }
            Sample::Solid => area.draw(&PathElement::new(line.to_vec(), colour.stroke_width(4))),
            Sample::Predicted(prediction) => prediction.line(area, &line, colour),
            Sample::Patterned(pattern) => patterned(area, &line, pattern, colour),
        }
    }
}
