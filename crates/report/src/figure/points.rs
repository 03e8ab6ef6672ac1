//! Clouds of points in groups, told apart by colour and by mark.

use plotters::element::{Circle, PathElement, Polygon, Rectangle};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, RGBColor};
use theoria_verification::{Axis as Labelled, Group, Line};

use super::axis::Axis;
use super::canvas::{Area, Fault, canvas};
use super::frame::{FONT_SIZE, Frame, LEFT, LETTER, text};
use super::labels::shortened;
use super::lines;
use super::theme::LINES;

/// Above the axes, where the groups are named.
const KEY: i32 = 26;

pub(super) fn draw(
    x: &Labelled,
    y: &Labelled,
    groups: &[Group],
    lines: &[Line],
) -> Result<String, String> {
    let along = |of: fn(&Group) -> &Vec<f64>, and: fn(&Line) -> &Vec<f64>| {
        let of_groups = groups.iter().flat_map(of);
        of_groups.chain(lines.iter().flat_map(and)).copied().collect::<Vec<f64>>()
    };
    let frame = Frame::new(
        Axis::showing(x.scale, along(|g| &g.x, |l| &l.x).into_iter()),
        Axis::showing(y.scale, along(|g| &g.y, |l| &l.y).into_iter()),
        lines::labels(lines),
    );
    canvas(|area| {
        frame.draw_axes(area, &x.label, &y.label)?;
        let mut from = LEFT;
        for (i, group) in groups.iter().enumerate() {
            let colour = LINES[i % LINES.len()].paper;
            for (&x, &y) in group.x.iter().zip(&group.y) {
                if let (Some(x), Some(y)) = (frame.pixel_x(x), frame.pixel_y(y)) {
                    mark(area, i, (x, y), colour)?;
                }
            }
            mark(area, i, (from + 8, KEY), colour)?;
            let left = Pos::new(HPos::Left, VPos::Center);
            let label = shortened(&group.label);
            text(area, &label, (from + 26, KEY), FONT_SIZE - 3, colour, left)?;
            let width = LETTER * f64::from(FONT_SIZE) * label.chars().count() as f64;
            from = (from + 60 + width as i32).min(lines::BEYOND);
        }
        let named: Vec<&str> = groups.iter().map(|group| group.label.as_str()).collect();
        lines::over(&frame, area, lines, &lines::colours(lines, &named))
    })
}

fn mark(area: &Area<'_>, group: usize, (x, y): (i32, i32), colour: RGBColor) -> Result<(), Fault> {
    let style = colour.mix(0.75).filled();
    match group % 4 {
        0 => area.draw(&Circle::new((x, y), 6, style)),
        1 => area.draw(&Rectangle::new([(x - 5, y - 5), (x + 5, y + 5)], style)),
        2 => area.draw(&Polygon::new(vec![(x, y - 8), (x + 7, y + 5), (x - 7, y + 5)], style)),
        _ => [[(x - 6, y - 6), (x + 6, y + 6)], [(x - 6, y + 6), (x + 6, y - 6)]]
            .into_iter()
            .try_for_each(|stroke| {
                area.draw(&PathElement::new(stroke.to_vec(), colour.stroke_width(3)))
            }),
    }
}
