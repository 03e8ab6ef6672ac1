//! Colour over a grid.

use plotters::element::{PathElement, Rectangle};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, RGBColor};
use theoria_verification::{Axis as Labelled, Line, Scale};

use super::axis::Axis;
use super::beside::{BESIDE, Beside};
use super::frame::{Frame, LINE, Plan, SMALL, text};
use super::labels::{widest, wrapped};
use super::lines;
use super::sheet::{Area, Fault, Sheet, picture_address, width};
use super::theme::FAINT;

/// Shades of a scale: more cannot be told apart, and equal neighbours are drawn as one.
const SHADES: usize = 32;
/// Cividis (Nunez, Anderton, Renslow 2018): readable in grey and with every colour vision.
const SEQUENTIAL: [(u8, u8, u8); 5] = [
    (0xff, 0xea, 0x46),
    (0xbc, 0xae, 0x6c),
    (0x7c, 0x7b, 0x78),
    (0x41, 0x4d, 0x6b),
    (0x00, 0x20, 0x4d),
];
/// Blue below the middle, orange above it.
const DIVERGING: [(u8, u8, u8); 5] = [
    (0x0b, 0x4a, 0x8f),
    (0x7f, 0xb2, 0xdd),
    (0xf4, 0xf4, 0xf4),
    (0xf0, 0xa8, 0x60),
    (0xa8, 0x4a, 0x00),
];
/// Width of the scale of colours beside the map.
const BAR: i32 = 40;
/// Widest line of the title of the scale.
const TITLE: f64 = 330.0;

pub(super) struct Map<'a> {
    pub(super) columns: &'a [f64],
    pub(super) rows: &'a [f64],
    pub(super) values: &'a [f64],
    pub(super) colour: &'a Labelled,
    pub(super) middle: Option<f64>,
}

impl Map<'_> {
    pub(super) fn draw(&self, [x, y]: [&Labelled; 2], lines: &[Line]) -> Result<Sheet, String> {
        let (wide, high) = (self.columns.len(), self.rows.len());
        if wide < 2 || high < 2 || self.values.len() != wide * high {
            return Err(format!(
                "a heat map of {wide} × {high} places has {} values",
                self.values.len()
            ));
        }
        let (across, up) = (edges(self.columns, x.scale), edges(self.rows, y.scale));
        let shades = self.shades();
        let title = wrapped(&self.colour.label, SMALL, TITLE);
        let ticks = shades.ticks(5).into_iter().filter_map(|tick| tick.label);
        let ticks = ticks.map(|label| f64::from(SMALL) * width(&label)).fold(0.0, f64::max);
        let beside = widest(&title, SMALL).max(f64::from(BAR + 14) + ticks);
        let frame = Frame::new(Plan {
            x: Axis::spanning(x.scale, across[0], across[wide]),
            y: Axis::spanning(y.scale, up[0], up[high]),
            labels: [x.label.clone(), y.label.clone()],
            key: lines::key_over_colours(lines),
            beside: Beside { width: beside.min(TITLE), ..Beside::default() },
            uprights: Vec::new(),
            rows: 0,
            shape: None,
        });
        let mut sheet = frame.sheet()?;
        sheet.draw(|area| {
            let at_x: Vec<i32> = across.iter().filter_map(|v| frame.pixel_x(*v)).collect();
            let at_y: Vec<i32> = up.iter().filter_map(|v| frame.pixel_y(*v)).collect();
            if at_x.len() == across.len() && at_y.len() == up.len() {
                self.draw_cells(area, &shades, &at_x, &at_y)?;
            }
            self.draw_scale(&frame, area, &shades, &title)?;
            lines::over_colours(&frame, area, lines)
        })?;
        Ok(sheet)
    }

    fn shades(&self) -> Axis {
        let usable = |v: &&f64| v.is_finite() && (self.colour.scale == Scale::Linear || **v > 0.0);
        let (low, high) = self
            .values
            .iter()
            .filter(usable)
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(*v), h.max(*v)));
        if low > high {
            return Axis::spanning(self.colour.scale, 1.0, 10.0);
        }
        match self.middle {
            Some(middle) => {
                let reach = (high - middle).abs().max((middle - low).abs()).max(f64::MIN_POSITIVE);
                Axis::spanning(self.colour.scale, middle - reach, middle + reach)
            }
            None if high > low => Axis::spanning(self.colour.scale, low, high),
            None => Axis::showing(self.colour.scale, [low].into_iter()),
        }
    }

    fn shade(&self, shades: &Axis, value: f64) -> Option<usize> {
        let position = shades.position(value)?.clamp(0.0, 1.0);
        Some(((position * SHADES as f64) as usize).min(SHADES - 1))
    }

    fn paint(&self, shade: usize) -> RGBColor {
        let stops = if self.middle.is_some() { DIVERGING } else { SEQUENTIAL };
        let along = (shade as f64 + 0.5) / SHADES as f64 * (stops.len() - 1) as f64;
        let below = (along as usize).min(stops.len() - 2);
        let share = along - below as f64;
        let (from, to) = (stops[below], stops[below + 1]);
        let mixed = |a: u8, b: u8| (f64::from(a) + share * (f64::from(b) - f64::from(a))) as u8;
        RGBColor(mixed(from.0, to.0), mixed(from.1, to.1), mixed(from.2, to.2))
    }

    fn draw_cells(
        &self,
        area: &Area<'_>,
        shades: &Axis,
        across: &[i32],
        up: &[i32],
    ) -> Result<(), Fault> {
        let wide = self.columns.len();
        for (row, height) in self.values.chunks_exact(wide).zip(up.windows(2)) {
            let painted: Vec<Option<usize>> = row.iter().map(|v| self.shade(shades, *v)).collect();
            let mut from = 0;
            for cells in painted.chunk_by(|a, b| a == b) {
                let to = from + cells.len();
                if let Some(shade) = cells[0] {
                    // One pixel of overlap, lest a seam shines through.
                    let corners = [(across[from], height[1]), (across[to] + 1, height[0] + 1)];
                    area.draw(&Rectangle::new(corners, self.paint(shade).filled()))?;
                }
                from = to;
            }
        }
        Ok(())
    }

    fn draw_scale(
        &self,
        frame: &Frame,
        area: &Area<'_>,
        shades: &Axis,
        title: &[String],
    ) -> Result<(), Fault> {
        let anchor = Pos::new(HPos::Left, VPos::Center);
        let left = frame.right + BESIDE;
        for (row, line) in title.iter().enumerate() {
            let at = (left, frame.top + LINE * row as i32 + LINE / 2);
            text(area, line, at, SMALL, FAINT.paper, anchor)?;
        }
        // A label at the upper end reaches half a line higher.
        let (top, bottom) = (frame.top + LINE * title.len() as i32 + LINE / 2, frame.bottom);
        let at = |position: f64| bottom - (position * f64::from(bottom - top)).round() as i32;
        for shade in 0..SHADES {
            let height = |i: usize| at(i as f64 / SHADES as f64);
            let corners = [(left, height(shade + 1)), (left + BAR, height(shade) + 1)];
            area.draw(&Rectangle::new(corners, self.paint(shade).filled()))?;
        }
        for tick in shades.ticks(5) {
            let (Some(position), Some(label)) = (shades.position(tick.value), tick.label) else {
                continue;
            };
            let y = at(position);
            let stroke = vec![(left + BAR, y), (left + BAR + 8, y)];
            area.draw(&PathElement::new(stroke, FAINT.paper.stroke_width(2)))?;
            text(area, &label, (left + BAR + 14, y), SMALL, FAINT.paper, anchor)?;
        }
        Ok(())
    }
}

