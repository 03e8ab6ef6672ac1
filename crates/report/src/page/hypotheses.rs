//! All hypotheses of all theorems: who assumes them, and what fails without them.

use std::collections::BTreeMap;

use maud::{Markup, html};
use theoria_verification::Role;
use theoria_verification::evidence::ClaimEvidence;

use super::bars::bar;
use super::layout::{colophon, page, standing_mark, verdict};
use super::necessity::{broken_claim, counterexample};
use crate::entry::Entry;
use crate::prose::plain;
use crate::site::Site;
use crate::verdicts::severity;
use crate::words::{capitalised, words};

/// Path from the root of the site.
pub(crate) const HYPOTHESES_FILE: &str = "hypotheses.html";

/// A hypothesis in a theorem: the controls that break it.
struct Case<'a> {
    entry: &'a Entry<'a>,
    lane: usize,
    controls: Vec<&'a ClaimEvidence>,
}

impl Case<'_> {
    /// Whether a claim of the theorem is seen to fail without it.
    fn is_needed(&self) -> bool {
        self.controls.iter().any(|control| control.as_expected())
    }
}

/// A hypothesis with the theorems that assume it, in the order of the chapters.
struct Row<'a> {
    name: &'a str,
    cases: Vec<Case<'a>>,
}

impl Row<'_> {
    fn needed(&self) -> usize {
        self.cases.iter().filter(|case| case.is_needed()).count()
    }

    fn controls(&self) -> usize {
        self.cases.iter().map(|case| case.controls.len()).sum()
    }
}

/// The page of all hypotheses.
pub(crate) fn hypotheses(site: &Site<'_>) -> Markup {
    let rows = rows(site);
    let all: Vec<&Entry<'_>> = site.entries.iter().collect();
    let (broken, never): (Vec<&Row<'_>>, Vec<&Row<'_>>) =
        rows.iter().partition(|row| row.controls() > 0);
    let shared: Vec<&Row<'_>> = rows.iter().filter(|row| row.cases.len() > 1).collect();
    let needed = rows.iter().filter(|row| row.needed() > 0).count();
    page(
        "Hypotheses – Theoria",
        "",
        "wide",
        &html! {
            header {
                h1 { "What is assumed, and what fails without it" }
                p .lead {
                    "A hypothesis is needed if a claim fails on an instance that violates it and satisfies the others. Of "
                    (rows.len()) " hypotheses that theorems here assume, " (needed) " are shown to be needed, each by a counterexample. "
                    "The others were not broken by any control, which is no proof that they are superfluous."
                }
            }
            // Shown by the script that narrows.
            p #narrow .narrow hidden {
                label for="narrow-words" { "Only rows with these words" }
                input #narrow-words type="search" autocomplete="off";
                span .faint role="status" {}
            }
            @if !shared.is_empty() {
                section {
                    h2 { "Hypotheses that several theorems assume" }
                    p .faint { "A cell says for how many theorems of the chapter the hypothesis is shown to be needed, of those that assume it." }
                    (matrix(site, &shared))
                }
            }
            section {
                h2 { "Counterexamples" }
                @if broken.is_empty() { p { "No control here breaks a hypothesis." } }
                @else { (counterexamples(&broken)) }
            }
            @if !never.is_empty() {
                section {
                    h2 { "Assumed, and broken by no control" }
                    (unbroken(&never))
                }
            }
        },
        &colophon(&all, site.about),
    )
}

/// What most theorems assume comes first; of what as many assume, in the order of names.
fn rows<'a>(site: &'a Site<'a>) -> Vec<Row<'a>> {
    let mut rows: BTreeMap<&str, Row<'_>> = BTreeMap::new();
    for (lane, chapter) in site.chapters.iter().enumerate() {
        for entry in &chapter.entries {
            for name in assumed(entry) {
                let controls = entry.evidence.claims.iter();
                let controls = controls
                    .filter(|it| it.role == Role::Control && it.violates.as_deref() == Some(name))
                    .collect();
                let row = rows.entry(name).or_insert_with(|| Row { name, cases: Vec::new() });
                row.cases.push(Case { entry, lane, controls });
            }
        }
    }
    let mut rows: Vec<Row<'_>> = rows.into_values().collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.cases.len()));
    rows
}

