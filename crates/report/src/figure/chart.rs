//! A chart: axes, curves with their bands, labels at their ends.

use plotters::backend::SVGBackend;
use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind, IntoDrawingArea};
use plotters::element::{Circle, PathElement, Polygon, Rectangle, Text};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontTransform, RGBColor, ShapeStyle, TextStyle};
use theoria_verification::Figure;

use super::axis::Axis;
use super::curves::{Curve, Point};
use super::labels::spread;
use super::theme::{CONTROL, FAINT, FONT, GRID, LINES, TEXT};

/// The chart is drawn at twice the size that it is shown at, since positions are whole pixels.
pub(crate) const WIDTH: u32 = 1440;
pub(crate) const HEIGHT: u32 = 860;

const LEFT: i32 = 150;
const TOP: i32 = 64;
const BOTTOM: i32 = 110;
const FONT_SIZE: i32 = 34;
/// Width of a letter, a generous mean; plotters sets type smaller than it is told by 1.24.
const LETTER: f64 = 0.56 / 1.24;
/// Longest label at the end of a curve, in letters.
const LONGEST: usize = 34;
/// Curves of at most so many points show their points.
const MARKED: usize = 24;

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Fault = DrawingAreaErrorKind<std::io::Error>;

/// Draws the curves; says why if that fails.
pub(crate) fn draw(figure: &Figure, curves: &[Curve]) -> Result<String, String> {
    let mut text = String::new();
    let area = SVGBackend::with_string(&mut text, (WIDTH, HEIGHT)).into_drawing_area();
    let drawn = Chart::new(figure, curves).draw(&area, figure, curves);
    drawn
        .and_then(|()| area.present())
        .map_err(|fault| fault.to_string())?;
    drop(area);
    Ok(text)
}

struct Chart {
    x: Axis,
    y: Axis,
    right: i32,
}

impl Chart {
    fn new(figure: &Figure, curves: &[Curve]) -> Self {
        let points = || curves.iter().flat_map(|curve| &curve.points);
        // Claims set the scale; controls, which may run away, are cut at its edges, unless there is
        // nothing else to show.
        let only_controls = curves.iter().all(|curve| curve.control);
        let scaling = || {
            curves
                .iter()
                .filter(move |curve| only_controls || !curve.control)
                .flat_map(|curve| &curve.points)
        };
        let highest = scaling()
            .flat_map(|p| [p.measured, p.predicted])
            .filter(|v| v.is_finite())
            .fold(f64::NEG_INFINITY, f64::max);
        let controls = points()
            .map(|p| p.measured)
            .filter(|v| v.is_finite())
            .map(|v| v.min(1e3 * highest.abs()));
        let resolved = |p: &Point| p.measured.abs() > p.uncertainty;
        // A prediction far below what was measured is drawn down to the lowest measurement only.
        let lowest = scaling()
            .filter(|p| resolved(p))
            .map(|p| p.measured)
            .filter(|v| *v > 0.0)
            .fold(f64::INFINITY, f64::min);
        let predicted = scaling()
            .map(|p| p.predicted)
            .filter(|v| *v >= lowest / 100.0 || *v <= 0.0);
        let longest = curves
            .iter()
            .map(|curve| shortened(&curve.label).chars().count())
            .max()
            .unwrap_or(0);
        let label_width = (longest as f64 * LETTER * f64::from(FONT_SIZE)) as i32;
        Chart {
            x: Axis::showing(figure.x.scale, points().map(|p| p.x)),
            y: Axis::showing(
                figure.y.scale,
                scaling()
                    .filter(|p| resolved(p))
                    .map(|p| p.measured)
                    .chain(predicted)
                    .chain(controls),
            ),
            right: WIDTH as i32 - label_width - 40,
        }
    }

    fn draw(&self, area: &Area<'_>, figure: &Figure, curves: &[Curve]) -> Result<(), Fault> {
        self.draw_axes(area, figure)?;
        let mut ends = Vec::new();
        let mut free = 0;
        for curve in curves {
            let colour = if curve.control {
                CONTROL.paper
            } else {
                free += 1;
                LINES[(free - 1) % LINES.len()].paper
            };
            if let Some(end) = self.draw_curve(area, curve, colour)? {
                ends.push((end, shortened(&curve.label), colour));
            }
        }
        let heights: Vec<f64> = ends.iter().map(|((_, y), ..)| f64::from(*y)).collect();
        let gap = 1.15 * f64::from(FONT_SIZE);
        let placed = spread(&heights, gap, f64::from(TOP), f64::from(self.bottom()));
        for (((x, y), label, colour), height) in ends.iter().zip(placed) {
            let height = height.round() as i32;
            let at = self.right + 24;
            let leader = [(*x + 4, *y), (at - 6, height)];
            area.draw(&PathElement::new(
                leader.to_vec(),
                colour.mix(0.45).stroke_width(2),
            ))?;
            text(
                area,
                label,
                (at, height),
                FONT_SIZE,
                *colour,
                Pos::new(HPos::Left, VPos::Center),
            )?;
        }
        draw_key(area, figure)
    }

