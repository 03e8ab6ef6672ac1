//! Labelled lines: alone, or over a map, points, bars.

use plotters::element::PathElement;
use plotters::style::{Color, RGBColor};
use theoria_verification::{Axis as Labelled, Group, Line};

use super::Named;
use super::axis::Axis;
use super::beside::{Beside, End, Side};
use super::frame::{Frame, Plan};
use super::key::{Entry, Sample};
use super::sheet::{Area, Fault, Sheet};
use super::strokes::{PATTERNS, Prediction, Shape, patterned, sparse};
use super::theme::{FAINT, LINES, TEXT};

/// Lines of at most so many points show their points.
const MARKED: usize = 48;

/// A figure of lines alone.
pub(super) fn draw(axes: [&Labelled; 2], lines: &[Line]) -> Result<Sheet, String> {
    on(&Frame::new(plan(axes, lines)), lines)
}

pub(super) fn plan([x, y]: [&Labelled; 2], lines: &[Line]) -> Plan {
    let colours = colours(lines, &[]);
    let shown = [
        Axis::showing(x.scale, lines.iter().flat_map(|line| line.x.iter().copied())),
        Axis::showing(y.scale, lines.iter().flat_map(|line| line.y.iter().copied())),
    ];
    let beside = beside(&shown, lines);
    let [across, up] = shown;
    Plan {
        x: across,
        y: up,
        labels: [x.label.clone(), y.label.clone()],
        key: key(lines),
        beside,
        uprights: uprights(lines, &colours),
        rows: 0,
        shape: None,
    }
}

/// The lines within a frame.
pub(super) fn on(frame: &Frame, lines: &[Line]) -> Result<Sheet, String> {
    let mut sheet = frame.sheet()?;
    sheet.draw(|area| over(frame, area, lines, &colours(lines, &[])))?;
    Ok(sheet)
}

/// The key to lines that are measured, with and without points, and predicted.
pub(super) fn key(lines: &[Line]) -> Vec<Entry> {
    let entry = |sample, words: &str| Entry { sample, words: words.into(), colour: FAINT.paper };
    let mut entries = Vec::new();
    let measured = || lines.iter().filter(|line| !line.predicted);
    if measured().any(is_marked) {
        entries.push(entry(Sample::Joined(Shape::Disc), "measured"));
    } else if measured().next().is_some() {
        entries.push(entry(Sample::Solid, "measured"));
    }
    let predicted = lines.iter().filter(|line| line.predicted);
    let mut predictions: Vec<Prediction> =
        predicted.map(|line| Prediction::of_label(&line.label)).collect();
    predictions.sort_unstable();
    predictions.dedup();
    entries.extend(predictions.into_iter().map(|it| entry(Sample::Predicted(it), it.words())));
    entries
}

fn is_marked(line: &Line) -> bool {
    line.x.len() <= MARKED
}

/// Room for the labels of lines that are not upright: at their right ends, or, where all of these meet, at the left ones.
pub(super) fn beside(axes: &[Axis; 2], lines: &[Line]) -> Beside {
    let labels = lines.iter().filter(|line| !is_upright(line)).map(|line| line.label.as_str());
    let side = if meet_on_the_right(axes, lines) { Side::Left } else { Side::Right };
    Beside { side, ..Beside::labels(labels) }
}

/// Whether the right ends of three lines or more are one point for the eye, and the left ends are not.
fn meet_on_the_right([x, y]: &[Axis; 2], lines: &[Line]) -> bool {
    const SAME: f64 = 0.02;
    const APART: f64 = 0.2;
    let place = |line: &Line, at: usize| Some([x.position(line.x[at])?, y.position(line.y[at])?]);
    let told = lines.iter().filter(|line| !is_upright(line) && !line.label.trim().is_empty());
    let ends: Vec<[[f64; 2]; 2]> = told
        .filter(|line| !line.x.is_empty() && line.x.len() == line.y.len())
        .filter_map(|line| Some([place(line, 0)?, place(line, line.x.len() - 1)?]))
        .collect();
    let reach = |end: usize, axis: usize| {
        let places = ends.iter().map(|ends| ends[end][axis]);
        let (low, high) =
            places.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
        high - low
    };
    ends.len() > 2
        && ends.iter().all(|[left, right]| left[0] < right[0])
        && [(0, 0), (1, 0), (1, 1)].into_iter().all(|(end, axis)| reach(end, axis) < SAME)
        && reach(0, 1) > APART
}

/// The labels of lines that are upright, which stand above them.
pub(super) fn uprights(lines: &[Line], colours: &[RGBColor]) -> Vec<(f64, String, RGBColor)> {
    let upright = lines.iter().zip(colours).filter(|(line, _)| is_upright(line));
    upright.map(|(line, colour)| (line.x[0], line.label.clone(), *colour)).collect()
}

