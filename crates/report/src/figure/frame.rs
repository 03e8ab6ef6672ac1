//! What all drawings share: axes, and labels at the ends of lines. Everything is placed before anything is drawn, with
//! the room that its labels take.

use plotters::element::{PathElement, Text};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontTransform, RGBColor, ShapeStyle, TextStyle};

use super::axis::{Axis, Tick};
use super::beside::{BESIDE, Beside, MOST, Side};
use super::key::{Entry, Key};
use super::labels::wrapped;
use super::sheet::{Area, Fault, Sheet, width};
use super::theme::{FAINT, FONT, GRID, TEXT};

/// The figure is drawn at twice the size that it is shown at, since positions are whole pixels.
pub(super) const WIDTH: i32 = 1440;
/// Least height of the axes.
const TALL: i32 = 672;
/// Nothing grows beyond this.
const TALLEST: i32 = 2400;
pub(super) const MARGIN: i32 = 20;
pub(super) const FONT_SIZE: i32 = 27;
pub(super) const SMALL: i32 = 25;
/// Height of a line of type.
pub(super) const LINE: i32 = 35;

/// What is to be placed.
pub(super) struct Plan {
    pub(super) x: Axis,
    pub(super) y: Axis,
    pub(super) labels: [String; 2],
    pub(super) key: Vec<Entry>,
    pub(super) beside: Beside,
    /// Labels of places on the horizontal axis, which stand above it.
    pub(super) uprights: Vec<(f64, String, RGBColor)>,
    /// Room for so many rows of them at least.
    pub(super) rows: i32,
    /// Width of the axes over their height, where that matters.
    pub(super) shape: Option<f64>,
}

/// The axes, and where a value lies between them.
pub(super) struct Frame {
    x: Axis,
    y: Axis,
    pub(super) left: i32,
    pub(super) right: i32,
    pub(super) top: i32,
    pub(super) bottom: i32,
    /// Where labels stand.
    pub(super) side: Side,
    height: i32,
    ticks: [Vec<(i32, Tick)>; 2],
    labels: [Vec<String>; 2],
    key: Key,
    uprights: Vec<(i32, i32, String, RGBColor)>,
    /// Rows of uprights.
    pub(super) rows: i32,
}

impl Frame {
    pub(super) fn new(plan: Plan) -> Self {
        let Plan { x, y, labels, key, beside, uprights, rows, shape } = plan;
        let [x_label, y_label] = labels;
        let key = Key::of(key);
        let tall = TALL.max((beside.height.ceil() as i32).min(TALLEST));
        let y_ticks = y.ticks(7);
        let widest_tick = y_ticks
            .iter()
            .filter_map(|tick| tick.label.as_ref())
            .map(|label| f64::from(SMALL) * width(label))
            .fold(0.0, f64::max)
            .min(f64::from(WIDTH) / 4.0);
        let y_label = wrapped(&y_label, FONT_SIZE, f64::from(tall));
        let ticks = MARGIN / 2 + LINE * y_label.len() as i32 + 10 + widest_tick.ceil() as i32 + 14;
        let beside_axes = if beside.width > 0.0 {
            BESIDE + beside.width.ceil() as i32 + MARGIN
        } else {
            // Half a label of a tick.
            60
        };
        let room = WIDTH - beside_axes - ticks;
        let left = if beside.side == Side::Left { beside_axes } else { ticks };
        let wide = shape.map_or(room, |shape| {
            let wide = (shape * f64::from(tall)).clamp(f64::from(room) / 4.0, f64::from(room));
            wide.round() as i32
        });
        let mut frame = Frame {
            x,
            y,
            left,
            right: left + wide,
            top: 0,
            bottom: tall,
            side: beside.side,
            height: 0,
            ticks: [Vec::new(), Vec::new()],
            labels: [Vec::new(), y_label],
            key,
            uprights: Vec::new(),
            rows: 0,
        };
        frame.rows = frame.place_uprights(uprights, rows);
        let rows = frame.rows;
        frame.top = MARGIN / 2 + frame.key.height() + LINE * rows + 14;
        frame.bottom = frame.top + tall;
        frame.ticks[1] = y_ticks
            .into_iter()
            .filter_map(|tick| frame.pixel_y(tick.value).map(|at| (at, tick)))
            .collect();
        thin_out(
            &mut frame.ticks[1],
            |_| f64::from(LINE) - 4.0,
            (f64::NEG_INFINITY, f64::INFINITY),
        );
        frame.place_ticks_below();
        let middle = f64::from(frame.middle());
        let reach = (middle - 8.0).min(f64::from(WIDTH) - 8.0 - middle);
        frame.labels[0] = wrapped(&x_label, FONT_SIZE, 2.0 * reach);
        frame.height = frame.bottom + 18 + LINE + LINE * frame.labels[0].len() as i32 + 8;
        frame
    }

