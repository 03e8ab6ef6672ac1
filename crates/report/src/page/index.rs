//! The first page: what this is, one figure, the chapters, and every theorem.

use maud::{Markup, html};
use theoria_verification::evidence::SuiteErrors;
use theoria_verification::{Role, Standing};

use super::bars::legend;
use super::cards::theorems;
use super::exercises;
use super::glossary::how_to_read_a_verdict;
use super::layout::{colophon, id, page, standing, standing_mark};
use super::{HYPOTHESES_FILE, MAP_FILE};
use crate::chapters::{Text, texts};
use crate::entry::Entry;
use crate::prose::{inline, plain};
use crate::site::{Chapter, Site};
use crate::sketch::{Opening, opening};
use crate::words::counted;

/// So many theorems are shown with their pictures at once; of more, their chapters are.
const FEW: usize = 12;

/// The index of the site.
pub(crate) fn index(site: &Site<'_>) -> Markup {
    let all: Vec<&Entry<'_>> = site.entries.iter().collect();
    let texts = texts();
    let to_page = |address: &str| site.page("", address);
    let known = site.chapters.iter().any(|chapter| chapter.text.is_some());
    page(
        "Theoria: the theory of optimization, checked by experiment",
        "",
        "wide",
        &html! {
            div .opening-head {
                header {
                    p .kicker { "Theoria" }
                    h1 { (if known { texts.title } else { "Claims, checked by experiment" }) }
                    p .lead { (inline(texts.lead, &to_page)) }
                }
                @if let Some(opening) = opening(site.entries, texts.shown_first.as_ref()) { (hero(&opening)) }
            }
            section .how {
                h2 { "How to read a verdict" }
                (how_to_read_a_verdict())
            }
            section {
                h2 { "This run" }
                (totals(&all))
                (warnings(site, &all))
            }
            @if site.chapters.len() > 1 || site.entries.len() > FEW {
                section {
                    h2 { (if site.chapters.len() == 1 { "The chapter" } else { "The chapters" }) }
                    ul .cards { @for chapter in &site.chapters { (card(chapter, site)) } }
                }
            }
            p { a href=(MAP_FILE) { "The map of theorems" } ": which of them uses which, from what uses nothing to what rests on most. "
                a href=(HYPOTHESES_FILE) { "All hypotheses" } ": which are shown to be needed, by which counterexample." }
            (corrections(site, texts.chapters.iter(), "What circulates, and what was found"))
            (exercises::list(site))
            section {
                h2 #theorems { "All theorems" }
                @if site.entries.len() <= FEW {
                    (legend())
                    (theorems(site.entries.iter()))
                } @else {
                    div .contents { @for chapter in &site.chapters { (contents(chapter)) } }
                }
                p { a href="print.html" { "The whole report as one document, to be printed" } }
            }
        },
        &colophon(&all, site.about),
    )
}

/// Everything that does not hold, before all that does.
fn warnings(site: &Site<'_>, all: &[&Entry<'_>]) -> Markup {
    let errors = SuiteErrors::of(all.iter().map(|entry| entry.evidence)).to_string();
    // 4.0e-9 is one word.
    let errors = errors.replace("e-", "e\u{2011}");
    let open: Vec<&Entry<'_>> =
        all.iter().copied().filter(|entry| entry.evidence.standing != Standing::Holds).collect();
    html! {
        @if !open.is_empty() {
            ul .open {
                @for entry in open {
                    li { (standing(entry.evidence.standing)) " " a href=(entry.page_path()) { (entry.statement.title()) } " " (id(&entry.evidence.id)) }
                }
            }
        }
        p .faint { (errors) }
        @if all.iter().any(|entry| entry.evidence.is_incomplete()) {
            p .warning { "Incomplete: shards of some runs are missing, and nothing of these theorems is supported." }
        }
        @if site.runs.len() > 1 {
            p .warning { "Not all theorems were checked in the same runs: " (site.runs.join("; ")) "." }
        }
    }
}