    fn bottom(&self) -> i32 {
        HEIGHT as i32 - BOTTOM
    }

    fn pixel_x(&self, value: f64) -> Option<i32> {
        let position = self.x.position(value)?;
        Some(LEFT + (position * f64::from(self.right - LEFT)).round() as i32)
    }

    /// None beyond the edges.
    fn pixel_y(&self, value: f64) -> Option<i32> {
        let position = self.y.position(value)?;
        let height = f64::from(self.bottom() - TOP);
        (-1e-9..=1.0 + 1e-9)
            .contains(&position)
            .then(|| self.bottom() - (position * height).round() as i32)
    }

    fn draw_axes(&self, area: &Area<'_>, figure: &Figure) -> Result<(), Fault> {
        let grid = ShapeStyle::from(GRID.paper).stroke_width(2);
        let small = FONT_SIZE - 2;
        for tick in self.y.ticks(7) {
            let Some(y) = self.pixel_y(tick.value) else {
                continue;
            };
            let from = if tick.label.is_some() { LEFT } else { LEFT - 8 };
            let to = if tick.label.is_some() {
                self.right
            } else {
                LEFT
            };
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
                text(
                    area,
                    &label,
                    (x, self.bottom() + 18),
                    small,
                    FAINT.paper,
                    anchor,
                )?;
            }
        }
        let base = vec![(LEFT, self.bottom()), (self.right, self.bottom())];
        area.draw(&PathElement::new(
            base,
            ShapeStyle::from(FAINT.paper).stroke_width(2),
        ))?;
        let middle = (f64::midpoint(f64::from(LEFT), f64::from(self.right))) as i32;
        let below = Pos::new(HPos::Center, VPos::Bottom);
        let at = (middle, HEIGHT as i32 - 8);
        text(area, &figure.x.label, at, FONT_SIZE, TEXT.paper, below)?;
        let style = TextStyle::from((FONT, FONT_SIZE))
            .transform(FontTransform::Rotate270)
            .color(&TEXT.paper)
            .pos(Pos::new(HPos::Center, VPos::Top));
        let height = i32::midpoint(TOP, self.bottom());
        let label = if figure.ratio {
            format!("{} / bound", figure.y.label)
        } else {
            figure.y.label.clone()
        };
        area.draw(&Text::new(label, (10, height), style))
    }

    /// Prediction dashed, measurement solid with its band; returns where the label belongs.
    fn draw_curve(
        &self,
        area: &Area<'_>,
        curve: &Curve,
        colour: RGBColor,
    ) -> Result<Option<(i32, i32)>, Fault> {
        let predicted = self.path(curve, |p| p.predicted);
        for piece in &predicted {
            for dash in dashes(piece, 16.0, 12.0) {
                area.draw(&PathElement::new(dash, colour.mix(0.8).stroke_width(3)))?;
            }
            if let [only] = piece[..] {
                let bar = vec![(only.0 - 14, only.1), (only.0 + 14, only.1)];
                area.draw(&PathElement::new(bar, colour.stroke_width(3)))?;
            }
        }
        self.draw_band(area, curve, colour)?;
        let measured = self.path(curve, |p| p.measured);
        for piece in &measured {
            area.draw(&PathElement::new(piece.clone(), colour.stroke_width(5)))?;
            if curve.points.len() <= MARKED {
                for &(x, y) in piece {
                    if curve.control {
                        let corners = [(x - 6, y - 6), (x + 6, y + 6)];
                        area.draw(&Rectangle::new(corners, colour.filled()))?;
                    } else {
                        area.draw(&Circle::new((x, y), 7, colour.filled()))?;
                    }
                }
            }
        }
        let end = measured.last().and_then(|piece| piece.last()).copied();
        Ok(end.or_else(|| predicted.last()?.last().copied()))
    }

    fn draw_band(&self, area: &Area<'_>, curve: &Curve, colour: RGBColor) -> Result<(), Fault> {
        let edge = |sign: f64| -> Vec<(i32, i32)> {
            curve
                .points
                .iter()
                .filter(|p| p.measured.is_finite() && p.measured.abs() > p.uncertainty)
                .filter_map(|p| {
                    let value = p.measured + sign * p.uncertainty;
                    Some((self.pixel_x(p.x)?, self.pixel_y(value)?))
                })
                .collect()
        };
        let (upper, lower) = (edge(1.0), edge(-1.0));
        let visible = upper.iter().zip(&lower).any(|(u, l)| (u.1 - l.1).abs() > 4);
        if !visible {
            return Ok(());
        }
        let outline: Vec<(i32, i32)> = upper.into_iter().chain(lower.into_iter().rev()).collect();
        area.draw(&Polygon::new(outline, colour.mix(0.18)))
    }

    /// The pieces of a curve that lie within the axes.
    fn path(&self, curve: &Curve, value: impl Fn(&Point) -> f64) -> Vec<Vec<(i32, i32)>> {
        let mut pieces = vec![Vec::new()];
        for point in &curve.points {
            match (self.pixel_x(point.x), self.pixel_y(value(point))) {
                (Some(x), Some(y)) => {
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
}

fn draw_key(area: &Area<'_>, figure: &Figure) -> Result<(), Fault> {
    let size = FONT_SIZE - 3;
    let colour = FAINT.paper;
    let left = Pos::new(HPos::Left, VPos::Center);
    let line = |from: i32| vec![(from, 26), (from + 60, 26)];
    area.draw(&PathElement::new(line(LEFT), colour.stroke_width(5)))?;
    text(area, "measured", (LEFT + 72, 26), size, colour, left)?;
    for dash in dashes(&line(LEFT + 240), 16.0, 12.0) {
        area.draw(&PathElement::new(dash, colour.stroke_width(3)))?;
    }
    let name = if figure.ratio { "bound" } else { "predicted" };
    text(area, name, (LEFT + 312, 26), size, colour, left)
}

fn text(
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

fn shortened(label: &str) -> String {
    if label.chars().count() <= LONGEST {
        return label.into();
    }
    label.chars().take(LONGEST - 1).chain(['…']).collect()
}

/// A polyline cut into dashes of length `on`, with gaps of length `off`, in pixels.
fn dashes(path: &[(i32, i32)], on: f64, off: f64) -> Vec<Vec<(i32, i32)>> {
    let mut pieces = Vec::new();
    let mut current: Vec<(i32, i32)> = Vec::new();
    let mut travelled = 0.0;
    for pair in path.windows(2) {
        let (start, end) = (pair[0], pair[1]);
        let (dx, dy) = (f64::from(end.0 - start.0), f64::from(end.1 - start.1));
        let length = dx.hypot(dy);
        let mut done = 0.0;
        while done < length {
            let phase = travelled % (on + off);
            let inside = phase < on;
            let left = if inside { on - phase } else { on + off - phase };
            // Never less than a bit of a pixel, so that rounding cannot stop the walk.
            let step = left.max(1e-3).min(length - done).max(1e-6);
            let at = |s: f64| {
                let share = s / length;
                let x = f64::from(start.0) + dx * share;
                let y = f64::from(start.1) + dy * share;
                (x.round() as i32, y.round() as i32)
            };
            if inside {
                if current.is_empty() {
                    current.push(at(done));
                }
                current.push(at(done + step));
            } else if !current.is_empty() {
                pieces.push(std::mem::take(&mut current));
            }
            done += step;
            travelled += step;
        }
    }
    if !current.is_empty() {
        pieces.push(current);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn dashes_cover_their_share_of_the_path(
            path in prop::collection::vec((0..1000i32, 0..1000i32), 2..20),
        ) {
            let length = |path: &[(i32, i32)]| -> f64 {
                path.windows(2)
                    .map(|p| f64::from(p[1].0 - p[0].0).hypot(f64::from(p[1].1 - p[0].1)))
                    .sum()
            };
            let whole = length(&path);
            prop_assume!(whole > 300.0);
            let drawn: f64 = dashes(&path, 16.0, 12.0).iter().map(|dash| length(dash)).sum();
            prop_assert!((drawn / whole - 16.0 / 28.0).abs() < 0.15, "{drawn} of {whole}");
        }
    }
}