    /// A sheet with axes, key and labels of the axes.
    pub(super) fn sheet(&self) -> Result<Sheet, String> {
        let mut sheet = Sheet::new(WIDTH as u32, self.height.unsigned_abs());
        #[cfg(test)]
        sheet.framed(super::sheet::Bounds(
            [self.left, self.top, self.right, self.bottom].map(f64::from),
        ));
        sheet.draw(|area| self.draw_axes(area))?;
        Ok(sheet)
    }

    /// As many labels as do not overlap.
    fn place_ticks_below(&mut self) {
        let wide = |tick: &Tick| {
            tick.label.as_ref().map_or(0.0, |label| f64::from(SMALL) * width(label) + 18.0)
        };
        let within = (0.0, f64::from(WIDTH));
        for wanted in (2..=7).rev() {
            let mut ticks: Vec<(i32, Tick)> = self
                .x
                .ticks(wanted)
                .into_iter()
                .filter_map(|tick| self.pixel_x(tick.value).map(|at| (at, tick)))
                .collect();
            let all = ticks.iter().filter(|(_, tick)| tick.label.is_some()).count();
            thin_out(&mut ticks, wide, within);
            let left = ticks.iter().filter(|(_, tick)| tick.label.is_some()).count();
            self.ticks[0] = ticks;
            if left == all {
                return;
            }
        }
    }

    /// Above the axes, each over its place, in as few rows as do not overlap; how many rows.
    fn place_uprights(&mut self, uprights: Vec<(f64, String, RGBColor)>, least: i32) -> i32 {
        let mut rows: Vec<Vec<(f64, f64)>> = Vec::new();
        let mut placed: Vec<(i32, usize, String, RGBColor)> = Vec::new();
        for (value, label, colour) in uprights {
            let seen = placed.iter().any(|(_, _, other, _)| *other == label);
            let Some(x) = self.pixel_x(value).filter(|x| (self.left..=self.right).contains(x))
            else {
                continue;
            };
            if seen || placed.len() >= MOST {
                continue;
            }
            for line in wrapped(&label, SMALL, f64::from(WIDTH - 2 * MARGIN)).into_iter().rev() {
                let half = f64::from(SMALL) * width(&line) / 2.0 + 4.0;
                let (low, high) = (f64::from(MARGIN) + half, f64::from(WIDTH - MARGIN) - half);
                let middle = f64::from(x).max(low).min(high.max(low));
                let free = |row: &Vec<(f64, f64)>| {
                    row.iter().all(|(m, h)| (m - middle).abs() >= h + half + 12.0)
                };
                let row = rows.iter().position(free).unwrap_or_else(|| {
                    rows.push(Vec::new());
                    rows.len() - 1
                });
                rows[row].push((middle, half));
                placed.push((middle.round() as i32, row, line, colour));
            }
        }
        let all = least.max(rows.len() as i32);
        let at = |row: usize| MARGIN / 2 + self.key.height() + LINE * (all - row as i32);
        self.uprights =
            placed.into_iter().map(|(x, row, line, colour)| (x, at(row), line, colour)).collect();
        all
    }

    /// None far beyond the edges.
    pub(super) fn pixel_x(&self, value: f64) -> Option<i32> {
        let position = self.x.position(value).filter(|position| position.abs() < 10.0)?;
        Some(self.left + (position * f64::from(self.right - self.left)).round() as i32)
    }

    /// None beyond the edges.
    pub(super) fn pixel_y(&self, value: f64) -> Option<i32> {
        let position = self.y.position(value)?;
        let height = f64::from(self.bottom - self.top);
        (-1e-9..=1.0 + 1e-9)
            .contains(&position)
            .then(|| self.bottom - (position * height).round() as i32)
    }

    /// The values at the lower and the upper edge.
    pub(super) fn range_y(&self) -> (f64, f64) {
        self.y.ends()
    }

