//! The first page: one line a theorem.

use maud::{Markup, PreEscaped, html};
use theoria_verification::evidence::{ClaimEvidence, SuiteErrors};
use theoria_verification::{Role, Standing};

use super::glossary::how_to_read_a_verdict;
use super::layout::{colophon, layout, standing};
use super::theorem::predicted;
use crate::about::About;
use crate::entry::Entry;
use crate::number::number;
use crate::verdicts::severity;
use crate::words::{capitalised, counted, words};

const SCRIPT: &str = include_str!("filter.js");

/// The index of the site.
pub(crate) fn index(entries: &[Entry<'_>], about: &About, runs: &[String]) -> Markup {
    let mut chapters: Vec<&str> = entries.iter().map(|entry| entry.chapter).collect();
    chapters.dedup();
    let all: Vec<&Entry<'_>> = entries.iter().collect();
    let claims = |role| -> usize {
        let of =
            |entry: &&Entry<'_>| entry.evidence.claims.iter().filter(|c| c.role == role).count();
        all.iter().map(of).sum()
    };
    let errors = SuiteErrors::of(all.iter().map(|entry| entry.evidence)).to_string();
    // 4.0e-9 is one word.
    let errors = errors.replace("e-", "e\u{2011}");
    layout(
        "Theoria: verdicts",
        &html! {
            header {
                p .kicker { "Theoria" }
                h1 { "The theory of optimization, checked by experiment" }
                p .lead {
                    "Each theorem below was run on instances on which its hypotheses were verified. "
                    "Its claims had to be supported by what was measured"
                    @if claims(Role::Control) > 0 {
                        "; its controls, false on purpose, had to come out refuted"
                    }
                    "."
                }
                (totals(&all, claims(Role::Claim), claims(Role::Control)))
                p .faint { (errors) }
                @if all.iter().any(|entry| entry.evidence.is_incomplete()) {
                    p .warning { "Incomplete: shards of some runs are missing, and nothing of these theorems is supported." }
                }
                @if runs.len() > 1 {
                    p .warning { "Not all theorems were checked in the same runs: " (runs.join("; ")) "." }
                }
                form #filter hidden role="search" {
                    label {
                        "Filter "
                        input type="search" name="text" placeholder="name, claim, chapter …"
                            autocomplete="off";
                    }
                    label {
                        "Show "
                        select name="standing" {
                            option value="" { "all" }
                            @for s in [Standing::Holds, Standing::Refuted, Standing::NotEvidence, Standing::Inconclusive] {
                                option value=(s) { (s) }
                            }
                        }
                    }
                    output name="count" {}
                }
            }
            main {
                @for chapter in chapters {
                    section .chapter {
                        h2 { (capitalised(&words(chapter))) }
                        ul .theorems {
                            @for entry in entries.iter().filter(|entry| entry.chapter == chapter) {
                                (line(entry))
                            }
                        }
                    }
                }
                aside {
                    (how_to_read_a_verdict())
                    p { a href="glossary.html" { "All words and symbols: the glossary" } }
                }
            }
            (colophon(&all, about))
            script { (PreEscaped(SCRIPT)) }
        },
    )
}

fn totals(entries: &[&Entry<'_>], claims: usize, controls: usize) -> Markup {
    let count = |s| entries.iter().filter(|e| e.evidence.standing == s).count();
    html! {
        p .totals {
            @for s in [Standing::Holds, Standing::Refuted, Standing::NotEvidence, Standing::Inconclusive] {
                @if count(s) > 0 {
                    span { (standing(s)) " " b { (count(s)) } }
                }
            }
            span .faint {
                (counted(entries.len(), "theorem")) ", " (counted(claims, "claim"))
                @if controls > 0 { ", " (counted(controls, "control")) }
            }
        }
    }
}

fn line(entry: &Entry<'_>) -> Markup {
    let evidence = entry.evidence;
    let told = headline(&evidence.claims);
    html! {
        li data-standing=(evidence.standing) {
            a href=(entry.page_path()) {
                span .thumbnail {
                    @if let Some(figure) = entry.figures.first() {
                        img src=(entry.figure_path(figure)) alt="" loading="lazy" width="144" height="86";
                    }
                }
                span .what {
                    b { (entry.statement.title()) }
                    code { (evidence.id) }
                }
            }
            span .numbers {
                @if let Some(claim) = told {
                    @if let Some(finding) = claim.decisive_instance().and_then(|i| i.finding.as_ref()) {
                        span { span .faint { "measured " } (number(finding.measured)) }
                        span { span .faint { (predicted(claim)) " " } (number(finding.predicted)) }
                    }
                    span { (severity(claim)) }
                }
            }
            span .verdict { (standing(evidence.standing)) }
        }
    }
}

/// The claim that a line shows: one that is not as it should be, else the first.
fn headline(claims: &[ClaimEvidence]) -> Option<&ClaimEvidence> {
    claims.iter().find(|claim| !claim.as_expected()).or(claims.first())
}
