//! Small pictures of figures and curves, drawn for their size: no word that cannot be read, no leader lines.

mod content;
mod opening;
mod plot;

use maud::Markup;
use theoria_verification::Scale;
use theoria_verification::evidence::{
    ClaimEvidence, ComputedFigure, FigureOfClaims, InstanceEvidence, TheoremEvidence,
};

use crate::figure::{Curve, DrawnAxis as Axis, first, gather, positions};
use plot::{Ink, Plot, Trace};

pub(crate) use opening::{Opening, opening};

/// Curves of claims, and of controls, that a small picture shows: more cannot be told apart in it.
const CLAIMS: usize = 3;
const CONTROLS: usize = 2;

/// So many points after a violation are shown at least.
const BEYOND: usize = 16;

/// How far above what is claimed a control is drawn, before it leaves the picture.
const REACH: f64 = 30.0;

/// The figure of this name as a small picture, if the theorem has one that can be drawn small. It is for the eye alone: what it shows is said beside it.
pub(crate) fn of_figure(evidence: &TheoremEvidence, name: &str) -> Option<Markup> {
    let of_claims = evidence.figures.iter().find(|figure| figure.name == name);
    let plot = match of_claims {
        Some(figure) => match shown_first(figure, evidence) {
            Some(figure) => content::plot(&figure)?,
            None => of_claims_of(figure, evidence)?,
        },
        None => {
            let figure = evidence.computed_figures.iter().find(|figure| figure.name == name)?;
            content::plot(figure)?
        }
    };
    Some(plot.svg(None))
}

/// What a slider shows first, if that is no curve.
fn shown_first(figure: &FigureOfClaims, evidence: &TheoremEvidence) -> Option<ComputedFigure> {
    let positions = positions(figure, evidence);
    let content = positions.get(first(figure, &positions))?.content()?.clone();
    let FigureOfClaims { name, caption, x, y, .. } = figure.clone();
    Some(ComputedFigure { name, caption, x, y, content })
}

fn of_claims_of(figure: &FigureOfClaims, evidence: &TheoremEvidence) -> Option<Plot> {
    let curves = gather(figure, evidence);
    let claims = curves.iter().filter(|curve| !curve.control).take(CLAIMS);
    let controls = curves.iter().filter(|curve| curve.control).take(CONTROLS);
    let shown: Vec<&Curve> = claims.chain(controls).collect();
    of_curves(&shown, [figure.x.scale, figure.y.scale])
}

/// A control, or a claim, on the instance that decided: what it says, dashed, and what was measured. `told` is for those who do not see it.
pub(crate) fn of_decision(
    evidence: &TheoremEvidence,
    claim: &ClaimEvidence,
    told: &str,
) -> Option<Markup> {
    let decisive = claim.decisive_instance().filter(|instance| has_curve(instance));
    let instance = decisive.or_else(|| claim.counted().find(|instance| has_curve(instance)))?;
    let scales = scales(evidence, claim, instance);
    let mut curve = curve(claim, instance)?;
    let violation = instance.finding.as_ref().and_then(|finding| finding.first_violation);
    let place = violation.and_then(|it| curve.points.iter().position(|p| p.x >= it.at));
    if let Some(place) = place {
        // What comes long after it would press it against the edge.
        curve.points.truncate((2 * place + BEYOND).max(3));
    }
    let mut plot = of_curves(&[&curve], scales)?;
    plot.ring = violation.map(|it| (it.at, it.measured));
    Some(plot.svg(Some(told)))
}

fn has_curve(instance: &InstanceEvidence) -> bool {
    instance.curve.as_ref().is_some_and(|curve| curve.x.len() >= 3)
}

/// The curve of one instance as figures draw it.
fn curve(claim: &ClaimEvidence, instance: &InstanceEvidence) -> Option<Curve> {
    let figure = FigureOfClaims {
        name: String::new(),
        caption: String::new(),
        x: theoria_verification::Axis::new("", Scale::Linear),
        y: theoria_verification::Axis::new("", Scale::Linear),
        claims: vec![claim.name.clone()],
        ratio: false,
        slider: None,
    };
    Curve::of(&figure, claim, instance)
}

/// As the figures have them that show the claim; else logarithmic where values of one sign span much.
fn scales(
    evidence: &TheoremEvidence,
    claim: &ClaimEvidence,
    instance: &InstanceEvidence,
) -> [Scale; 2] {
    let shows = |figure: &&FigureOfClaims| figure.claims.contains(&claim.name) && !figure.ratio;
    if let Some(figure) = evidence.figures.iter().find(shows) {
        return [figure.x.scale, figure.y.scale];
    }
    let Some(curve) = &instance.curve else {
        return [Scale::Linear; 2];
    };
    let wide = |values: &mut dyn Iterator<Item = f64>| {
        let (low, high) = values
            .filter(|value| value.is_finite())
            .fold((f64::INFINITY, 0.0f64), |(low, high), value| (low.min(value), high.max(value)));
        if low > 0.0 && high > 50.0 * low { Scale::Logarithmic } else { Scale::Linear }
    };
    [
        wide(&mut curve.x.iter().copied()),
        wide(&mut curve.measured.iter().chain(&curve.predicted).copied().filter(|it| *it != 0.0)),
    ]
}

/// Claims set the scale; controls leave the picture where they run away, unless there is nothing else.
fn of_curves(curves: &[&Curve], [across, up]: [Scale; 2]) -> Option<Plot> {
    let only_controls = curves.iter().all(|curve| curve.control);
    let scaling = || curves.iter().filter(move |curve| only_controls || !curve.control);
    let measured =
        || scaling().flat_map(|curve| &curve.points).filter(|p| p.measured.abs() > p.uncertainty);
    let lowest = measured().map(|p| p.measured).filter(|v| *v > 0.0).fold(f64::INFINITY, f64::min);
    let highest = measured().map(|p| p.measured).filter(|v| v.is_finite()).fold(0.0, f64::max);
    let predicted = scaling()
        .flat_map(|curve| curve.points.iter().map(|p| p.predicted))
        .filter(|v| *v <= 0.0 || (lowest / 100.0..=1e4 * highest.max(lowest)).contains(v));
    let controls = curves.iter().filter(|curve| curve.control).flat_map(|curve| &curve.points);
    let controls =
        controls.map(|p| p.measured.min(REACH * highest)).filter(|v| v.is_finite() && *v > 0.0);
    let x = Axis::showing(across, curves.iter().flat_map(|curve| curve.points.iter().map(|p| p.x)));
    let y = Axis::showing(up, measured().map(|p| p.measured).chain(predicted).chain(controls));
    let mut plot = Plot::new(x, y);
    let mut free = 0;
    for curve in curves {
        let ink = if curve.control { Ink::Control } else { Ink::Line(free) };
        free += usize::from(!curve.control);
        for predicted in [false, true] {
            let value = |p: &crate::figure::Point| if predicted { p.predicted } else { p.measured };
            let points = curve.points.iter().map(|p| (p.x, value(p)));
            plot.traces.push(Trace { points: points.collect(), predicted, ink });
        }
    }
    plot.is_visible().then_some(plot)
}