    /// The pieces of a line that lie within the axes.
    pub(super) fn pieces(&self, line: impl Iterator<Item = (f64, f64)>) -> Vec<Vec<(i32, i32)>> {
        let mut pieces = vec![Vec::new()];
        for (x, y) in line {
            match (self.pixel_x(x), self.pixel_y(y)) {
                (Some(x), Some(y)) if (self.left..=self.right).contains(&x) => {
                    if let Some(piece) = pieces.last_mut() {
                        piece.push((x, y));
                    }
                }
                _ => pieces.push(Vec::new()),
            }
        }
        pieces.retain(|piece| !piece.is_empty());
        pieces
    }

    /// Half way across.
    fn middle(&self) -> i32 {
        i32::midpoint(self.left, self.right)
    }

    fn draw_axes(&self, area: &Area<'_>) -> Result<(), Fault> {
        let grid = ShapeStyle::from(GRID.paper).stroke_width(2);
        // Ticks are where the labels of lines are not.
        let (edge, outwards, beside) = match self.side {
            Side::Right => (self.left, -1, HPos::Right),
            Side::Left => (self.right, 1, HPos::Left),
        };
        for (y, tick) in &self.ticks[1] {
            let from = if tick.label.is_some() { self.left } else { edge + 8 * outwards };
            let to = if tick.label.is_some() { self.right } else { edge };
            area.draw(&PathElement::new(vec![(from, *y), (to, *y)], grid))?;
        }
        for (x, tick) in &self.ticks[0] {
            let length = if tick.label.is_some() { 14 } else { 8 };
            let ends = vec![(*x, self.bottom), (*x, self.bottom + length)];
            area.draw(&PathElement::new(ends, grid))?;
        }
        let base = vec![(self.left, self.bottom), (self.right, self.bottom)];
        area.draw(&PathElement::new(base, ShapeStyle::from(FAINT.paper).stroke_width(2)))?;
        for (y, tick) in &self.ticks[1] {
            if let Some(label) = &tick.label {
                let anchor = Pos::new(beside, VPos::Center);
                text(area, label, (edge + 14 * outwards, *y), SMALL, FAINT.paper, anchor)?;
            }
        }
        for (x, tick) in &self.ticks[0] {
            if let Some(label) = &tick.label {
                let anchor = Pos::new(HPos::Center, VPos::Top);
                text(area, label, (*x, self.bottom + 18), SMALL, FAINT.paper, anchor)?;
            }
        }
        let below = Pos::new(HPos::Center, VPos::Top);
        for (row, line) in self.labels[0].iter().enumerate() {
            let y = self.bottom + 18 + LINE + LINE * row as i32;
            text(area, line, (self.middle(), y), FONT_SIZE, TEXT.paper, below)?;
        }
        let middle = i32::midpoint(self.top, self.bottom);
        for (row, line) in self.labels[1].iter().enumerate() {
            let style = TextStyle::from((FONT, FONT_SIZE))
                .transform(FontTransform::Rotate270)
                .color(&TEXT.paper)
                .pos(Pos::new(HPos::Center, VPos::Top));
            let rows = self.labels[1].len() as i32;
            let x = match self.side {
                Side::Right => MARGIN / 2 + LINE * row as i32,
                Side::Left => WIDTH - MARGIN / 2 - LINE * (rows - row as i32),
            };
            area.draw(&Text::new(line.clone(), (x, middle), style))?;
        }
        self.key.draw(area, MARGIN / 2)?;
        for (x, bottom, label, colour) in &self.uprights {
            let anchor = Pos::new(HPos::Center, VPos::Bottom);
            text(area, label, (*x, *bottom), SMALL, *colour, anchor)?;
        }
        Ok(())
    }
}

/// Takes labels from ticks that overlap their neighbours before, or leave these ends.
fn thin_out(ticks: &mut [(i32, Tick)], size: impl Fn(&Tick) -> f64, (low, high): (f64, f64)) {
    let mut taken: Vec<(f64, f64)> = Vec::new();
    for (at, tick) in ticks {
        let (middle, half) = (f64::from(*at), size(tick) / 2.0);
        if tick.label.is_none() {
            continue;
        }
        let fits = middle - half >= low && middle + half <= high;
        if fits && taken.iter().all(|(m, h)| (m - middle).abs() >= h + half) {
            taken.push((middle, half));
        } else {
            tick.label = None;
        }
    }
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
