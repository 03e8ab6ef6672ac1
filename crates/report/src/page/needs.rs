//! What an instance of one's own must provide.

use maud::{Markup, html};
use theoria_verification::{NeededHypothesis, Needs};

use crate::prose::plain;
use crate::words::{listed, words};

/// Families that are named; the cards of claims name all of them.
const NAMED: usize = 4;

/// For each type of instance, what it consists of and what is checked on it.
pub(super) fn needs(all: &[Needs]) -> Markup {
    html! {
        @for needs in all {
            div .needs {
                p {
                    code { (needs.instance_type) }
                    @if needs.provides.is_empty() {
                        ": a type of this theorem alone, which makes the instances"
                    } @else {
                        ": " (plain(&needs.provides)) "; such as the instances"
                    }
                    " of " (plain(&families(&needs.families))) "."
                }
                @if all.len() > 1 {
                    p .faint { "For " (names(&needs.claims)) "." }
                }
                @if needs.hypotheses.is_empty() {
                    p { "No hypothesis is checked on it." }
                } @else {
                    p { "Checked on it, and it counts if all are satisfied:" }
                    ul { @for hypothesis in &needs.hypotheses { li { (condition(hypothesis)) } } }
                }
            }
        }
        p .faint {
            "A family of your instances counts beside ours once the claim is made on it (" code { "Claim::on" }
            "); what was measured elsewhere is held against a claim's prediction by " code { "Theorem::judge" } "."
        }
    }
}

fn condition(hypothesis: &NeededHypothesis) -> Markup {
    html! {
        (plain(&hypothesis.name))
        @if !hypothesis.only_for.is_empty() {
            " " span .faint { "(for " (names(&hypothesis.only_for)) ")" }
        }
    }
}

fn names(claims: &[String]) -> String {
    listed(&claims.iter().map(|name| format!("“{}”", words(name))).collect::<Vec<_>>())
}

fn families(names: &[String]) -> String {
    let mut shown: Vec<String> = names.iter().take(NAMED).map(|name| format!("“{name}”")).collect();
    match names.len().saturating_sub(NAMED) {
        0 => {}
        1 => shown.push("one more family".into()),
        more => shown.push(format!("{more} more families")),
    }
    listed(&shown)
}
