//! A figure with a slider, and what the theorem says at each of its positions.

use maud::{Markup, PreEscaped, html};
use theoria_verification::evidence::{
    ClaimEvidence, FigureOfClaims, InstanceEvidence, Slider, TheoremEvidence,
};
use theoria_verification::{Finding, Role, Verdict};

use super::layout::verdict;
use super::theorem::{legend, predicted};
use crate::figure::{Drawn, Position, first, positions};
use crate::number::{number, place as place_of};
use crate::prose::plain;
use crate::words::words;

/// A figure with its positions, of which one is seen at a time.
pub(super) struct Explorable<'a> {
    figure: &'a FigureOfClaims,
    slider: &'a Slider,
    positions: Vec<Position<'a>>,
    /// All of them in one picture.
    svg: &'a str,
}

/// The explorable that this figure is; none if it has no slider.
pub(super) fn explorable<'a>(
    evidence: &'a TheoremEvidence,
    drawn: &'a Drawn,
) -> Option<Explorable<'a>> {
    let figure = evidence.figures.iter().find(|figure| figure.name == drawn.name)?;
    let positions = positions(figure, evidence);
    let (slider, svg) = (figure.slider.as_ref()?, drawn.positions.as_deref()?);
    (!positions.is_empty()).then_some(Explorable { figure, slider, positions, svg })
}

impl Explorable<'_> {
    /// With a slider where scripts run; without them the first position, and all verdicts in a table.
    pub(super) fn markup(&self, drawn: &Drawn, caption: &Markup) -> Markup {
        let name = &self.figure.name;
        let first = first(self.figure, &self.positions);
        html! {
            figure .slide .explorable id={ "explorable-" (name) } data-name=(address_of_figure(name)) tabindex="0" {
                (PreEscaped(self.svg))
                div .beside-slider {
                    p .slider hidden {
                        label for={ (name) "-slider" } { (plain(&self.slider.label)) }
                        span .along {
                            (end(self.positions.first()))
                            input id={ (name) "-slider" } type="range" min="0" max=(self.positions.len() - 1) step="1" value=(first)
                                aria-describedby={ (name) "-said" };
                            (end(self.positions.last()))
                        }
                    }
                    div .said id={ (name) "-said" } { (self.said(&self.positions[first])) }
                }
                (legend(drawn))
                details {
                    summary { "All " (self.positions.len()) " positions with their verdicts" }
                    div .scroll tabindex="0" { table {
                        thead { tr { th scope="col" { (plain(&self.slider.label)) } th scope="col" { "verdict" } } }
                        tbody { @for position in &self.positions { tr data-at=(address(position.at)) data-told=(self.told(position)) {
                            th scope="row" { a href={ "#" (address_of_figure(name)) "=" (address(position.at)) } { (address(position.at)) } }
                            td { (self.said(position)) }
                        } } }
                    } }
                }
                figcaption { (caption) }
            }
        }
    }

    /// What is said of a position in a few words, to be read aloud.
    fn told(&self, position: &Position<'_>) -> String {
        let each = position.of.iter().map(|(claim, instance)| {
            let verdict = match finding(instance) {
                Some(finding) => finding.verdict.to_string(),
                None => "does not apply".into(),
            };
            if position.of.len() > 1 {
                format!("{}: {verdict}", words(&claim.name))
            } else {
                verdict
            }
        });
        format!("{}; {}", address(position.at), each.collect::<Vec<_>>().join("; "))
    }

    /// What the places of curves are called; what is shown instead of curves has axes of its own.
    fn place(&self, position: &Position<'_>) -> Option<&str> {
        position.content().is_none().then_some(&self.figure.x.label)
    }

    fn said(&self, position: &Position<'_>) -> Markup {
        html! {
            p .position { (plain(&self.slider.label)) " = " b { (address(position.at)) } }
            @for (claim, instance) in &position.of {
                // On a wall only those that speak are told.
                p class=[(position.applies() && !instance.counts).then_some("silent")] {
                    span .formula { (plain(&claim.formula)) } br;
                    @match finding(instance) {
                        Some(finding) => (judged(claim, finding, self.place(position))),
                        None => (beyond(claim, instance, position.applies())),
                    }
                }
            }
        }
    }
}

fn finding(instance: &InstanceEvidence) -> Option<&Finding> {
    instance.finding.as_ref().filter(|_| instance.counts)
}

fn judged(claim: &ClaimEvidence, finding: &Finding, place: Option<&str>) -> Markup {
    let as_expected = match finding.verdict {
        Verdict::Supported => claim.role == Role::Claim,
        Verdict::Refuted => claim.role == Role::Control,
        Verdict::Inconclusive => false,
    };
    html! {
        (verdict(finding.verdict, as_expected)) " "
        @if finding.measured.is_nan() && finding.predicted.is_nan() {
            @if let Some(note) = &finding.note { span .faint { (plain(note)) } }
        } @else {
            span .faint {
                "measured " (number(finding.measured)) ", " (predicted(claim)) " " (number(finding.predicted))
                @if !finding.at.is_nan() && let Some(place) = place { ", at " (plain(place)) " = " (place_of(finding.at)) }
            }
        }
    }
}

/// A position at an end of the slider, which says itself where it is.
fn end(position: Option<&Position<'_>>) -> Markup {
    html! { @if let Some(position) = position { span aria-hidden="true" { (address(position.at)) } } }
}

/// What of that which is drawn is not claimed.
fn unclaimed(claim: &ClaimEvidence, instance: &InstanceEvidence) -> &'static str {
    let is_bounded = claim.is_upper_bound() || claim.is_lower_bound();
    let curve = instance.curve.as_ref().filter(|_| instance.shown.is_none());
    match curve.map(|curve| curve.predicted.iter().any(|value| value.is_finite())) {
        Some(true) if is_bounded => {
            "(the points are measured; the bound, drawn faintly, is not claimed here)"
        }
        Some(true) => {
            "(the points are measured; the prediction, drawn faintly, is not claimed here)"
        }
        Some(false) => "(the points are measured, and nothing is claimed of them)",
        None => "(what is drawn is not claimed here)",
    }
}

/// By which of its hypotheses the claim does not speak of it. Where others do, what is drawn is theirs.
fn beyond(claim: &ClaimEvidence, instance: &InstanceEvidence, others_speak: bool) -> Markup {
    let broken = |name: &str| claim.violates.as_deref() == Some(name);
    let wrong = instance.hypotheses.iter().filter(|it| it.satisfied == broken(&it.name));
    html! {
        span .mark .unsure { span aria-hidden="true" { "∅" } " does not apply" } ": "
        @for (number, hypothesis) in wrong.enumerate() {
            @if number > 0 { ", " }
            "“" (plain(&hypothesis.name)) "” " @if hypothesis.satisfied { "is met" } @else { "is not met" }
        }
        @if instance.curve.is_some() && !others_speak { " " span .faint { (unclaimed(claim, instance)) } }
    }
}

/// A figure as it stands in an address.
fn address_of_figure(name: &str) -> String {
    name.replace('_', "-")
}

/// A position as it stands in an address: the shortest digits that are this number.
fn address(at: f64) -> String {
    format!("{at}")
}