/// A colour for each line after those of groups. What has the same label has the same colour, and what is predicted that of
/// what it speaks of.
pub(super) fn colours(lines: &[Line], groups: &[Group]) -> Vec<RGBColor> {
    let mut seen: Vec<&str> = groups.iter().map(|group| group.label.as_str()).collect();
    let measured: Vec<&str> =
        lines.iter().filter(|line| !line.predicted).map(|line| line.label.as_str()).collect();
    for label in measured {
        if !seen.contains(&label) {
            seen.push(label);
        }
    }
    let subjects = seen.clone();
    let pair = is_a_pair(lines, groups);
    lines
        .iter()
        .map(|line| {
            let known = seen.iter().position(|label| *label == line.label);
            let place = known.or_else(|| subject(line, &subjects));
            let paired = (pair && line.predicted && !is_upright(line)).then_some(0);
            let place = place.or(paired).unwrap_or_else(|| {
                seen.push(&line.label);
                seen.len() - 1
            });
            LINES[place % LINES.len()].paper
        })
        .collect()
}

/// The label that the label of a prediction names, or else the first that it shares a part with: `exact, s = 1` speaks of
/// `s = 1`, and of `gradient descent, s = 1`.
fn subject(line: &Line, labels: &[&str]) -> Option<usize> {
    if !line.predicted {
        return None;
    }
    let ends = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() && c != '.');
    let names = |label: &str| {
        line.label.match_indices(label).any(|(at, _)| {
            let (before, after) = (&line.label[..at], &line.label[at + label.len()..]);
            ends(before.chars().next_back()) && ends(after.chars().next())
        })
    };
    let parts = |label: &str| -> Vec<String> {
        label.split([',', ':']).map(|part| part.trim().to_owned()).collect()
    };
    let of_line = parts(&line.label);
    let shares = |label: &str| {
        parts(label).iter().any(|part| part.chars().count() > 1 && of_line.contains(part))
    };
    (0..labels.len())
        .filter(|place| labels[*place].chars().count() > 1 && names(labels[*place]))
        .max_by_key(|place| labels[*place].len())
        .or_else(|| labels.iter().position(|label| shares(label)))
}

/// Whether the only prediction is a function over the same places as the only measurement.
fn is_a_pair(lines: &[Line], groups: &[Group]) -> bool {
    let extent = |x: &[f64]| {
        let finite = x.iter().filter(|x| x.is_finite());
        finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), x| (l.min(*x), h.max(*x)))
    };
    let measured: Vec<&[f64]> = lines
        .iter()
        .filter(|line| !line.predicted)
        .map(|line| &line.x[..])
        .chain(groups.iter().map(|group| &group.x[..]))
        .collect();
    let predicted: Vec<&[f64]> = lines
        .iter()
        .filter(|line| line.predicted && !is_upright(line))
        .map(|line| &line.x[..])
        .collect();
    let ([one], [other]) = (&measured[..], &predicted[..]) else {
        return false;
    };
    if !other.is_sorted() {
        return false;
    }
    let ((l, h), (low, high)) = (extent(one), extent(other));
    let near = 0.05 * (high - low);
    (l - low).abs() <= near && (h - high).abs() <= near
}

/// What each line is, once a label, with its colour after those of groups.
pub(super) fn legend(lines: &[Line], groups: &[Group]) -> Vec<Named> {
    let coloured = lines.iter().zip(colours(lines, groups));
    Named::each_once(coloured.map(|(line, colour)| Named::new(&line.label, colour)))
}

/// Draws lines with their labels into a frame: what is predicted over what is measured.
pub(super) fn over(
    frame: &Frame,
    area: &Area<'_>,
    lines: &[Line],
    colours: &[RGBColor],
) -> Result<(), Fault> {
    let mut ends: Vec<End> = Vec::new();
    for predicted in [false, true] {
        for (line, &colour) in lines.iter().zip(colours) {
            if line.predicted != predicted {
                continue;
            }
            let Some([left, right]) = stroke(frame, area, line, colour)? else {
                continue;
            };
            let at = if frame.side == Side::Left { left } else { right };
            if !is_upright(line) {
                ends.push(End { at, label: line.label.clone(), colour });
            }
        }
    }
    frame.draw_labels(area, &ends)
}

/// A line without its label; where it begins and ends, if any of it can be seen.
fn stroke(
    frame: &Frame,
    area: &Area<'_>,
    line: &Line,
    colour: RGBColor,
) -> Result<Option<[(i32, i32); 2]>, Fault> {
    let pieces = pieces(frame, line);
    for piece in &pieces {
        if line.predicted {
            Prediction::of_label(&line.label).line(area, piece, colour)?;
        } else if is_marked(line) {
            area.draw(&PathElement::new(piece.clone(), colour.mix(0.55).stroke_width(3)))?;
            sparse(piece).into_iter().try_for_each(|at| Shape::Disc.draw(area, at, colour, 1.0))?;
        } else {
            area.draw(&PathElement::new(piece.clone(), colour.mix(0.75).stroke_width(4)))?;
        }
    }
    let ends = pieces.first().and_then(|piece| piece.first()).copied();
    Ok(ends.zip(pieces.last().and_then(|piece| piece.last()).copied()).map(<[_; 2]>::from))
}

