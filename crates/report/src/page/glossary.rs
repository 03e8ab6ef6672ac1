//! The page of words and symbols.

use std::sync::LazyLock;

use maud::{Markup, html};
use theoria_verification::Statement;

use super::symbols;
use crate::prose::{inline, prose};

/// The glossary that the project's documents share.
pub(super) const GLOSSARY: &str = include_str!("../../../../docs/glossary.md");

/// The whole glossary as a page, typeset once.
pub(crate) fn glossary() -> &'static str {
    static PAGE: LazyLock<String> = LazyLock::new(|| page().into_string());
    &PAGE
}

fn page() -> Markup {
    let glossary = Statement::parse(GLOSSARY);
    super::layout::page(
        "Glossary – Theoria",
        "",
        "glossary",
        &html! {
            header {
                h1 { (glossary.title()) }
                div .lead { (prose(glossary.introduction())) }
                p .totals {
                    @for (heading, _) in glossary.sections() { a href={ "#" (anchor(heading)) } { (heading) } }
                }
            }
            @for (heading, body) in glossary.sections() {
                section #(anchor(heading)) { h2 { (heading) } (symbols::section(heading, body)) }
            }
        },
        &html! {},
    )
}

/// How verdicts are read, as it stands in the glossary: those words first without which nothing is understood.
pub(super) fn how_to_read_a_verdict() -> Markup {
    let rows = words_of_verdicts();
    let first = |wanted: &str| rows.iter().find(|(word, _)| *word == wanted);
    html! {
        dl .verdict-words {
            @for (word, mark, class) in [("supported", "✓", "good"), ("refuted", "✗", "bad"), ("inconclusive", "?", "unsure"), ("control", "✗", "good")] {
                @if let Some((word, meaning)) = first(word) {
                    div { dt .(class) { span aria-hidden="true" { (mark) } " " (word) } dd { (inline(meaning, &|_| None)) } }
                }
            }
        }
        details {
            summary { "All words of verdicts" }
            dl .words { @for (word, meaning) in &rows { dt { (inline(word, &|_| None)) } dd { (inline(meaning, &|_| None)) } } }
            p { a href="glossary.html" { "All words and symbols: the glossary" } }
        }
    }
}

/// The words of verdicts with what they mean, in Markdown.
fn words_of_verdicts() -> Vec<(&'static str, &'static str)> {
    let body = Statement::parse(GLOSSARY).section("How to read a verdict").unwrap_or_default();
    let row = |line: &'static str| line.strip_prefix("| ")?.strip_suffix(" |")?.split_once(" | ");
    body.lines().filter_map(row).skip(1).collect()
}

fn anchor(heading: &str) -> String {
    heading.to_lowercase().replace([' ', ','], "-")
}

#[cfg(test)]
mod tests {
    use super::{glossary, how_to_read_a_verdict};

    #[test]
    fn every_symbol_is_typeset() {
        let page = glossary();
        assert!(page.contains("<math") && !page.contains("<code>\\"), "{page}");
        assert_eq!(page.matches("<script").count(), 1);
    }

    #[test]
    fn every_symbol_has_an_address_of_its_own() {
        let page = glossary();
        let mut anchors: Vec<String> = super::symbols::glossary()
            .entries()
            .iter()
            .map(crate::symbols::Entry::anchor)
            .collect();
        assert!(anchors.len() > 300, "{}", anchors.len());
        for anchor in &anchors {
            assert_eq!(page.matches(&format!("id=\"{anchor}\"")).count(), 1, "{anchor}");
        }
        anchors.sort();
        anchors.dedup();
        assert_eq!(anchors.len(), super::symbols::glossary().entries().len());
    }

    #[test]
    fn the_words_of_verdicts_are_found() {
        let section = how_to_read_a_verdict().into_string();
        let (first, all) = section.split_once("<details").unwrap();
        assert!(
            ["supported", "refuted", "inconclusive", "control"]
                .iter()
                .all(|word| first.contains(word))
        );
        assert!(all.contains("not evidence") && all.contains("tight to 0.98"), "{section}");
    }
}
