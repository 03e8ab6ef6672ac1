//! A chart: curves with their bands and predictions.

use plotters::element::{Circle, PathElement, Polygon, Rectangle};
use plotters::style::{Color, RGBColor};
use theoria_verification::evidence::FigureOfClaims;

use super::Named;
use super::axis::Axis;
use super::canvas::{Area, Fault, canvas};
use super::curves::{Curve, Point};
use super::frame::{End, Frame, dashed};
use super::theme::{CONTROL, LINES};

/// Curves of at most so many points show their points.
const MARKED: usize = 24;

/// Draws the curves; says why if that fails.
pub(crate) fn draw(figure: &FigureOfClaims, curves: &[Curve]) -> Result<String, String> {
    let frame = frame(figure, curves);
    canvas(|area| {
        let y_label = if figure.ratio {
            format!("{} / bound", figure.y.label)
        } else {
            figure.y.label.clone()
        };
        frame.draw_axes(area, &figure.x.label, &y_label)?;
        draw_curves(&frame, area, curves)?;
        let predicted = if figure.ratio { "bound" } else { "predicted" };
        Frame::draw_key(area, Some("measured"), Some(predicted))
    })
}

fn frame(figure: &FigureOfClaims, curves: &[Curve]) -> Frame {
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
    let controls =
        points().map(|p| p.measured).filter(|v| v.is_finite()).map(|v| v.min(1e3 * highest.abs()));
    let resolved = |p: &Point| p.measured.abs() > p.uncertainty;
    // A prediction far below what was measured is drawn down to the lowest measurement only.
    let lowest = scaling()
        .filter(|p| resolved(p))
        .map(|p| p.measured)
        .filter(|v| *v > 0.0)
        .fold(f64::INFINITY, f64::min);
    let predicted = scaling().map(|p| p.predicted).filter(|v| *v >= lowest / 100.0 || *v <= 0.0);
    Frame::new(
        Axis::showing(figure.x.scale, points().map(|p| p.x)),
        Axis::showing(
            figure.y.scale,
            scaling().filter(|p| resolved(p)).map(|p| p.measured).chain(predicted).chain(controls),
        ),
        curves.iter().map(|curve| curve.label.as_str()),
    )
}

/// What each curve is, with its colour.
pub(super) fn legend(curves: &[Curve]) -> Vec<Named> {
    let named = curves.iter().zip(colours(curves));
    Named::each_once(named.map(|(curve, colour)| Named::new(&curve.label, colour)))
}

/// Controls share a colour; claims have their own.
fn colours(curves: &[Curve]) -> Vec<RGBColor> {
    let mut free = 0;
    let colour = |curve: &Curve| {
        if curve.control {
            return CONTROL.paper;
        }
        free += 1;
        LINES[(free - 1) % LINES.len()].paper
    };
    curves.iter().map(colour).collect()
}

fn draw_curves(frame: &Frame, area: &Area<'_>, curves: &[Curve]) -> Result<(), Fault> {
    let mut ends = Vec::new();
    for (curve, colour) in curves.iter().zip(colours(curves)) {
        if let Some(at) = draw_curve(frame, area, curve, colour)? {
            ends.push(End { at, label: curve.label.clone(), colour });
        }
    }
    frame.draw_labels(area, &ends)
}

/// Prediction dashed, measurement solid with its band; returns where the label belongs.
fn draw_curve(
    frame: &Frame,
    area: &Area<'_>,
    curve: &Curve,
    colour: RGBColor,
) -> Result<Option<(i32, i32)>, Fault> {
    let predicted = path(frame, curve, |p| p.predicted);
    for piece in &predicted {
        dashed(area, piece, colour.mix(0.8))?;
        if let [only] = piece[..] {
            let bar = vec![(only.0 - 14, only.1), (only.0 + 14, only.1)];
            area.draw(&PathElement::new(bar, colour.stroke_width(3)))?;
        }
    }
    draw_band(frame, area, curve, colour)?;
    let measured = path(frame, curve, |p| p.measured);
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

fn draw_band(frame: &Frame, area: &Area<'_>, curve: &Curve, colour: RGBColor) -> Result<(), Fault> {
    let edge = |sign: f64| -> Vec<(i32, i32)> {
        curve
            .points
            .iter()
            .filter(|p| p.measured.is_finite() && p.measured.abs() > p.uncertainty)
            .filter_map(|p| {
                let value = p.measured + sign * p.uncertainty;
                Some((frame.pixel_x(p.x)?, frame.pixel_y(value)?))
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
fn path(frame: &Frame, curve: &Curve, value: impl Fn(&Point) -> f64) -> Vec<Vec<(i32, i32)>> {
    let mut pieces = vec![Vec::new()];
    for point in &curve.points {
        match (frame.pixel_x(point.x), frame.pixel_y(value(point))) {
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
