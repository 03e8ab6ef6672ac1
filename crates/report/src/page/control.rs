//! A control as a story: what it says that is false, where that differs from what is claimed, and how it fails.

use maud::{Markup, PreEscaped, html};
use theoria_verification::Role;
use theoria_verification::evidence::{ClaimEvidence, Origin, TheoremEvidence};

use super::instances::{conditions, families, trouble};
use super::layout::{anchor, verdict};
use super::searched::searched;
use crate::difference::{Difference, difference, marked};
use crate::figure::Drawn;
use crate::number::{number, place};
use crate::prose::plain;
use crate::sketch;
use crate::words::{capitalised, words};

/// The card of a control.
pub(super) fn control(
    evidence: &TheoremEvidence,
    control: &ClaimEvidence,
    picture: Option<&Drawn>,
) -> Markup {
    let name = capitalised(&words(&control.name));
    let sketch = sketch::of_decision(
        evidence,
        control,
        &format!("{name}: what it says, dashed, and what was measured"),
    );
    html! {
        article .claim .control #(control.name) {
            h3 { span { (name) " " (anchor(&control.name, &name)) } (verdict(control.verdict, control.as_expected())) }
            div .story {
                div {
                    (statement(evidence, control))
                    (failure(control))
                }
                @if let Some(sketch) = sketch {
                    figure .small {
                        (sketch)
                        figcaption { "Dashed: what it says. Line: what was measured." }
                    }
                }
            }
            (searched(control))
            @if let Some(picture) = picture {
                details {
                    summary { "The function that refutes it, with the path of the method" }
                    figure { (PreEscaped(&picture.svg)) figcaption { (plain(&picture.caption)) } }
                }
            }
            (families(control))
            @if let Some(instance) = control.decisive_instance() {
                details { summary { "The instance with its constants" } (conditions(instance)) }
            }
            @if !control.as_expected() { (trouble(control)) }
        }
    }
}

/// What it says, against the claim that it comes nearest to.
fn statement(evidence: &TheoremEvidence, control: &ClaimEvidence) -> Markup {
    let nearest = nearest(evidence, control);
    html! {
        @match (&control.violates, nearest) {
            (Some(hypothesis), nearest) => {
                p .breaks {
                    b { "A hypothesis is broken: " } (plain(hypothesis)) "."
                    @if let Some((claim, _)) = &nearest { " Without it this is claimed as " a href={ "#" (claim.name) } { "before" } ":" }
                }
                @match nearest {
                    Some((claim, difference)) if difference.common < 1.0 => { (side_by_side(claim, &difference)) }
                    _ => { p .formula .false { (plain(&control.formula)) } }
                }
            },
            (None, Some((claim, difference))) => {
                p .breaks { b { "The statement is changed." } " Every hypothesis holds." }
                (side_by_side(claim, &difference))
            },
            (None, None) => {
                p .breaks { b { "Something else is claimed." } " Every hypothesis holds." }
                p .formula .false { (plain(&control.formula)) }
            },
        }
    }
}

fn side_by_side(claim: &ClaimEvidence, difference: &Difference<'_>) -> Markup {
    html! {
        dl .changed {
            dt { "what " a href={ "#" (claim.name) } { "holds" } }
            dd .formula { (marked(&difference.former)) }
            dt { "what it says" }
            dd .formula .false { (marked(&difference.latter)) }
        }
    }
}

/// The claim whose formula has most in common with the control's, and where they differ.
fn nearest<'a>(
    evidence: &'a TheoremEvidence,
    control: &'a ClaimEvidence,
) -> Option<(&'a ClaimEvidence, Difference<'a>)> {
    let claims = evidence.claims.iter().filter(|claim| claim.role == Role::Claim);
    let compared =
        claims.filter_map(|claim| Some((claim, difference(&claim.formula, &control.formula)?)));
    // The first of those that have as much in common.
    compared.fold(None, |best: Option<(_, Difference<'_>)>, (claim, found)| match best {
        Some(best) if best.1.common >= found.common => Some(best),
        _ => Some((claim, found)),
    })
}

/// The numbers that refute it.
fn failure(control: &ClaimEvidence) -> Markup {
    let decisive = control.decisive_instance();
    let Some((instance, finding)) = decisive.and_then(|it| Some((it, it.finding.as_ref()?))) else {
        return html! { p .warning { "Nothing was measured." } };
    };
    let first = finding.first_violation;
    let (at, measured, predicted) = first
        .map_or((finding.at, finding.measured, finding.predicted), |it| {
            (it.at, it.measured, it.predicted)
        });
    let relation = if control.is_upper_bound() {
        "at most "
    } else if control.is_lower_bound() {
        "at least "
    } else {
        ""
    };
    html! {
        p {
            @if control.as_expected() { "It fails: " } @else { "It should fail, and does not: " }
            "it says " (relation) b { (number(predicted)) } ", measured is " b { (number(measured)) }
            @if at.is_finite() { " (at " (place(at)) ")" }
            ", on " (plain(&shortened(&instance.description)))
            @if let Origin::Searched(_) = instance.origin { ", which a search has found" }
            "."
        }
        @if let Some(rests_on) = &finding.rests_on { p .faint { "Rests on: " (plain(rests_on)) "." } }
        @if let Some(note) = &finding.note { p .faint { (plain(note)) } }
    }
}

/// The beginning of a description that nobody would read to its end here; all of it stands below.
fn shortened(description: &str) -> String {
    const MOST: usize = 160;
    match description.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", description[..end].trim_end()),
        None => description.to_owned(),
    }
}
