//! How lines and points are drawn: what is measured as points, what is predicted as lines, by what they predict.

use plotters::element::{Circle, PathElement, Polygon, Rectangle};
use plotters::style::{Color, RGBColor};
use theoria_verification::evidence::ClaimEvidence;

use super::dashes::dashes;
use super::sheet::{Area, Fault};

/// What a predicted line says of what is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Prediction {
    /// At most this.
    UpperBound,
    /// At least this.
    LowerBound,
    /// This.
    Equality,
    /// No more than the slope.
    Slope,
    /// Something else, or not said.
    Other,
}

impl Prediction {
    pub(super) fn of(claim: &ClaimEvidence) -> Self {
        match claim.kind.as_str() {
            "identity" | "expected value" => Prediction::Equality,
            "exponent" | "linear rate" | "expected exponent" => Prediction::Slope,
            _ if claim.is_upper_bound() => Prediction::UpperBound,
            _ if claim.is_lower_bound() => Prediction::LowerBound,
            _ => Prediction::Other,
        }
    }

    /// As the words of a label say.
    pub(super) fn of_label(label: &str) -> Self {
        let says = |words: &[&str]| words.iter().any(|word| label.contains(word));
        if says(&["lower bound", "at least"]) {
            Prediction::LowerBound
        } else if says(&["bound", "at most"]) {
            Prediction::UpperBound
        } else {
            Prediction::Other
        }
    }

    pub(crate) fn words(self) -> &'static str {
        match self {
            Prediction::UpperBound => "upper bound",
            Prediction::LowerBound => "lower bound",
            Prediction::Equality => "predicted, equality",
            Prediction::Slope => "predicted slope",
            Prediction::Other => "predicted",
        }
    }

    /// Lengths of dashes and gaps in turn; none for a whole line.
    fn pattern(self) -> &'static [f64] {
        match self {
            Prediction::UpperBound => &[24.0, 10.0],
            Prediction::LowerBound => &[4.0, 9.0],
            Prediction::Equality => &[],
            Prediction::Slope => &[22.0, 8.0, 4.0, 8.0],
            Prediction::Other => &[13.0, 10.0],
        }
    }

    pub(super) fn line(
        self,
        area: &Area<'_>,
        path: &[(i32, i32)],
        colour: impl Color,
    ) -> Result<(), Fault> {
        patterned(area, path, self.pattern(), colour)
    }
}

/// Patterns of lines that have the same colour.
pub(super) const PATTERNS: [&[f64]; 4] =
    [&[13.0, 10.0], &[4.0, 9.0], &[28.0, 10.0], &[22.0, 8.0, 4.0, 8.0]];

pub(super) fn patterned(
    area: &Area<'_>,
    path: &[(i32, i32)],
    pattern: &[f64],
    colour: impl Color,
) -> Result<(), Fault> {
    if pattern.is_empty() {
        return area.draw(&PathElement::new(path.to_vec(), colour.stroke_width(3)));
    }
    for dash in dashes(path, pattern) {
        area.draw(&PathElement::new(dash, colour.stroke_width(3)))?;
    }
    Ok(())
}

/// A shape of points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Disc,
    Square,
    Triangle,
    Cross,
}

/// In the order in which groups take them.
pub(super) const SHAPES: [Shape; 4] = [Shape::Disc, Shape::Square, Shape::Triangle, Shape::Cross];

impl Shape {
    pub(super) fn draw(
        self,
        area: &Area<'_>,
        (x, y): (i32, i32),
        colour: RGBColor,
        alpha: f64,
    ) -> Result<(), Fault> {
        let style = colour.mix(alpha).filled();
        match self {
            Shape::Disc => area.draw(&Circle::new((x, y), 6, style)),
            Shape::Square => area.draw(&Rectangle::new([(x - 5, y - 5), (x + 5, y + 5)], style)),
            Shape::Triangle => {
                area.draw(&Polygon::new(vec![(x, y - 8), (x + 7, y + 5), (x - 7, y + 5)], style))
            }
            Shape::Cross => [[(x - 6, y - 6), (x + 6, y + 6)], [(x - 6, y + 6), (x + 6, y - 6)]]
                .into_iter()
                .try_for_each(|stroke| {
                    area.draw(&PathElement::new(stroke.to_vec(), colour.stroke_width(3)))
                }),
        }
    }
}

/// So far apart, in pixels along a line, are points shown.
const APART: f64 = 26.0;

/// Of the points of a line those that are shown: both ends, and others as far as they are apart.
pub(super) fn sparse(piece: &[(i32, i32)]) -> Vec<(i32, i32)> {
    let distance = |a: (i32, i32), b: (i32, i32)| f64::from(a.0 - b.0).hypot(f64::from(a.1 - b.1));
    let mut shown: Vec<(i32, i32)> = Vec::new();
    for &at in piece {
        if shown.last().is_none_or(|last| distance(*last, at) >= APART) {
            shown.push(at);
        }
    }
    if let Some(&end) = piece.last().filter(|end| shown.last() != Some(end)) {
        // The last but one gives way.
        if shown.len() > 1 {
            shown.pop();
        }
        shown.push(end);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_that_are_shown_are_apart_and_include_the_ends() {
        let line: Vec<(i32, i32)> = (0..1000).map(|x| (x, 100 + x % 3)).collect();
        let shown = sparse(&line);
        assert!((30..40).contains(&shown.len()), "{}", shown.len());
        assert_eq!((shown[0], shown[shown.len() - 1]), (line[0], line[999]));
        assert_eq!(sparse(&[(1, 1), (500, 1)]), [(1, 1), (500, 1)]);
        assert_eq!(sparse(&[(1, 1), (2, 1)]), [(1, 1), (2, 1)]);
    }

    #[test]
    fn labels_say_what_is_bounded() {
        assert_eq!(Prediction::of_label("its lower bound"), Prediction::LowerBound);
        assert_eq!(Prediction::of_label("bound for sketches"), Prediction::UpperBound);
        assert_eq!(Prediction::of_label("exact law"), Prediction::Other);
    }
}
