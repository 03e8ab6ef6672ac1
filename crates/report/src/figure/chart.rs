//! A chart: curves, measured as points and predicted as lines, with their bands.

use plotters::element::{PathElement, Polygon};
use plotters::style::{Color, RGBColor};
use theoria_verification::Scale;
use theoria_verification::evidence::FigureOfClaims;

use super::Named;
use super::axis::Axis;
use super::beside::{Beside, End};
use super::curves::{Curve, Point};
use super::frame::{Frame, Plan};
use super::key::{Entry, Sample};
use super::sheet::{Area, Fault, Sheet};
use super::strokes::{Prediction, Shape, sparse};
use super::theme::{CONTROLS, FAINT, LINES};

/// Draws the curves; says why if that fails.
pub(crate) fn draw(figure: &FigureOfClaims, curves: &[Curve]) -> Result<Sheet, String> {
    on(&Frame::new(plan(figure, curves)), curves)
}

/// The curves within a frame.
pub(super) fn on(frame: &Frame, curves: &[Curve]) -> Result<Sheet, String> {
    let mut sheet = frame.sheet()?;
    sheet.draw(|area| draw_curves(frame, area, curves))?;
    Ok(sheet)
}

pub(super) fn plan(figure: &FigureOfClaims, curves: &[Curve]) -> Plan {
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
    let measured = || scaling().filter(|p| resolved(p)).map(|p| p.measured);
    let lowest =
        without_stragglers(measured().chain(controls.clone()).filter(|v| *v > 0.0).collect());
    let logarithmic = figure.y.scale == Scale::Logarithmic;
    let shown = |v: &f64| !logarithmic || *v >= lowest;
    // A prediction far below what was measured is drawn down to the lowest measurement only.
    let predicted = scaling().map(|p| p.predicted).filter(|v| *v >= lowest / 100.0 || *v <= 0.0);
    Plan {
        x: Axis::showing(figure.x.scale, points().map(|p| p.x)),
        y: Axis::showing(figure.y.scale, measured().chain(controls).filter(shown).chain(predicted)),
        labels: [figure.x.label.clone(), y_label(figure)],
        key: key(curves),
        beside: Beside::labels(curves.iter().map(|curve| curve.label.as_str())),
        uprights: Vec::new(),
        rows: 0,
        shape: None,
    }
}

/// So many decades below all others a few values do not stretch the axis: a step that came to rest by chance.
const FAR: f64 = 6.0;

/// The least of these values, but for a few that lie far below all the others.
fn without_stragglers(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let few = values.len() / 20;
    let far = |pair: &[f64]| (pair[1] / pair[0]).log10() > FAR;
    let below = values.windows(2).take(few).rposition(far);
    values.get(below.map_or(0, |last| last + 1)).copied().unwrap_or(f64::INFINITY)
}

fn y_label(figure: &FigureOfClaims) -> String {
    let told = figure.y.label.ends_with("/ bound");
    if figure.ratio && !told {
        format!("{} / bound", figure.y.label)
    } else {
        figure.y.label.clone()
    }
}

/// What is measured, of claims and of controls, and what is predicted of it.
fn key(curves: &[Curve]) -> Vec<Entry> {
    let entry = |sample, words: &str| Entry { sample, words: words.into(), colour: FAINT.paper };
    let mut entries = Vec::new();
    if curves.iter().any(|curve| !curve.control) {
        entries.push(entry(Sample::Joined(Shape::Disc), "measured"));
    }
    if curves.iter().any(|curve| curve.control) {
        entries.push(entry(Sample::Joined(Shape::Cross), "measured, of a false control"));
    }
    let mut predictions: Vec<Prediction> = curves.iter().map(|curve| curve.prediction).collect();
    predictions.sort_unstable();
    predictions.dedup();
    entries.extend(predictions.into_iter().map(|it| entry(Sample::Predicted(it), it.words())));
    entries
}

/// What each curve is, with its colour.
pub(super) fn legend(curves: &[Curve]) -> Vec<Named> {
    let named = curves.iter().zip(colours(curves));
    Named::each_once(named.map(|(curve, colour)| Named::new(&curve.label, colour)))
}

