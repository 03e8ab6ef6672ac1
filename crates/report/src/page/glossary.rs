//! The page of words and symbols.

use std::sync::LazyLock;

use maud::{Markup, html};
use theoria_verification::Statement;

use super::layout::layout;
use crate::prose::prose;

/// The glossary that the project's documents share.
const GLOSSARY: &str = include_str!("../../../../docs/glossary.md");

/// The whole glossary as a page, typeset once.
pub(crate) fn glossary() -> &'static str {
    static PAGE: LazyLock<String> = LazyLock::new(|| page().into_string());
    &PAGE
}

fn page() -> Markup {
    let glossary = Statement::parse(GLOSSARY);
    layout(
        "Glossary – Theoria",
        &html! {
            nav aria-label="Breadcrumb" { a href="index.html" { "Theoria" } }
            header {
                h1 { (glossary.title()) }
                div .lead { (prose(glossary.introduction())) }
                p .totals {
                    @for (heading, _) in glossary.sections() { a href={ "#" (anchor(heading)) } { (heading) } }
                }
            }
            main .glossary {
                @for (heading, body) in glossary.sections() {
                    section #(anchor(heading)) { h2 { (heading) } (prose(body)) }
                }
            }
        },
    )
}

/// How verdicts are read, as it stands in the glossary.
pub(super) fn how_to_read_a_verdict() -> Markup {
    let heading = "How to read a verdict";
    let body = Statement::parse(GLOSSARY).section(heading).unwrap_or_default();
    html! { h2 { (heading) } div .scroll { (prose(body)) } }
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
        assert!(!page.contains("<script"), "{page}");
    }

    #[test]
    fn the_words_of_verdicts_are_found() {
        let section = how_to_read_a_verdict().into_string();
        assert!(section.contains("<table") && section.contains("not evidence"), "{section}");
    }
}
