//! What all pages share.

use maud::{DOCTYPE, Markup, PreEscaped, html};
use theoria_verification::{Standing, Verdict};

use super::{HYPOTHESES_FILE, MAP_FILE, SCRIPT_FILE, SEARCH_FILE, STYLE_FILE};
use crate::about::About;
use crate::entry::Entry;
use crate::figure::colours_of_legends;

const STYLE: &str = concat!(
    include_str!("style.css"),
    include_str!("site.css"),
    include_str!("map.css"),
    include_str!("explorable.css"),
    include_str!("projection.css"),
    include_str!("print.css"),
);

/// How all pages look.
pub(crate) fn style() -> String {
    STYLE.to_owned() + &colours_of_legends()
}

/// A page that stands alone: its style is in it.
pub(crate) fn layout(title: &str, body: &Markup) -> Markup {
    frame(title, &html! { style { (PreEscaped(style())) } }, body)
}

/// A page at the root of the site that has no links to the others.
pub(super) fn without_links(title: &str, body: &Markup) -> Markup {
    frame(title, &linked_style(""), body)
}

/// The style of the site, whose root is this from the page.
fn linked_style(root: &str) -> Markup {
    html! { link rel="stylesheet" href={ (root) (STYLE_FILE) }; }
}

fn frame(title: &str, head: &Markup, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                (head)
            }
            body { (body) }
        }
    }
}

/// A page of the site, whose root is `""` or `"../"` from it: with links to the others, and a search, which takes a script.
pub(super) fn page(title: &str, root: &str, class: &str, main: &Markup, after: &Markup) -> Markup {
    let head = html! {
        (linked_style(root))
        script src={ (root) (SCRIPT_FILE) } data-root=(root) data-index={ (root) (SEARCH_FILE) } defer {}
    };
    let body = html! {
        a .skip href="#main" { "Skip to the text" }
        nav .bar aria-label="Site" {
            a href={ (root) "index.html" } { "Theoria" }
            a href={ (root) "index.html#theorems" } { "All theorems" }
            a href={ (root) (MAP_FILE) } { "Map" }
            a href={ (root) (HYPOTHESES_FILE) } { "Hypotheses" }
            a href={ (root) "glossary.html" } { "Glossary" }
            form #search role="search" hidden {
                input type="search" name="words" aria-label="Search all pages" placeholder="Search all pages" autocomplete="off";
            }
        }
        div #found role="region" aria-label="Search results" hidden {}
        // How many there are, read aloud when it changes, as the results are not.
        p #told .unseen role="status" {}
        main #main .(class) { (main) }
        (after)
    };
    frame(title, &head, &body)
}

/// An id that breaks after its signs and nowhere else.
pub(super) fn id(id: &str) -> Markup {
    let mut parts = id.split_inclusive(['/', '_']);
    let first = parts.next().unwrap_or_default();
    html! { code .id { (first) @for part in parts { wbr; (part) } } }
}

/// A standing as a mark with words.
pub(super) fn standing(standing: Standing) -> Markup {
    let (class, mark) = sign(standing);
    html! { span .mark .(class) { span aria-hidden="true" { (mark) } " " (standing) } }
}

/// The mark alone, with its words for those who do not see it.
pub(super) fn standing_mark(standing: Standing) -> Markup {
    let (class, mark) = sign(standing);
    html! { span .mark .(class) title=(standing) { span aria-hidden="true" { (mark) } span .unseen { (standing) } } }
}

const fn sign(standing: Standing) -> (&'static str, &'static str) {
    match standing {
        Standing::Holds => ("good", "✓"),
        Standing::Refuted => ("bad", "✗"),
        Standing::NotEvidence => ("bad", "⊘"),
        Standing::Inconclusive => ("unsure", "?"),
    }
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

/// A link to a place of the page, beside it.
pub(super) fn anchor(id: &str, told: &str) -> Markup {
    html! { a .anchor href={ "#" (id) } aria-label={ "Link to " (told) } { "¶" } }
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
