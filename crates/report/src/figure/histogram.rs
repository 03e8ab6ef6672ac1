//! Bars of a measured density, with predicted ones over them.

use plotters::element::{PathElement, Rectangle};
use plotters::style::Color;
use theoria_verification::{Axis as Labelled, Group, Line};

use super::axis::Axis;
use super::frame::{Frame, Plan};
use super::key::{Entry, Sample};
use super::lines;
use super::sheet::Sheet;
use super::strokes::Shape;
use super::theme::LINES;

/// The bars have the first colour.
pub(super) fn bars() -> Group {
    Group::new("bars", [])
}

pub(super) fn draw(
    axes: [&Labelled; 2],
    edges: &[f64],
    density: &[f64],
    lines: &[Line],
) -> Result<Sheet, String> {
    on(&Frame::new(plan(axes, edges, density, lines)?), edges, density, lines)
}

pub(super) fn plan(
    [x, y]: [&Labelled; 2],
    edges: &[f64],
    density: &[f64],
    lines: &[Line],
) -> Result<Plan, String> {
    let [first, .., last] = edges else {
        return Err("a histogram needs at least one bar".into());
    };
    if edges.len() != density.len() + 1 {
        return Err(format!("{} bars need one more edge, not {}", density.len(), edges.len()));
    }
    let dense = density.iter().copied();
    let heights = dense.chain(lines.iter().flat_map(|line| line.y.iter().copied()));
    // A threshold beyond the bars is to be seen as well.
    let reach = lines.iter().flat_map(|line| line.x.iter().copied());
    let (low, high) =
        reach.filter(|x| x.is_finite()).fold((*first, *last), |(l, h), x| (l.min(x), h.max(x)));
    let (colour, colours) = (LINES[0].paper, lines::colours(lines, &[bars()]));
    let bars = Entry { sample: Sample::Points(Shape::Square), words: "measured".into(), colour };
    let others = lines::key(lines).into_iter().filter(|entry| entry.words != bars.words);
    let shown = [Axis::spanning(x.scale, low, high), Axis::showing(y.scale, heights)];
    let beside = lines::beside(&shown, lines);
    let [across, up] = shown;
    Ok(Plan {
        x: across,
        y: up,
        labels: [x.label.clone(), y.label.clone()],
        key: [bars.clone()].into_iter().chain(others).collect(),
        beside,
        uprights: lines::uprights(lines, &colours),
        rows: 0,
        shape: None,
    })
}

/// The bars within a frame.
pub(super) fn on(
    frame: &Frame,
    edges: &[f64],
    density: &[f64],
    lines: &[Line],
) -> Result<Sheet, String> {
    let (colour, colours) = (LINES[0].paper, lines::colours(lines, &[bars()]));
    let mut sheet = frame.sheet()?;
    sheet.draw(|area| {
        for (edge, &height) in edges.windows(2).zip(density) {
            let corners = (frame.pixel_x(edge[0]), frame.pixel_x(edge[1]), frame.pixel_y(height));
            let (Some(from), Some(to), Some(top)) = corners else {
                continue;
            };
            let bottom = frame.bottom;
            let bar = [(from, top), (to, bottom)];
            area.draw(&Rectangle::new(bar, colour.mix(0.3).filled()))?;
            let outline = vec![(from, bottom), (from, top), (to, top), (to, bottom)];
            area.draw(&PathElement::new(outline, colour.stroke_width(2)))?;
        }
        lines::over(frame, area, lines, &colours)
    })?;
    Ok(sheet)
}
