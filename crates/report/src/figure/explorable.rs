//! Figures with a slider: what they show at each position, over axes that all positions share.

use theoria_verification::Content;
use theoria_verification::evidence::{
    ClaimEvidence, FigureOfClaims, InstanceEvidence, Slider, TheoremEvidence,
};

use super::axis::Axis;
use super::beside::Beside;
use super::curves::{Curve, at_position};
use super::frame::{Frame, Plan};
use super::key::Entry;
use super::sheet::Sheet;
use super::{Drawn, Named, chart, data, histogram, legend, lines, points, sheet_of_content};

/// A position of a slider, with the claims that are made there, in the order of the figure.
pub(crate) struct Position<'a> {
    pub(crate) at: f64,
    pub(crate) of: Vec<(&'a ClaimEvidence, &'a InstanceEvidence)>,
}

/// The positions of a figure with a slider, in order; of several runs those of the first. None if it has no slider, or
/// the evidence no instance that stands along it.
pub(crate) fn positions<'a>(
    figure: &FigureOfClaims,
    evidence: &'a TheoremEvidence,
) -> Vec<Position<'a>> {
    let Some(slider) = &figure.slider else {
        return Vec::new();
    };
    let mut all: Vec<Position<'a>> = Vec::new();
    for name in &figure.claims {
        let Some(claim) = evidence.claims.iter().find(|claim| claim.name == *name) else {
            continue;
        };
        for instance in claim.instances.iter().filter(|it| it.family == slider.family) {
            let Some(at) = instance.position.filter(|at| at.is_finite()) else {
                continue;
            };
            let known = all.iter().position(|position| position.at == at).unwrap_or(all.len());
            if known == all.len() && known < Slider::MOST_POSITIONS {
                all.push(Position { at, of: Vec::new() });
            }
            // Of several runs the first.
            if let Some(position) = all.get_mut(known)
                && position.of.iter().all(|(other, _)| other.name != claim.name)
            {
                position.of.push((claim, instance));
            }
        }
    }
    all.sort_by(|a, b| a.at.total_cmp(&b.at));
    all
}

impl Position<'_> {
    /// Whether some claim speaks of it.
    pub(crate) fn applies(&self) -> bool {
        self.of.iter().any(|(_, instance)| instance.counts)
    }

    /// What is shown there in place of curves.
    pub(crate) fn content(&self) -> Option<&Content> {
        self.of.iter().find_map(|(_, instance)| instance.shown.as_ref())
    }
}

/// What is shown at a position.
enum Shown<'a> {
    Curves(Vec<Curve>),
    Content(&'a Content),
}

impl Shown<'_> {
    /// What is to be placed; nothing for cells, which have the same edges at every position.
    fn plan(&self, figure: &FigureOfClaims) -> Result<Option<Plan>, String> {
        let axes = [&figure.x, &figure.y];
        Ok(match self {
            Shown::Curves(curves) => Some(chart::plan(figure, curves)),
            Shown::Content(Content::Lines { lines }) => Some(lines::plan(axes, lines)),
            Shown::Content(Content::Points { groups, lines }) => {
                Some(points::plan(axes, groups, lines))
            }
            Shown::Content(Content::Histogram { edges, density, lines }) => {
                Some(histogram::plan(axes, edges, density, lines)?)
            }
            Shown::Content(_) => None,
        })
    }

    fn on(&self, frame: &Frame) -> Result<Sheet, String> {
        match self {
            Shown::Curves(curves) => chart::on(frame, curves),
            Shown::Content(Content::Lines { lines }) => lines::on(frame, lines),
            Shown::Content(Content::Points { groups, lines }) => points::on(frame, groups, lines),
            Shown::Content(Content::Histogram { edges, density, lines }) => {
                histogram::on(frame, edges, density, lines)
            }
            Shown::Content(_) => Err("cells have no frame".into()),
        }
    }

    fn legend(&self) -> Vec<Named> {
        match self {
            Shown::Curves(curves) => chart::legend(curves),
            Shown::Content(content) => legend(content),
        }
    }

    fn csv(&self) -> String {
        match self {
            Shown::Curves(curves) => data::of_curves(curves),
            Shown::Content(content) => data::of_content(content),
        }
    }
}

