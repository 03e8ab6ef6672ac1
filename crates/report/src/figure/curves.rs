//! Which curves a figure shows, and what they are called.

use theoria_verification::Role;
use theoria_verification::evidence::{
    ClaimEvidence, FigureOfClaims, InstanceEvidence, TheoremEvidence,
};

use super::explorable::{Position, first, positions};
use super::strokes::Prediction;
use crate::words::words;

/// More lines than this cannot be told apart.
const MOST: usize = 8;

/// One instance of one claim.
pub(crate) struct Curve {
    pub(crate) label: String,
    pub(crate) control: bool,
    pub(crate) prediction: Prediction,
    pub(crate) points: Vec<Point>,
    /// Which of the colours of its kind it has.
    pub(crate) place: usize,
    /// Whether its claim speaks of it.
    pub(crate) claimed: bool,
}

#[derive(Clone, Copy)]
pub(crate) struct Point {
    pub(crate) x: f64,
    pub(crate) measured: f64,
    pub(crate) uncertainty: f64,
    pub(crate) predicted: f64,
}

/// The curves of the claims that the figure names: of each family its first instance, or the
/// instance that decided.
pub(crate) fn gather(figure: &FigureOfClaims, evidence: &TheoremEvidence) -> Vec<Curve> {
    let positions = positions(figure, evidence);
    if let Some(position) = positions.get(first(figure, &positions)) {
        return at_position(figure, position);
    }
    let claims: Vec<&ClaimEvidence> = figure
        .claims
        .iter()
        .filter_map(|name| evidence.claims.iter().find(|claim| claim.name == *name))
        .collect();
    // A claim that stands alone, but for controls, needs no name.
    let only = claims.iter().filter(|claim| claim.role != Role::Control).count() <= 1;
    let mut curves: Vec<Curve> = Vec::new();
    for claim in &claims {
        let shown = shown(claim);
        for instance in &shown {
            let mut parts = Vec::new();
            if claim.role == Role::Control {
                parts.push("control".to_owned());
            }
            let alone = claim.role != Role::Control && only;
            if claims.len() > 1
                && !(alone && shown.len() > 1)
                && (shown.len() == 1 || claim.role == Role::Control)
            {
                parts.push(words(&claim.name));
            } else if claims.len() > 1 && !alone {
                parts.push(format!("{}: {}", words(&claim.name), instance.family));
            } else {
                parts.push(instance.family.clone());
            }
            let control = claim.role == Role::Control;
            curves.push(Curve {
                label: parts.join(": "),
                control,
                prediction: Prediction::of(claim),
                points: of_family(figure, claim, instance),
                place: curves.iter().filter(|other| other.control == control).count(),
                claimed: true,
            });
        }
    }
    curves.truncate(MOST);
    curves
}

/// The curves of the claims at one position of a slider; a claim that stands alone needs no name.
pub(super) fn at_position(figure: &FigureOfClaims, position: &Position<'_>) -> Vec<Curve> {
    let named = figure.claims.len() > 1;
    // Where one claim speaks, those that do not are silent.
    let applies = position.applies();
    let speaking = position.of.iter().filter(|(_, instance)| instance.counts || !applies);
    let curves = speaking.filter_map(|(claim, instance)| {
        let label = if named { words(&claim.name) } else { String::new() };
        // A claim has its colour at every position, whoever else speaks there.
        let place = figure.claims.iter().position(|name| *name == claim.name).unwrap_or(0);
        let curve = Curve::of(figure, claim, instance)?;
        Some(Curve { label, place, claimed: instance.counts, ..curve })
    });
    curves.take(MOST).collect()
}

impl Curve {
    /// That of one instance, named by its family; none if evidence does not keep it.
    pub(crate) fn of(
        figure: &FigureOfClaims,
        claim: &ClaimEvidence,
        instance: &InstanceEvidence,
    ) -> Option<Self> {
        let points = points(figure, claim, instance);
        let (control, prediction) = (claim.role == Role::Control, Prediction::of(claim));
        let label = instance.family.clone();
        let curve = Curve { label, control, prediction, points, place: 0, claimed: true };
        (!curve.points.is_empty()).then_some(curve)
    }
}

fn shown(claim: &ClaimEvidence) -> Vec<&InstanceEvidence> {
    let decisive = claim.decisive_instance();
    let mut shown: Vec<&InstanceEvidence> = Vec::new();
    // What stands along a slider is shown by the slider.
    let counted = claim.counted().filter(|it| it.position.is_none() && it.curve.is_some());
    for instance in counted {
        if shown.iter().all(|other| other.family != instance.family) {
            let decided = decisive.filter(|d| d.family == instance.family && d.curve.is_some());
            shown.push(decided.unwrap_or(instance));
        }
    }
    shown
}

/// The points of an instance; where each instance of its family has only one, those of all, of several at one place the
/// nearest to the bound. Only over their bounds can points of different instances be compared.
fn of_family(
    figure: &FigureOfClaims,
    claim: &ClaimEvidence,
    instance: &InstanceEvidence,
) -> Vec<Point> {
    let own = points(figure, claim, instance);
    if own.len() != 1 || !figure.ratio {
        return own;
    }
    let family = claim.counted().filter(|other| other.family == instance.family);
    let mut all: Vec<Point> = family
        .map(|other| points(figure, claim, other))
        .filter(|points| points.len() == 1)
        .flatten()
        .filter(|point| point.measured.is_finite())
        .collect();
    // What is nearer the bound comes first.
    let least_first = claim.is_lower_bound();
    all.sort_by(|a, b| {
        let ratio = a.measured.total_cmp(&b.measured);
        a.x.total_cmp(&b.x).then(if least_first { ratio } else { ratio.reverse() })
    });
    all.dedup_by(|later, first| later.x == first.x);
    if all.is_empty() { own } else { all }
}

fn points(
    figure: &FigureOfClaims,
    claim: &ClaimEvidence,
    instance: &InstanceEvidence,
) -> Vec<Point> {
    let Some(kept) = &instance.curve else {
        return Vec::new();
    };
    let mut points: Vec<Point> = (0..kept.x.len())
        .map(|i| Point {
            x: kept.x[i],
            measured: kept.measured.get(i).copied().unwrap_or(f64::NAN),
            uncertainty: kept.uncertainty.get(i).copied().unwrap_or(0.0),
            predicted: kept.predicted.get(i).copied().unwrap_or(f64::NAN),
        })
        .collect();
    if figure.ratio {
        for point in &mut points {
            // What is left of rounding, over a bound far below it, is no share of the bound.
            if point.measured.abs() <= point.uncertainty {
                point.measured = f64::NAN;
            }
            point.measured /= point.predicted;
            point.uncertainty /= point.predicted.abs();
            point.predicted = 1.0;
        }
    } else if Prediction::of(claim) == Prediction::Slope {
        anchor(&mut points);
    }
    points
}

/// Of a rate only the slope is predicted: the line is drawn through the last point that was
/// resolved.
fn anchor(points: &mut [Point]) {
    let sure = |times: f64| {
        points.iter().rfind(|p| p.measured > times * p.uncertainty && p.measured.is_finite())
    };
    // Means of trials are never as sure as what was computed.
    if let Some(last) = sure(100.0).or_else(|| sure(2.0)) {
        let shift = last.measured / last.predicted;
        for point in points {
            point.predicted *= shift;
        }
    }
}
