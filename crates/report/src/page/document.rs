//! All of the report in one document, to be printed.

use maud::{Markup, html};

use super::glance::{controls, glance};
use super::glossary::how_to_read_a_verdict;
use super::index::{corrections, totals};
use super::layout::{colophon, id, standing, standing_mark, without_links};
use super::map;
use crate::chapters::texts;
use crate::entry::Entry;
use crate::prose::{inline, plain, prose, prose_with};
use crate::site::{Chapter, Site};
use crate::sources::with_links;

/// Figures of a theorem that are printed: more take a third page.
const FIGURES: usize = 2;

/// Summary and contents first, then chapter by chapter.
pub(crate) fn document(site: &Site<'_>) -> Markup {
    let all: Vec<&Entry<'_>> = site.entries.iter().collect();
    let texts = texts();
    let in_document = |address: &str| {
        let entry = site.entry(&crate::chapters::theorem_at(address)?)?;
        Some(format!("#{}", place(entry)))
    };
    without_links(
        "Theoria: the whole report",
        &html! {
            main .document {
                header {
                    p .kicker { "Theoria" }
                    h1 { (texts.title) }
                    p .lead { (inline(texts.lead, &in_document)) }
                    (totals(&all))
                    p .on-screen { a href="index.html" { "Back to the report" } }
                }
                section { h2 { "How to read a verdict" } (how_to_read_a_verdict()) }
                (corrections(site, texts.chapters.iter(), "What circulates, and what was found"))
                nav .contents aria-label="Contents" {
                    @for chapter in &site.chapters {
                        section {
                            h2 { a href={ "#" (chapter.id) } { (chapter.name()) } }
                            ul { @for entry in &chapter.entries { li {
                                (standing_mark(entry.evidence.standing)) " " a href={ "#" (place(entry)) } { (entry.statement.title()) }
                            } } }
                        }
                    }
                }
                @for chapter in &site.chapters { (printed(chapter, site, &in_document)) }
            }
            (colophon(&all, site.about))
        },
    )
}

/// Where a theorem stands in the document.
fn place(entry: &Entry<'_>) -> String {
    format!("{}-{}", entry.chapter, entry.name)
}

fn printed(
    chapter: &Chapter<'_>,
    site: &Site<'_>,
    page: &dyn Fn(&str) -> Option<String>,
) -> Markup {
    html! {
        section #(chapter.id) .part {
            p .kicker { "Chapter" }
            h1 { (chapter.name()) }
            @if let Some(text) = chapter.text {
                p .lead { (inline(text.question, page)) }
                (prose_with(&text.introduction, page))
            }
        }
        @for entry in &chapter.entries { (theorem(entry, site)) }
    }
}

fn theorem(entry: &Entry<'_>, site: &Site<'_>) -> Markup {
    let evidence = entry.evidence;
    html! {
        article #(place(entry)) .leaf {
            h2 { (entry.statement.title()) }
            p .totals { (standing(evidence.standing)) (id(&evidence.id)) }
            (prose(entry.statement.introduction()))
            (map::printed(entry, site))
            div .pair {
                @for figure in entry.figures.iter().take(FIGURES) {
                    figure {
                        img src=(entry.figure_path(figure)) alt=(figure.caption) loading="lazy";
                        figcaption { (plain(&figure.caption)) }
                    }
                }
            }
            @for (heading, body) in entry.statement.sections() {
                @if ["Hypotheses", "Statement", "Source"].contains(heading) {
                    section .statement { h3 { (heading) } @if *heading == "Source" { (prose(&with_links(body))) } @else { (prose(body)) } }
                }
            }
            h3 { "Claims" }
            (glance(evidence))
            (controls(evidence))
        }
    }
}
