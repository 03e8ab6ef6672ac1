//! What all drawings share: axes, and labels at the ends of lines.

use plotters::element::{PathElement, Text};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontTransform, RGBColor, ShapeStyle, TextStyle};

use super::axis::Axis;
use super::canvas::{Area, Fault, HEIGHT, WIDTH};
use super::dashes::dashes;
use super::labels::{spread, wrapped};
use super::theme::{FAINT, FONT, GRID, TEXT};

pub(super) const LEFT: i32 = 150;
pub(super) const TOP: i32 = 64;
const BOTTOM: i32 = 110;
pub(super) const FONT_SIZE: i32 = 34;
/// Width of a letter, a generous mean; plotters sets type smaller than it is told by 1.24.
pub(super) const LETTER: f64 = 0.56 / 1.24;
/// Longest line of a label at the end of a curve, in letters.
const LONGEST: usize = 28;

/// The axes, and where a value lies between them.
pub(super) struct Frame {
    pub(super) x: Axis,
    pub(super) y: Axis,
    pub(super) right: i32,
}

/// A label of something that is drawn, with where it ends.
pub(super) struct End {
    pub(super) at: (i32, i32),
    pub(super) label: String,
    pub(super) colour: RGBColor,
}

impl Frame {
    /// With room for these labels on the right.
    pub(super) fn new<'a>(x: Axis, y: Axis, labels: impl Iterator<Item = &'a str>) -> Self {
        let longest = labels
            .flat_map(|label| wrapped(label, LONGEST))
            .map(|line| line.chars().count())
            .max()
            .unwrap_or(0);
        let width = (longest as f64 * LETTER * f64::from(FONT_SIZE)) as i32;
        Frame { x, y, right: WIDTH as i32 - width - 40 }
    }

    pub(super) fn bottom(&self) -> i32 {
        HEIGHT as i32 - BOTTOM
    }

    /// None far beyond the edges.
    pub(super) fn pixel_x(&self, value: f64) -> Option<i32> {
        let position = self.x.position(value).filter(|position| position.abs() < 10.0)?;
        Some(LEFT + (position * f64::from(self.right - LEFT)).round() as i32)
    }

    /// None beyond the edges.
    pub(super) fn pixel_y(&self, value: f64) -> Option<i32> {
        let position = self.y.position(value)?;
        let height = f64::from(self.bottom() - TOP);
        (-1e-9..=1.0 + 1e-9)
            .contains(&position)
            .then(|| self.bottom() - (position * height).round() as i32)
    }

    pub(super) fn draw_axes(
        &self,
        area: &Area<'_>,
        x_label: &str,
        y_label: &str,
    ) -> Result<(), Fault> {
        let grid = ShapeStyle::from(GRID.paper).stroke_width(2);
        let small = FONT_SIZE - 2;
        for tick in self.y.ticks(7) {
            let Some(y) = self.pixel_y(tick.value) else {
                continue;
            };
            let from = if tick.label.is_some() { LEFT } else { LEFT - 8 };
            let to = if tick.label.is_some() { self.right } else { LEFT };
            area.draw(&PathElement::new(vec![(from, y), (to, y)], grid))?;
            if let Some(label) = tick.label {
                let anchor = Pos::new(HPos::Right, VPos::Center);
                text(area, &label, (LEFT - 14, y), small, FAINT.paper, anchor)?;
            }
        }
        for tick in self.x.ticks(7) {
            let Some(x) = self.pixel_x(tick.value) else {
                continue;
            };
            let length = if tick.label.is_some() { 14 } else { 8 };
            let ends = vec![(x, self.bottom()), (x, self.bottom() + length)];
            area.draw(&PathElement::new(ends, grid))?;
            if let Some(label) = tick.label {
                let anchor = Pos::new(HPos::Center, VPos::Top);
                text(area, &label, (x, self.bottom() + 18), small, FAINT.paper, anchor)?;
            }
        }
        let base = vec![(LEFT, self.bottom()), (self.right, self.bottom())];
        area.draw(&PathElement::new(base, ShapeStyle::from(FAINT.paper).stroke_width(2)))?;
        let middle = (f64::midpoint(f64::from(LEFT), f64::from(self.right))) as i32;
        let below = Pos::new(HPos::Center, VPos::Bottom);
        let at = (middle, HEIGHT as i32 - 8);
        text(area, x_label, at, FONT_SIZE, TEXT.paper, below)?;
        let style = TextStyle::from((FONT, FONT_SIZE))
            .transform(FontTransform::Rotate270)
            .color(&TEXT.paper)
            .pos(Pos::new(HPos::Center, VPos::Top));
        let height = i32::midpoint(TOP, self.bottom());
        area.draw(&Text::new(y_label.to_owned(), (10, height), style))
    }

    /// Half way across.
    pub(super) fn middle(&self) -> i32 {
        i32::midpoint(LEFT, self.right)
    }

    /// The labels on the right, each led to from the end of its line.
    pub(super) fn draw_labels(&self, area: &Area<'_>, ends: &[End]) -> Result<(), Fault> {
        let heights: Vec<f64> = ends.iter().map(|end| f64::from(end.at.1)).collect();
        let labels: Vec<Vec<String>> =
            ends.iter().map(|end| wrapped(&end.label, LONGEST)).collect();
        let line = 1.15 * f64::from(FONT_SIZE);
        let sizes: Vec<f64> = labels.iter().map(|l| line * l.len() as f64).collect();
        let placed = spread(&heights, &sizes, f64::from(TOP), f64::from(self.bottom()));
        for ((end, lines), height) in ends.iter().zip(labels).zip(placed) {
            let at = self.right + 24;
            let leader = vec![(end.at.0 + 4, end.at.1), (at - 6, height.round() as i32)];
            let style = end.colour.mix(0.45).stroke_width(2);
            area.draw(&PathElement::new(leader, style))?;
            let left = Pos::new(HPos::Left, VPos::Center);
            let first = height - line * (lines.len() as f64 - 1.0) / 2.0;
            for (i, words) in lines.iter().enumerate() {
                let y = (first + line * i as f64).round() as i32;
                text(area, words, (at, y), FONT_SIZE, end.colour, left)?;
            }
        }
        Ok(())
    }

    /// What solid and dashed lines mean, above the axes, as far as there are such lines.
    pub(super) fn draw_key(
        area: &Area<'_>,
        measured: Option<&str>,
        predicted: Option<&str>,
    ) -> Result<(), Fault> {
        let size = FONT_SIZE - 3;
        let colour = FAINT.paper;
        let left = Pos::new(HPos::Left, VPos::Center);
        let line = |from: i32| vec![(from, 26), (from + 60, 26)];
        let mut from = LEFT;
        if let Some(words) = measured {
            area.draw(&PathElement::new(line(from), colour.stroke_width(5)))?;
            text(area, words, (from + 72, 26), size, colour, left)?;
            from += 240;
        }
        if let Some(words) = predicted {
            dashed(area, &line(from), colour)?;
            text(area, words, (from + 72, 26), size, colour, left)?;
        }
        Ok(())
    }
}

/// A dashed line, as predictions are drawn.
pub(super) fn dashed(
    area: &Area<'_>,
    path: &[(i32, i32)],
    colour: impl Color,
) -> Result<(), Fault> {
    for dash in dashes(path, 16.0, 12.0) {
        area.draw(&PathElement::new(dash, colour.stroke_width(3)))?;
    }
    Ok(())
}

pub(super) fn text(
    area: &Area<'_>,
    words: &str,
    at: (i32, i32),
    size: i32,
    colour: RGBColor,
    anchor: Pos,
) -> Result<(), Fault> {
    let style = TextStyle::from((FONT, size)).color(&colour).pos(anchor);
    area.draw(&Text::new(words.to_owned(), at, style))
}