/// A pattern for each line over colours, where all are black: solid for what is measured.
fn over_patterns(lines: &[Line]) -> Vec<Option<&'static [f64]>> {
    let mut patterns = PATTERNS.iter().cycle();
    lines.iter().map(|line| patterns.next().copied().filter(|_| line.predicted)).collect()
}

/// The key to lines over colours: each by its pattern.
pub(super) fn key_over_colours(lines: &[Line]) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for (line, pattern) in lines.iter().zip(over_patterns(lines)) {
        let sample = pattern.map_or(Sample::Solid, Sample::Patterned);
        if entries.iter().all(|entry| entry.words != line.label) {
            entries.push(Entry { sample, words: line.label.clone(), colour: TEXT.paper });
        }
    }
    entries
}

/// Draws lines over colours, black on white.
pub(super) fn over_colours(frame: &Frame, area: &Area<'_>, lines: &[Line]) -> Result<(), Fault> {
    const BLACK: RGBColor = RGBColor(0x10, 0x10, 0x12);
    const WHITE: RGBColor = RGBColor(0xfe, 0xfe, 0xfe);
    for (line, pattern) in lines.iter().zip(over_patterns(lines)) {
        for piece in pieces(frame, line) {
            let halo = WHITE.mix(0.7).stroke_width(8);
            area.draw(&PathElement::new(piece.clone(), halo))?;
            match pattern {
                Some(pattern) => patterned(area, &piece, pattern, BLACK)?,
                None => area.draw(&PathElement::new(piece, BLACK.stroke_width(4)))?,
            }
        }
    }
    Ok(())
}

/// A threshold on the horizontal axis.
fn is_upright(line: &Line) -> bool {
    line.x.len() > 1 && line.x.windows(2).all(|pair| pair[0] == pair[1])
}

/// The pieces of a line that lie within the axes.
fn pieces(frame: &Frame, line: &Line) -> Vec<Vec<(i32, i32)>> {
    frame.pieces(line.x.iter().copied().zip(line.y.iter().copied()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use theoria_verification::Scale;

    #[test]
    fn a_prediction_has_the_colour_of_its_subject() {
        let at = [(0.0, 1.0), (1.0, 2.0)];
        let lines = [
            Line::measured("s = 1", at),
            Line::measured("s = 10", at),
            Line::predicted("exact, s = 10", at),
            Line::predicted("limit", at),
            Line::predicted("s = 1", at),
            Line::predicted("exact slope, s = 10", at),
            Line::measured("implicit, a step", at),
            Line::predicted("implicit", at),
        ];
        let colours = colours(&lines, &[Group::new("group", at)]);
        assert_eq!(colours[2], colours[1]);
        assert_eq!((colours[4], colours[5]), (colours[0], colours[1]));
        assert_eq!(colours[6], colours[7]);
        let distinct: std::collections::BTreeSet<_> =
            colours.iter().chain([&LINES[0].paper]).map(|c| (c.0, c.1, c.2)).collect();
        assert_eq!(distinct.len(), 5);
    }

    #[test]
    fn labels_stand_where_lines_are_apart() {
        let side = |lines: &[Line]| {
            let of = |values: fn(&Line) -> &Vec<f64>| {
                Axis::showing(Scale::Linear, lines.iter().flat_map(values).copied())
            };
            beside(&[of(|line| &line.x), of(|line| &line.y)], lines).side
        };
        let falling =
            |height: f64| Line::predicted(&format!("from {height}"), [(0.0, height), (1.0, 0.0)]);
        let mut lines = vec![falling(1.0), falling(2.0), falling(-1.0)];
        assert_eq!(side(&lines), Side::Left);
        assert_eq!(side(&lines[..2]), Side::Right);
        lines.push(Line::predicted("rising", [(0.0, 0.0), (1.0, 2.0)]));
        assert_eq!(side(&lines), Side::Right);
    }

    #[test]
    fn the_only_prediction_of_the_only_measurement_has_its_colour() {
        let at = |reach: f64| (0..5).map(move |x| (reach * f64::from(x), 1.0));
        let (seen, bound) = (Line::measured("seen", at(1.0)), Line::predicted("law", at(1.0)));
        let pair = colours(&[seen.clone(), bound.clone()], &[]);
        assert_eq!(pair[0], pair[1]);
        let curve = colours(&[seen.clone(), Line::predicted("level of f", at(3.0))], &[]);
        assert_ne!(curve[0], curve[1]);
        let outline = Line::predicted("edges", [(0.0, 0.0), (4.0, 0.0), (0.0, 1.0)]);
        let shape = colours(&[seen, outline], &[]);
        assert_ne!(shape[0], shape[1]);
        let group = colours(&[bound], &[Group::new("seen", at(1.0))]);
        assert_eq!(group[0], LINES[0].paper);
    }
}
