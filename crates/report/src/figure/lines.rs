//! Labelled lines: alone, or over a map, points, bars.

use plotters::element::{Circle, PathElement};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, RGBColor};
use theoria_verification::{Axis as Labelled, Line};

use super::Named;
use super::axis::Axis;
use super::canvas::{Area, Fault, canvas};
use super::frame::{End, FONT_SIZE, Frame, LEFT, TOP, dashed, text};
use super::labels::shortened;
use super::theme::{LINES, TEXT};

/// Lines of at most so many points show their points.
const MARKED: usize = 24;

/// Where nobody sees it any more.
pub(super) const BEYOND: i32 = 100_000;

/// A figure of lines alone.
pub(super) fn draw(x: &Labelled, y: &Labelled, lines: &[Line]) -> Result<String, String> {
    let frame = Frame::new(
        Axis::showing(x.scale, lines.iter().flat_map(|line| line.x.iter().copied())),
        Axis::showing(y.scale, lines.iter().flat_map(|line| line.y.iter().copied())),
        labels(lines),
    );
    canvas(|area| {
        frame.draw_axes(area, &x.label, &y.label)?;
        over(&frame, area, lines, &colours(lines, &[]))?;
        draw_key(area, lines, lines.iter().any(|line| !line.predicted))
    })
}

/// The key to solid (if something is measured) and dashed lines.
pub(super) fn draw_key(area: &Area<'_>, lines: &[Line], measured: bool) -> Result<(), Fault> {
    let predicted = lines.iter().any(|line| line.predicted);
    let word = |is: bool, word: &'static str| is.then_some(word);
    Frame::draw_key(area, word(measured, "measured"), word(predicted, "predicted"))
}

/// The labels of lines that are not upright, which need room at the side.
pub(super) fn labels(lines: &[Line]) -> impl Iterator<Item = &str> {
    lines.iter().filter(|line| !is_upright(line)).map(|line| line.label.as_str())
}

/// A colour for each line after those of what is `named` already; what has the same label has the same colour.
pub(super) fn colours<'a>(lines: &'a [Line], named: &[&'a str]) -> Vec<RGBColor> {
    let mut seen: Vec<&str> = named.to_vec();
    lines
        .iter()
        .map(|line| {
            let known = seen.iter().position(|label| *label == line.label);
            let place = known.unwrap_or_else(|| {
                seen.push(&line.label);
                seen.len() - 1
            });
            LINES[place % LINES.len()].paper
        })
        .collect()
}

/// What each line is, once a label, with its colour after those of what is `named` already.
pub(super) fn legend<'a>(lines: &'a [Line], named: &[&'a str]) -> Vec<Named> {
    let coloured = lines.iter().zip(colours(lines, named));
    Named::each_once(coloured.map(|(line, colour)| Named::new(&line.label, colour)))
}

/// Draws lines with their labels into a frame.
pub(super) fn over(
    frame: &Frame,
    area: &Area<'_>,
    lines: &[Line],
    colours: &[RGBColor],
) -> Result<(), Fault> {
    let mut ends: Vec<End> = Vec::new();
    let mut upright = 0;
    for (line, &colour) in lines.iter().zip(colours) {
        let Some(at) = stroke(frame, area, line, colour)? else {
            continue;
        };
        if is_upright(line) {
            label_upright(frame, area, line, at.0, upright, colour)?;
            upright += 1;
        } else if ends.iter().all(|end| end.label != line.label) {
            ends.push(End { at, label: line.label.clone(), colour });
        }
    }
    frame.draw_labels(area, &ends)
}

/// A line without its label; where it ends, if any of it can be seen.
fn stroke(
    frame: &Frame,
    area: &Area<'_>,
    line: &Line,
    colour: RGBColor,
) -> Result<Option<(i32, i32)>, Fault> {
    let pieces = pieces(frame, line);
    for piece in &pieces {
        if line.predicted {
            dashed(area, piece, colour)?;
            continue;
        }
        area.draw(&PathElement::new(piece.clone(), colour.stroke_width(5)))?;
        if line.x.len() <= MARKED {
            for &at in piece {
                area.draw(&Circle::new(at, 7, colour.filled()))?;
            }
        }
    }
    Ok(pieces.last().and_then(|piece| piece.last()).copied())
}

/// Draws lines over colours, black on white, with their labels above the axes.
pub(super) fn over_colours(frame: &Frame, area: &Area<'_>, lines: &[Line]) -> Result<(), Fault> {
    const BLACK: RGBColor = RGBColor(0x10, 0x10, 0x12);
    let mut from = LEFT;
    for line in lines {
        for piece in pieces(frame, line) {
            let halo = RGBColor(0xff, 0xff, 0xff).mix(0.7).stroke_width(8);
            area.draw(&PathElement::new(piece, halo))?;
        }
        stroke(frame, area, line, BLACK)?;
        let sample = [(from, 26), (from + 60, 26)];
        if line.predicted {
            dashed(area, &sample, TEXT.paper)?;
        } else {
            let solid = TEXT.paper.stroke_width(5);
            area.draw(&PathElement::new(sample.to_vec(), solid))?;
        }
        let left = Pos::new(HPos::Left, VPos::Center);
        let size = FONT_SIZE - 3;
        let label = shortened(&line.label);
        text(area, &label, (from + 72, 26), size, TEXT.paper, left)?;
        from = (from + 120 + 17 * label.chars().count() as i32).min(BEYOND);
    }
    Ok(())
}

/// A threshold on the horizontal axis.
fn is_upright(line: &Line) -> bool {
    line.x.len() > 1 && line.x.windows(2).all(|pair| pair[0] == pair[1])
}

/// Each on a row of its own near the top, on the side that has room.
fn label_upright(
    frame: &Frame,
    area: &Area<'_>,
    line: &Line,
    x: i32,
    row: i32,
    colour: RGBColor,
) -> Result<(), Fault> {
    let y = TOP + 22 + row.min(BEYOND / 42) * 42;
    let (at, side) = if x > frame.middle() { (x - 12, HPos::Right) } else { (x + 12, HPos::Left) };
    let anchor = Pos::new(side, VPos::Center);
    text(area, &shortened(&line.label), (at, y), FONT_SIZE - 2, colour, anchor)
}

/// The pieces of a line that lie within the axes.
fn pieces(frame: &Frame, line: &Line) -> Vec<Vec<(i32, i32)>> {
    let mut pieces = vec![Vec::new()];
    for (&x, &y) in line.x.iter().zip(&line.y) {
        match (frame.pixel_x(x), frame.pixel_y(y)) {
            (Some(x), Some(y)) if x <= frame.right => {
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