/// What the claims of a theorem assume, and what its controls break, each once.
fn assumed<'a>(entry: &Entry<'a>) -> Vec<&'a str> {
    let claims = || entry.evidence.claims.iter();
    let needs = entry.evidence.needs.iter().flat_map(|needs| &needs.hypotheses);
    let needs = needs.map(|hypothesis| hypothesis.name.as_str());
    let mut seen = std::collections::HashSet::new();
    let broken = claims().filter_map(|claim| claim.violates.as_deref());
    needs.chain(broken).filter(|name| seen.insert(*name)).collect()
}

fn matrix(site: &Site<'_>, rows: &[&Row<'_>]) -> Markup {
    html! {
        div .scroll tabindex="0" role="region" aria-label="Hypotheses and chapters" { table .matrix {
            thead { tr {
                th scope="col" { "hypothesis" }
                @for chapter in &site.chapters { th scope="col" { (chapter.name()) } }
                th scope="col" { "in all" }
            } }
            tbody { @for row in rows { tr {
                th scope="row" { (linked(row)) }
                @for lane in 0..site.chapters.len() {
                    @let here = || row.cases.iter().filter(move |case| case.lane == lane);
                    td { (share(here().filter(|case| case.is_needed()).count(), here().count())) }
                }
                td { (share(row.needed(), row.cases.len())) }
            } } }
        } }
    }
}

/// Its name, with a link to its counterexamples if it has any.
fn linked(row: &Row<'_>) -> Markup {
    html! {
        @if row.controls() > 0 { a href={ "#" (anchor(row.name)) } { (plain(row.name)) } } @else { (plain(row.name)) }
    }
}

fn share(needed: usize, of: usize) -> Markup {
    html! {
        @match (needed, of) {
            (_, 0) => {},
            (0, of) => span .faint { "0 of " (of) },
            (needed, of) => b { (needed) " of " (of) },
        }
    }
}

/// An address on the page: the name's letters and numbers as they are, all else by its number.
fn anchor(name: &str) -> String {
    let mut anchor = String::from("without-");
    for c in name.chars() {
        if c.is_ascii_alphanumeric() {
            anchor.push(c);
        } else if c == ' ' {
            anchor.push('-');
        } else {
            anchor += &format!("_{:x}", u32::from(c));
        }
    }
    anchor
}

fn counterexamples(rows: &[&Row<'_>]) -> Markup {
    html! {
        div .scroll tabindex="0" role="region" aria-label="Counterexamples" { table .counterexamples {
            thead { tr {
                th scope="col" { "theorem" } th scope="col" { "fails" } th scope="col" { "on" }
                th scope="col" { "seen with it" } th scope="col" { "without it" }
            } }
            @for row in rows {
                tbody {
                    tr #(anchor(row.name)) { th scope="rowgroup" colspan="5" { span { "without " b { (plain(row.name)) } } } }
                    @for case in &row.cases {
                        @for control in &case.controls { (counterexample_line(case.entry, control)) }
                    }
                }
            }
        } }
    }
}

fn counterexample_line(entry: &Entry<'_>, control: &ClaimEvidence) -> Markup {
    let claim = broken_claim(control, &entry.evidence.claims);
    html! {
        tr {
            td { (standing_mark(entry.evidence.standing)) " " a href=(entry.page_path()) { (entry.statement.title()) } }
            td { a href={ (entry.page_path()) "#" (control.name) } { (capitalised(&words(claim.map_or(&control.name, |claim| &claim.name)))) } }
            td { (counterexample(control)) }
            td { @if let Some(claim) = claim { (seen(claim)) } }
            td { (verdict(control.verdict, control.as_expected())) br; span .faint title=(control.level.meaning()) { (control.level) } }
        }
    }
}

/// What could be seen of a claim where its hypotheses hold.
fn seen(claim: &ClaimEvidence) -> Markup {
    html! { @match bar(claim) { Some(bar) => (bar), None => (severity(claim)) } }
}

fn unbroken(rows: &[&Row<'_>]) -> Markup {
    html! {
        ul .unbroken {
            @for row in rows {
                li {
                    (plain(row.name)) " "
                    span .faint {
                        @for (number, case) in row.cases.iter().enumerate() {
                            @if number > 0 { ", " }
                            a href=(case.entry.page_path()) { (words(case.entry.name)) }
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::anchor;

    #[test]
    fn names_have_addresses_of_their_own() {
        assert_eq!(anchor("step size"), "without-step-size");
        assert_ne!(anchor("x > 0"), anchor("x < 0"));
        assert!(
            anchor("\"><script>").chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c))
        );
    }
}
