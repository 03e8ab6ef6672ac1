//! A figure with a slider, and what the theorem says at each of its positions.

use maud::{Markup, PreEscaped, html};
use theoria_verification::evidence::{
    ClaimEvidence, FigureOfClaims, InstanceEvidence, Slider, TheoremEvidence,
};
use theoria_verification::{Finding, Role, Verdict};

use super::layout::verdict;
use super::theorem::{legend, predicted};
use crate::figure::{Drawn, Position, first, positions};
use crate::number::number;
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
            figure .slide .explorable id={ "explorable-" (name) } data-name=(name.replace('_', "-")) tabindex="0" {
                (PreEscaped(self.svg))
                div .beside-slider {
                    p .slider hidden {
                        label for={ (name) "-slider" } { (plain(&self.slider.label)) }
                        input id={ (name) "-slider" } type="range" min="0" max=(self.positions.len() - 1) step="1" value=(first)
                            aria-describedby={ (name) "-said" };
                    }
                    div .said id={ (name) "-said" } { (self.said(&self.positions[first])) }
                }
                (legend(drawn))
                figcaption { (caption) }
                details {
                    summary { "All " (self.positions.len()) " positions with their verdicts" }
                    div .scroll tabindex="0" { table {
                        thead { tr { th scope="col" { (plain(&self.slider.label)) } th scope="col" { "verdict" } } }
                        tbody { @for position in &self.positions { tr data-at=(address(position.at)) data-told=(self.told(position)) {
                            th scope="row" { (address(position.at)) }
                            td { (self.said(position)) }
                        } } }
                    } }
                }
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
                p {
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
                @if !finding.at.is_nan() && let Some(place) = place { ", at " (plain(place)) " = " (number(finding.at)) }
            }
        }
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
        @if instance.curve.is_some() && !others_speak { " " span .faint { "(what is drawn is measured, and not claimed)" } }
    }
}

/// A position as it stands in an address: the shortest digits that are this number.
fn address(at: f64) -> String {
    format!("{at}")
}
