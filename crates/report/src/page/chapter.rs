//! The page of a chapter.

use maud::{Markup, html};

use super::bars::legend;
use super::cards::theorems;
use super::index::{corrections, totals};
use super::layout::{colophon, page};
use crate::prose::{inline, plain, prose_with};
use crate::site::{Chapter, Site};

/// What it asks, what it shows, and its theorems.
pub(crate) fn chapter(chapter: &Chapter<'_>, site: &Site<'_>) -> Markup {
    let to_page = |address: &str| site.page("", address);
    let picture = chapter.text.and_then(|text| text.picture.as_ref());
    let pictured = picture.and_then(|picture| {
        let entry = site.entry(picture.theorem)?;
        let (sketch, figure) = entry.sketch(Some(picture.figure))?;
        Some((entry, sketch, figure))
    });
    let [previous, next] = site.around(chapter.id);
    let name = chapter.name();
    page(
        &format!("{name} – Theoria"),
        "",
        "wide",
        &html! {
            header .chapter-head {
                div {
                    p .kicker { "Chapter" }
                    h1 { (name) }
                    @if let Some(text) = chapter.text { p .lead .question { (inline(text.question, &to_page)) } }
                    (totals(&chapter.entries))
                }
                @if let Some((entry, sketch, figure)) = pictured {
                    figure .small {
                        a href=(entry.page_path()) aria-label=(entry.statement.title()) { (sketch) }
                        figcaption { (plain(&figure.caption)) }
                    }
                }
            }
            @if let Some(text) = chapter.text {
                div .introduction { (prose_with(&text.introduction, &to_page)) }
                (corrections(site, std::iter::once(text), "What circulates, and what holds"))
            }
            h2 #theorems { "Theorems" }
            (legend())
            (theorems(chapter.entries.iter().copied()))
        },
        &html! {
            nav .neighbours aria-label="Chapters before and after" {
                @if let Some(previous) = previous { a href=(previous.page_path()) rel="prev" { span .faint { "previous chapter" } br; (previous.name()) } } @else { span {} }
                @if let Some(next) = next { a href=(next.page_path()) rel="next" { span .faint { "next chapter" } br; (next.name()) } }
            }
            (colophon(&chapter.entries, site.about))
        },
    )
}
