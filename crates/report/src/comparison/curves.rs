//! Curves of both runs over each other.

use theoria_verification::evidence::{ComputedFigure, FigureOfClaims, TheoremEvidence};
use theoria_verification::{Content, Line};

use crate::entry::{is_file_name, parts};
use crate::error::ReportError;
use crate::figure::{self, Curve, Drawn};

/// A figure of a theorem, from both runs.
pub(super) struct OfBoth {
    pub(super) theorem: String,
    pub(super) drawn: Drawn,
}

impl OfBoth {
    /// Path of its file, from the page.
    pub(super) fn path(&self) -> String {
        format!("figures/{}-{}.svg", self.theorem.replace('/', "-"), self.drawn.name)
    }
}

/// More curves of each run cannot be told apart.
const MOST: usize = 2;

/// The figures of curves that both runs have, in the order of the first.
pub(super) fn draw([before, after]: [&[TheoremEvidence]; 2]) -> Result<Vec<OfBoth>, ReportError> {
    let mut all = Vec::new();
    for one in before {
        parts(&one.id)?;
        let Some(other) = after.iter().find(|other| other.id == one.id) else { continue };
        for figure in &one.figures {
            let lines = lines(figure, [one, other]);
            if lines.is_empty() {
                continue;
            }
            let together = ComputedFigure {
                name: figure.name.clone(),
                caption: figure.caption.clone(),
                x: figure.x.clone(),
                y: figure.y.clone(),
                content: Content::Lines { lines },
            };
            let drawn = if is_file_name(&figure.name) {
                figure::draw_computed(&together)
            } else {
                Err("its name is not lower case with underscores".into())
            };
            let (id, name) = (one.id.clone(), figure.name.clone());
            let drawn = drawn.map_err(|reason| ReportError::Figure { id, name, reason })?;
            all.push(OfBoth { theorem: one.id.clone(), drawn });
        }
    }
    Ok(all)
}

/// Each curve that both have, twice, and what the first run predicted.
fn lines(figure: &FigureOfClaims, [one, other]: [&TheoremEvidence; 2]) -> Vec<Line> {
    let (before, after) = (figure::gather(figure, one), figure::gather(figure, other));
    let pairs = before
        .iter()
        .filter_map(|curve| Some((curve, after.iter().find(|it| it.label == curve.label)?)));
    let measured =
        |curve: &Curve| curve.points.iter().map(|p| (p.x, p.measured)).collect::<Vec<_>>();
    pairs
        .take(MOST)
        .flat_map(|(was, is)| {
            let predicted = was.points.iter().map(|p| (p.x, p.predicted));
            [
                Line::measured(&format!("A: {}", was.label), measured(was)),
                Line::measured(&format!("B: {}", is.label), measured(is)),
                Line::predicted(&format!("predicted: {}", was.label), predicted),
            ]
        })
        .collect()
}
