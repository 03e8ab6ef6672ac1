//! All claims of a theorem in a table, and what became of its controls.

use maud::{Markup, html};
use theoria_verification::Role;
use theoria_verification::evidence::{ClaimEvidence, TheoremEvidence};

use super::bars::bar;
use super::layout::verdict;
use crate::prose::plain;
use crate::verdicts::severity;
use crate::words::{capitalised, counted, words};

/// One line a claim.
pub(super) fn glance(evidence: &TheoremEvidence) -> Markup {
    let of = |role| evidence.claims.iter().filter(move |claim| claim.role == role);
    html! {
        div .scroll tabindex="0" { table .glance {
            thead { tr { th scope="col" { "claim" } th scope="col" { "what could be seen" } th scope="col" { "verdict" } } }
            tbody {
                @for claim in of(Role::Claim) {
                    tr {
                        td { a href={ "#" (claim.name) } { (capitalised(&words(&claim.name))) } br; span .formula { (plain(&claim.formula)) } }
                        td { @match bar(claim) { Some(bar) => (bar), None => (severity(claim)) } }
                        td { (verdict(claim.verdict, claim.as_expected())) }
                    }
                }
            }
        } }
        @if of(Role::Control).next().is_some() { p { (caught(of(Role::Control))) } }
    }
}

/// How many false claims were caught.
fn caught<'a>(controls: impl Iterator<Item = &'a ClaimEvidence>) -> String {
    let all: Vec<&ClaimEvidence> = controls.collect();
    let caught = all.iter().filter(|control| control.as_expected()).count();
    let false_ones = counted(all.len(), "false claim");
    match (all.len(), caught) {
        (1, 1) => "One false claim was tried beside it, and was refuted.".into(),
        (all, caught) if all == caught => {
            format!("{false_ones} were tried beside them, and all were refuted.")
        }
        _ => format!(
            "Of {false_ones} that were tried, {caught} were refuted; the check has less power than it needs."
        ),
    }
}

/// One line a control, as it is printed.
pub(super) fn controls(evidence: &TheoremEvidence) -> Markup {
    let controls = || evidence.claims.iter().filter(|claim| claim.role == Role::Control);
    html! {
        @if controls().next().is_some() {
            table .glance {
                thead { tr { th scope="col" { "false, and tried" } th scope="col" { "verdict" } } }
                tbody {
                    @for control in controls() {
                        tr {
                            td { (capitalised(&words(&control.name))) br; span .formula { (plain(&control.stated())) } }
                            td { (verdict(control.verdict, control.as_expected())) }
                        }
                    }
                }
            }
        }
    }
}