/// Controls have muted colours.
fn colours(curves: &[Curve]) -> Vec<RGBColor> {
    let inks = |curve: &Curve| if curve.control { &CONTROLS[..] } else { &LINES[..] };
    curves.iter().map(|curve| inks(curve)[curve.place % inks(curve).len()].paper).collect()
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

/// Measurement as points with their band, prediction as a line over them; returns where the label belongs.
fn draw_curve(
    frame: &Frame,
    area: &Area<'_>,
    curve: &Curve,
    colour: RGBColor,
) -> Result<Option<(i32, i32)>, Fault> {
    draw_band(frame, area, curve, colour)?;
    let measured = path(frame, curve, |p| p.measured);
    let shape = if curve.control { Shape::Cross } else { Shape::Disc };
    for piece in measured.iter().filter(|piece| piece.len() > 1) {
        area.draw(&PathElement::new(piece.clone(), colour.mix(0.4).stroke_width(2)))?;
    }
    let predicted = path(frame, curve, |p| p.predicted);
    // What is not claimed is there to be compared with.
    let shade = colour.mix(if curve.claimed { 1.0 } else { 0.4 });
    for piece in &predicted {
        curve.prediction.line(area, piece, shade)?;
        if let [(x, y)] = piece[..] {
            let bar = [(x - 20, y), (x + 20, y)];
            curve.prediction.line(area, &bar, shade)?;
        }
    }
    for piece in &measured {
        sparse(piece).into_iter().try_for_each(|at| shape.draw(area, at, colour, 1.0))?;
    }
    mark_what_leaves(frame, area, curve, colour)?;
    let end = measured.last().and_then(|piece| piece.last()).copied();
    Ok(end.or_else(|| predicted.last()?.last().copied()))
}

/// A mark where a measurement first leaves the axes, below or above.
fn mark_what_leaves(
    frame: &Frame,
    area: &Area<'_>,
    curve: &Curve,
    colour: RGBColor,
) -> Result<(), Fault> {
    let (low, high) = frame.range_y();
    let below = |point: &Point| point.measured > point.uncertainty && point.measured < low;
    let above = |point: &Point| point.measured > high;
    let mark = |x: i32, tip: i32, inwards: i32| {
        let base = tip + inwards;
        area.draw(&Polygon::new(vec![(x, tip), (x - 8, base), (x + 8, base)], colour.filled()))
    };
    for (place, point) in curve.points.iter().enumerate() {
        let before = place.checked_sub(1).map(|before| &curve.points[before]);
        let Some(x) = frame.pixel_x(point.x) else { continue };
        if below(point) && !before.is_some_and(below) {
            mark(x, frame.bottom - 3, -12)?;
        }
        if above(point) && !before.is_some_and(above) {
            mark(x, frame.top + 3, 12)?;
        }
    }
    Ok(())
}

fn draw_band(frame: &Frame, area: &Area<'_>, curve: &Curve, colour: RGBColor) -> Result<(), Fault> {
    let edge = |sign: f64| -> Vec<(i32, i32)> {
        curve
            .points
            .iter()
            .filter(|p| p.measured.is_finite() && p.measured.abs() > p.uncertainty)
            .filter_map(|p| {
                // Where the band goes on beyond the axes, it ends with them.
                let (low, high) = frame.range_y();
                let value = (p.measured + sign * p.uncertainty).max(low).min(high);
                let x = frame.pixel_x(p.x)?;
                frame.pixel_y(p.measured)?;
                Some((x, frame.pixel_y(value)?))
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
    frame.pieces(curve.points.iter().map(|point| (point.x, value(point))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_values_far_below_do_not_stretch_the_axis() {
        let mut values: Vec<f64> = (1..40).map(f64::from).collect();
        assert_eq!(without_stragglers(values.clone()), 1.0);
        values.push(1e-13);
        assert_eq!(without_stragglers(values.clone()), 1.0);
        values.extend([1e-14; 4]);
        assert_eq!(without_stragglers(values), 1e-14);
        assert_eq!(without_stragglers(Vec::new()), f64::INFINITY);
    }
}
