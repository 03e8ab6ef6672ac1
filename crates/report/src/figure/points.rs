//! Clouds of points in groups, told apart by colour and by mark.

use plotters::style::RGBColor;
use theoria_verification::{Axis as Labelled, Group, Line};

use super::axis::Axis;
use super::frame::{Frame, Plan};
use super::key::{Entry, Sample};
use super::lines;
use super::sheet::Sheet;
use super::strokes::{SHAPES, Shape};
use super::theme::LINES;

pub(super) fn draw(
    axes: [&Labelled; 2],
    groups: &[Group],
    lines: &[Line],
) -> Result<Sheet, String> {
    on(&Frame::new(plan(axes, groups, lines)), groups, lines)
}

fn shape(place: usize) -> Shape {
    SHAPES[place % SHAPES.len()]
}

pub(super) fn plan([x, y]: [&Labelled; 2], groups: &[Group], lines: &[Line]) -> Plan {
    let along = |of: fn(&Group) -> &Vec<f64>, and: fn(&Line) -> &Vec<f64>| {
        let of_groups = groups.iter().flat_map(of);
        of_groups.chain(lines.iter().flat_map(and)).copied().collect::<Vec<f64>>()
    };
    let colours = lines::colours(lines, groups);
    let of_groups = groups.iter().enumerate().map(|(place, group)| Entry {
        sample: Sample::Points(shape(place)),
        words: group.label.clone(),
        colour: colour(place),
    });
    // Where nothing is predicted there is nothing to tell lines from.
    let tell = lines.iter().any(|line| line.predicted);
    let of_lines = lines::key(lines).into_iter().filter(|_| tell);
    let shown = [
        Axis::showing(x.scale, along(|g| &g.x, |l| &l.x).into_iter()),
        Axis::showing(y.scale, along(|g| &g.y, |l| &l.y).into_iter()),
    ];
    let beside = lines::beside(&shown, lines);
    let [across, up] = shown;
    Plan {
        x: across,
        y: up,
        labels: [x.label.clone(), y.label.clone()],
        key: of_groups.chain(of_lines).collect(),
        beside,
        uprights: lines::uprights(lines, &colours),
        rows: 0,
        shape: None,
    }
}

/// The points within a frame.
pub(super) fn on(frame: &Frame, groups: &[Group], lines: &[Line]) -> Result<Sheet, String> {
    let colours = lines::colours(lines, groups);
    let mut sheet = frame.sheet()?;
    sheet.draw(|area| {
        lines::over(frame, area, lines, &colours)?;
        for (place, group) in groups.iter().enumerate() {
            for (&x, &y) in group.x.iter().zip(&group.y) {
                if let (Some(x), Some(y)) = (frame.pixel_x(x), frame.pixel_y(y)) {
                    shape(place).draw(area, (x, y), colour(place), 0.75)?;
                }
            }
        }
        Ok(())
    })?;
    Ok(sheet)
}

/// The colour of a group.
pub(super) fn colour(place: usize) -> RGBColor {
    LINES[place % LINES.len()].paper
}
