//! What all pages share.

use maud::{DOCTYPE, Markup, PreEscaped, html};
use theoria_verification::{Standing, Verdict};

use crate::about::About;
use crate::entry::Entry;
use crate::figure::colours_of_legends;

const STYLE: &str = include_str!("style.css");

/// The frame that all pages share. Style and script are in the page, so that it opens from a file.
pub(crate) fn layout(title: &str, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                style { (PreEscaped(STYLE)) (PreEscaped(colours_of_legends())) }
            }
            body { (body) }
        }
    }
}

/// A standing as a mark with words.
pub(super) fn standing(standing: Standing) -> Markup {
    let (class, mark) = match standing {
        Standing::Holds => ("good", "✓"),
        Standing::Refuted => ("bad", "✗"),
        Standing::NotEvidence => ("bad", "⊘"),
        Standing::Inconclusive => ("unsure", "?"),
    };
    html! { span .mark .(class) { span aria-hidden="true" { (mark) } " " (standing) } }
}

/// A verdict as a mark with words; the colour says whether it is the one that is needed.
pub(super) fn verdict(verdict: Verdict, as_expected: bool) -> Markup {
    let mark = match verdict {
        Verdict::Supported => "✓",
        Verdict::Refuted => "✗",
        Verdict::Inconclusive => "?",
    };
    let class = match (as_expected, verdict) {
        (true, _) => "good",
        (false, Verdict::Inconclusive) => "unsure",
        (false, _) => "bad",
    };
    html! { span .mark .(class) { span aria-hidden="true" { (mark) } " " (verdict) } }
}

/// Seeds, versions, date and machine.
pub(super) fn colophon(entries: &[&Entry<'_>], about: &About) -> Markup {
    let mut runs: Vec<String> =
        entries.iter().flat_map(|entry| &entry.evidence.runs).map(ToString::to_string).collect();
    runs.sort();
    runs.dedup();
    let mut versions: Vec<&str> = entries.iter().map(|e| e.evidence.version.as_str()).collect();
    versions.sort_unstable();
    versions.dedup();
    html! {
        footer {
            p {
                "Theoria " (versions.join(", ")) " · " (runs.join("; "))
                @for fact in [&about.date, &about.machine, &about.duration].into_iter().flatten() {
                    " · " (fact)
                }
            }
        }
    }
}
