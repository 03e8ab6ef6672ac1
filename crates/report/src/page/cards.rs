//! Theorems in a list, each with a small picture and what could be seen of it.

use maud::{Markup, html};
use theoria_verification::Role;
use theoria_verification::evidence::ClaimEvidence;

use super::bars::bar;
use super::layout::{id, standing};
use crate::entry::Entry;
use crate::prose::plain;
use crate::verdicts::severity;
use crate::words::{capitalised, words};

/// Claims whose bars a line shows.
const BARS: usize = 3;

/// One line a theorem, on a page at the root.
pub(super) fn theorems<'a>(entries: impl Iterator<Item = &'a Entry<'a>>) -> Markup {
    html! { ul .theorems { @for entry in entries { (line(entry)) } } }
}

fn line(entry: &Entry<'_>) -> Markup {
    let evidence = entry.evidence;
    let claims: Vec<&ClaimEvidence> =
        evidence.claims.iter().filter(|claim| claim.role == Role::Claim).collect();
    // One that is not as it should be is never left out.
    let failing = evidence.claims.iter().filter(|claim| !claim.as_expected());
    html! {
        li data-standing=(evidence.standing) {
            div .thumbnail { @if let Some((sketch, _)) = entry.sketch(None) { (sketch) } }
            div .what {
                h3 { a href=(entry.page_path()) { (entry.statement.title()) } }
                @if let Some(first) = claims.first() { p .formula { (plain(&first.formula)) } }
                (id(&evidence.id))
                @for claim in failing {
                    p .trouble {
                        @if claim.role == Role::Control { "control " }
                        (words(&claim.name)) ": " (claim.verdict)
                    }
                }
            }
            div .numbers {
                @for claim in claims.iter().take(BARS) {
                    div {
                        span .faint { (capitalised(&words(&claim.name))) }
                        @match bar(claim) { Some(bar) => (bar), None => span { (severity(claim)) } }
                    }
                }
                @if claims.len() > BARS { span .faint { "and " (claims.len() - BARS) " more" } }
            }
            div .verdict { (standing(evidence.standing)) }
        }
    }
}