/// The address of a picture of the map with at most so many columns and rows; none of what is no map.
pub(crate) fn address(
    [columns, rows]: [&[f64]; 2],
    values: &[f64],
    colour: &Labelled,
    middle: Option<f64>,
    most: [usize; 2],
) -> Option<String> {
    let size = [columns.len(), rows.len()];
    if size.contains(&0) || values.len() != size[0] * size[1] {
        return None;
    }
    let map = Map { columns, rows, values, colour, middle };
    let shades = map.shades();
    let kept = [size[0].min(most[0]), size[1].min(most[1])];
    let at = |place: usize, axis: usize| (2 * place + 1) * size[axis] / (2 * kept[axis]);
    // The upper row comes first.
    let coded: Vec<Vec<u8>> = (0..kept[1])
        .rev()
        .map(|row| {
            let value = |column: usize| values[at(row, 1) * size[0] + at(column, 0)];
            let code =
                |column| map.shade(&shades, value(column)).map_or(0, |shade| shade as u8 + 1);
            (0..kept[0]).map(code).collect()
        })
        .collect();
    let paint = |shade| {
        let RGBColor(r, g, b) = map.paint(shade);
        [r, g, b]
    };
    let palette: Vec<[u8; 3]> = [[0; 3]].into_iter().chain((0..SHADES).map(paint)).collect();
    Some(picture_address(kept, &coded.concat(), &palette))
}

/// The edges of cells about these positions: half way between them, as the axis sees it.
fn edges(positions: &[f64], scale: Scale) -> Vec<f64> {
    let seen: Vec<f64> = match scale {
        Scale::Linear => positions.to_vec(),
        Scale::Logarithmic => positions.iter().map(|v| v.ln()).collect(),
    };
    let n = seen.len();
    let between = seen.windows(2).map(|pair| f64::midpoint(pair[0], pair[1]));
    let first = seen[0] - (seen[1] - seen[0]) / 2.0;
    let last = seen[n - 1] + (seen[n - 1] - seen[n - 2]) / 2.0;
    let edges = [first].into_iter().chain(between).chain([last]);
    match scale {
        Scale::Linear => edges.collect(),
        Scale::Logarithmic => edges.map(f64::exp).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_meet_half_way() {
        assert_eq!(edges(&[0.0, 1.0, 3.0], Scale::Linear), [-0.5, 0.5, 2.0, 4.0]);
        let logarithmic = edges(&[1.0, 4.0], Scale::Logarithmic);
        assert!((logarithmic[1] - 2.0).abs() < 1e-12 && (logarithmic[0] - 0.5).abs() < 1e-12);
    }
}
