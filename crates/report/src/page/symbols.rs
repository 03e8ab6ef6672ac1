//! The symbols of a statement, each with a link to the glossary.

use std::sync::LazyLock;

use maud::{Markup, html};

use super::glossary::GLOSSARY;
use crate::prose::prose;
use crate::symbols::{Glossary, Symbol, formulas, symbols};

/// Statements are not nearly as long: of longer ones no symbols are listed.
const LONGEST: usize = 100_000;

/// The glossary, taken apart once; empty if it cannot be, which a test forbids.
pub(super) fn glossary() -> &'static Glossary {
    static PARTS: LazyLock<Glossary> =
        LazyLock::new(|| Glossary::parse(GLOSSARY).unwrap_or_default());
    &PARTS
}

/// What the glossary says of the symbols in a statement; none if it says nothing.
pub(super) fn of_statement(theorem: &str, statement: &str) -> Option<Markup> {
    if statement.len() > LONGEST {
        return None;
    }
    let all: Vec<Symbol> = formulas(statement).flat_map(symbols).collect();
    let explained = glossary().explanations(theorem, &all);
    (!explained.is_empty()).then(|| {
        html! {
            details .symbols {
                summary { "Symbols: " (explained.len()) " that are used here, with what they mean" }
                ul {
                    @for entry in explained {
                        li {
                            a href={ "../glossary.html#" (entry.anchor()) } { (inline(&entry.symbols)) }
                            " " (inline(&entry.meaning))
                        }
                    }
                }
            }
        }
    })
}

fn inline(markdown: &str) -> Markup {
    crate::prose::inline(markdown, &|_| None)
}

/// A section of the glossary in which every symbol has an address.
pub(super) fn section(heading: &str, body: &str) -> Markup {
    let rows = || glossary().entries().iter().filter(|entry| entry.is_of(heading));
    let theorems: Vec<(&str, &str)> =
        body.lines().filter_map(|line| line.strip_prefix("- `")?.split_once("`: ")).collect();
    html! {
        @if rows().next().is_none() && theorems.is_empty() { (prose(body)) }
        @if rows().next().is_some() {
            table .glossary-table {
                thead { tr { th scope="col" { "symbol" } th scope="col" { "meaning" } } }
                tbody { @for entry in rows() { tr #(entry.anchor()) { td { (inline(&entry.symbols)) } td { (inline(&entry.meaning)) } } } }
            }
        }
        @for (name, _) in theorems {
            @let of_theorem = glossary().entries().iter().filter(|entry| entry.theorem().is_some_and(|id| id.ends_with(&format!("/{name}"))) );
            div .of-theorem {
                p { (super::layout::id(name)) }
                ul { @for entry in of_theorem { li #(entry.anchor()) { (inline(&entry.symbols)) " " (inline(&entry.meaning)) } } }
            }
        }
    }
}