/// How many theorems hold, and how many claims were made of them.
pub(super) fn totals(entries: &[&Entry<'_>]) -> Markup {
    let count = |s| entries.iter().filter(|e| e.evidence.standing == s).count();
    let claims = |role| -> usize {
        let of =
            |entry: &&Entry<'_>| entry.evidence.claims.iter().filter(|c| c.role == role).count();
        entries.iter().map(of).sum()
    };
    html! {
        p .totals {
            @for s in [Standing::Holds, Standing::Refuted, Standing::NotEvidence, Standing::Inconclusive] {
                @if count(s) > 0 {
                    span { (standing(s)) " " b { (count(s)) } }
                }
            }
            span .faint {
                (counted(entries.len(), "theorem")) ", " (counted(claims(Role::Claim), "claim"))
                @if claims(Role::Control) > 0 { ", " (counted(claims(Role::Control), "control")) }
            }
        }
    }
}

/// A promise, what was measured, and a control that breaks it.
fn hero(opening: &Opening<'_>) -> Markup {
    let (entry, claim) = (opening.entry, opening.claim);
    html! {
        figure .hero {
            figcaption {
                a href=(entry.page_path()) { b { (entry.statement.title()) } } ": "
                (plain(&opening.figure.y.label)) " against " (plain(&opening.figure.x.label))
            }
            @if let Some(svg) = opening.svg() { (svg) }
            ul .key {
                li { span .swatch .ink0 .dashed {} "promised"
                    @if claim.is_upper_bound() { ", at most" } @else if claim.is_lower_bound() { ", at least" }
                    ": " span .formula { (plain(&claim.formula)) } }
                li { span .swatch .ink0 {} "measured, on " (plain(&opening.instance.family)) }
                @if let Some((control, instance)) = opening.control {
                    li { span .swatch .ink-control {} "control, on " (plain(&instance.family))
                        @if let Some(hypothesis) = &control.violates { ", where a hypothesis fails (" (plain(hypothesis)) ")" }
                        ": " span .formula { (plain(&control.formula)) } ", dashed, is refuted" }
                }
            }
        }
    }
}

/// A chapter in short, with its picture.
fn card(chapter: &Chapter<'_>, site: &Site<'_>) -> Markup {
    let picture = chapter.text.and_then(|text| text.picture.as_ref());
    let named = picture.and_then(|it| site.entry(it.theorem)?.sketch(Some(it.figure)));
    let first = || chapter.entries.iter().find_map(|entry| entry.sketch(None));
    let holds = chapter.entries.iter().filter(|it| it.evidence.standing == Standing::Holds).count();
    html! {
        li .card {
            @if let Some((sketch, _)) = named.or_else(first) { div .picture { (sketch) } }
            h3 { a href=(chapter.page_path()) { (chapter.name()) } }
            @if let Some(text) = chapter.text { p { (inline(text.question, &|_| None)) } }
            p .faint {
                (counted(chapter.entries.len(), "theorem")) ", "
                @if holds == chapter.entries.len() { "all hold here" } @else { (holds) " hold here" }
            }
        }
    }
}

/// What chapters say of what circulates, as far as the theorem that it rests on is in this report, and holds.
pub(super) fn corrections<'t>(
    site: &Site<'_>,
    of: impl Iterator<Item = &'t Text>,
    heading: &str,
) -> Markup {
    let holds = |id: &str| site.entry(id).is_some_and(|it| it.evidence.standing == Standing::Holds);
    let listed: Vec<_> =
        of.flat_map(|text| &text.corrections).filter(|it| holds(&it.theorem)).collect();
    html! {
        @if !listed.is_empty() {
            section {
                h2 { (heading) }
                ul .corrections {
                    @for correction in listed { li { (inline(correction.text, &|address| site.page("", address))) } }
                }
            }
        }
    }
}

/// The titles of a chapter.
fn contents(chapter: &Chapter<'_>) -> Markup {
    html! {
        section {
            h3 { a href=(chapter.page_path()) { (chapter.name()) } }
            ul {
                @for entry in &chapter.entries {
                    li data-standing=(entry.evidence.standing) {
                        (standing_mark(entry.evidence.standing)) " "
                        a href=(entry.page_path()) { (entry.statement.title()) }
                    }
                }
            }
        }
    }
}
