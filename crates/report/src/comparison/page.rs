//! The page of a comparison.

use maud::{Markup, html};

use super::curves::OfBoth;
use super::{Change, Comparison, Weight};
use crate::page::layout;
use crate::runs::different_runs;
use crate::words::words;

pub(super) fn page(comparison: &Comparison<'_>, figures: &[OfBoth]) -> Markup {
    let Comparison { names, sides, .. } = comparison;
    layout(
        &format!("{} and {}", names[0], names[1]),
        &html! {
            header {
                p .kicker { "Theoria" }
                h1 { "Two runs side by side" }
                p .lead { (comparison.summary()) "." }
                @for (letter, (name, side)) in ["A", "B"].iter().zip(names.iter().zip(sides)) {
                    p { b { (letter) } ": " (name) " (" (different_runs(side).join("; ")) ")" }
                }
            }
            main {
                @for weight in [Weight::Worse, Weight::Better, Weight::Neither] {
                    @let of_weight = || comparison.changes.iter().filter(|it| it.weight == weight);
                    @if of_weight().next().is_some() {
                        section {
                            h2 { (heading(weight)) }
                            table {
                                thead { tr { th { "theorem" } th { "claim or control" } th { "what changed" } } }
                                tbody { @for change in of_weight() { (row(change)) } }
                            }
                        }
                    }
                }
                @if !figures.is_empty() {
                    section {
                        h2 { "Curves" }
                        p { "Of each figure the first curves that both runs have: solid, as measured; dashed, as the first run predicted." }
                        @for figure in figures {
                            figure {
                                h3 { code { (figure.theorem) } " " (words(&figure.drawn.name)) }
                                img src=(figure.path()) alt=(figure.drawn.caption) loading="lazy";
                                figcaption { (figure.drawn.caption) }
                            }
                        }
                    }
                }
            }
        },
    )
}

fn heading(weight: Weight) -> &'static str {
    match weight {
        Weight::Worse => "Worse",
        Weight::Better => "Better",
        Weight::Neither => "New, or something else is claimed",
    }
}

fn row(change: &Change) -> Markup {
    html! {
        tr {
            td { code { (change.theorem) } }
            td { @if let Some(claim) = &change.claim { code { (claim) } } }
            td { (change.what) }
        }
    }
}