/// A sheet for each position, all over the same axes and of the same size.
///
/// # Errors
/// If one of them cannot be drawn, and why.
#[cfg(test)]
pub(super) fn sheets(
    figure: &FigureOfClaims,
    positions: &[Position<'_>],
) -> Result<Vec<Sheet>, String> {
    sheets_of(figure, positions, &shown(figure, positions))
}

fn shown<'a>(figure: &FigureOfClaims, positions: &'a [Position<'_>]) -> Vec<Shown<'a>> {
    let at = |position: &'a Position<'_>| match position.content() {
        Some(content) => Shown::Content(content),
        None => Shown::Curves(at_position(figure, position)),
    };
    positions.iter().map(at).collect()
}

fn sheets_of(
    figure: &FigureOfClaims,
    positions: &[Position<'_>],
    shown: &[Shown<'_>],
) -> Result<Vec<Sheet>, String> {
    let applies: Vec<bool> = positions.iter().map(Position::applies).collect();
    let plans = || shown.iter().map(|it| it.plan(figure)).collect::<Result<Vec<_>, String>>();
    let Some(common) = Common::of(plans()?.iter().flatten().zip(&applies)) else {
        return shown.iter().map(|it| cells(figure, it)).collect();
    };
    let frames = |rows: i32| -> Result<Vec<Option<Frame>>, String> {
        let plans = plans()?.into_iter();
        Ok(plans.map(|plan| plan.map(|plan| Frame::new(common.over(plan, rows)))).collect())
    };
    let rows = frames(0)?.iter().flatten().map(|frame| frame.rows).max().unwrap_or(0);
    let frames = frames(rows)?;
    shown
        .iter()
        .zip(&frames)
        .map(|(it, frame)| frame.as_ref().map_or_else(|| cells(figure, it), |frame| it.on(frame)))
        .collect()
}

fn cells(figure: &FigureOfClaims, shown: &Shown<'_>) -> Result<Sheet, String> {
    match shown {
        Shown::Content(content) => sheet_of_content([&figure.x, &figure.y], content),
        Shown::Curves(curves) => chart::draw(figure, curves),
    }
}

/// So many times beyond what the theorem speaks of a logarithmic axis shows what it does not speak of.
const BEYOND: f64 = 100.0;

/// What all positions share, so that only what is measured and predicted moves.
struct Common {
    axes: [Axis; 2],
    key: Vec<Entry>,
    beside: Beside,
}

impl Common {
    /// Axes are those of the positions that the theorem speaks of: what leaves them far beyond is cut, unless there is nothing else.
    fn of<'a>(plans: impl Iterator<Item = (&'a Plan, &'a bool)> + Clone) -> Option<Self> {
        let any = plans.clone().any(|(_, applies)| *applies);
        let scaling = plans.clone().filter(|(_, applies)| **applies || !any);
        let [x, y] = scaling
            .map(|(plan, _)| [plan.x.clone(), plan.y.clone()])
            .reduce(|[x, y], [other_x, other_y]| [x.joined(&other_x), y.joined(&other_y)])?;
        let y = plans.clone().fold(y.clone(), |raised, (plan, _)| {
            let reach = y.raised(&plan.y, BEYOND);
            raised.joined(&reach)
        });
        let axes = [x, y];
        let beside = plans.clone().map(|(plan, _)| plan.beside).reduce(Beside::joined)?;
        let mut key: Vec<Entry> = Vec::new();
        for (plan, _) in plans {
            for entry in &plan.key {
                if key.iter().all(|known| known.words != entry.words) {
                    key.push(entry.clone());
                }
            }
        }
        Some(Common { axes, key, beside })
    }

    fn over(&self, plan: Plan, rows: i32) -> Plan {
        let [x, y] = self.axes.clone();
        Plan { x, y, key: self.key.clone(), beside: self.beside, rows, ..plan }
    }
}

/// Draws all positions; the one that is shown first stands for the figure where only one can be seen.
pub(super) fn draw(figure: &FigureOfClaims, positions: &[Position<'_>]) -> Result<Drawn, String> {
    let shown = shown(figure, positions);
    let mut sheets = sheets_of(figure, positions, &shown)?;
    let first = first(figure, positions);
    let title = super::title([&figure.x, &figure.y]);
    let all = Sheet::svg_of_all(&sheets, first, &title, &figure.caption);
    let sheet = sheets.swap_remove(first);
    let legend = Named::each_once(shown.iter().flat_map(Shown::legend));
    let mut csv = String::new();
    for (position, it) in positions.iter().zip(&shown) {
        data::append_at(&mut csv, position.at, &it.csv());
    }
    let drawn = Drawn::of(sheet, [&figure.name, &figure.caption], [&figure.x, &figure.y]);
    Ok(Drawn { csv, legend, positions: Some(all), ..drawn })
}

/// The number of the position that is shown first.
pub(crate) fn first(figure: &FigureOfClaims, positions: &[Position<'_>]) -> usize {
    let wanted = figure.slider.as_ref().map_or(0, |slider| slider.first);
    wanted.min(positions.len().saturating_sub(1))
}
