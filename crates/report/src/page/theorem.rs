//! The page of a theorem.

use maud::{Markup, PreEscaped, html};
use theoria_verification::evidence::{ClaimEvidence, Run, TheoremEvidence};
use theoria_verification::{ErrorRates, Level, Role};

use super::bars::bar;
use super::control::control;
use super::exercises;
use super::explorable::explorable;
use super::glance::{controls, glance};
use super::instances::{conditions, families, hypotheses, trouble};
use super::layout::{anchor, colophon, id, page, standing, verdict};
use super::map::uses;
use super::necessity::necessity;
use super::needs::needs;
use super::searched::searched;
use super::{EXPLORABLE_FILE, symbols};
use crate::entry::Entry;
use crate::figure::Drawn;
use crate::number::{number, place};
use crate::prose::{plain, prose};
use crate::site::Site;
use crate::sources::with_links;
use crate::verdicts::severity;
use crate::words::{capitalised, counted, words};

/// The page of one theorem.
pub(crate) fn theorem(entry: &Entry<'_>, site: &Site<'_>) -> Markup {
    let evidence = entry.evidence;
    let title = entry.statement.title();
    let of = |role| evidence.claims.iter().filter(move |claim| claim.role == role);
    let sections = |wanted: bool| {
        let sections = entry.statement.sections().iter();
        sections.filter(move |(heading, _)| FIRST.contains(heading) == wanted)
    };
    let mut figures = entry.figures.iter();
    page(
        &format!("{title} – Theoria"),
        "../",
        "theorem",
        &html! {
            (breadcrumb(entry, site))
            header .slide {
                h1 { (title) }
                p .totals { (standing(evidence.standing)) (id(&evidence.id)) (links(entry, site)) }
                div .lead { (prose(entry.statement.introduction())) }
            }
            (uses(entry, site))
            @if evidence.is_incomplete() { p .warning { (incomplete(evidence)) } }
            @if evidence.budgets() > 1 {
                p .faint {
                    "It rests on " (counted(evidence.budgets(), "run")) ", each of which spends the error budget once more."
                }
            }
            @if let Some(forgotten) = &evidence.forgotten { p .warning { (forgotten) "." } }
            @if let Some(first) = figures.next() { (picture(entry, first)) }
            div .slide {
                @for (heading, body) in sections(true) { (part(heading, body)) }
                @if let Some(symbols) = symbols::of_statement(&evidence.id, &evidence.statement) { (symbols) }
            }
            @for figure in figures { (picture(entry, figure)) }
            section .slide {
                h2 { "At a glance" }
                (glance(evidence))
                div .on-paper { (controls(evidence)) }
            }
            @for (heading, body) in sections(false) { (part(heading, body)) }
            (exercises::boxes(entry, site))
            section .checked {
                h2 { "Claims as checked" }
                (how_to_read_this_page())
                @for claim in of(Role::Claim) { (claim_card(claim, entry.picture(&claim.name))) }
            }
            @if of(Role::Control).next().is_some() {
                section .checked {
                    h2 { "Controls as checked" }
                    p .faint { "False on purpose: each must come out refuted, which shows that the check has power." }
                    @for it in of(Role::Control) { (control(evidence, it, entry.picture(&it.name))) }
                }
            }
            @if let Some(table) = hypotheses(evidence) {
                section { h2 { "Hypotheses as checked" } (table) }
            }
            @if let Some(table) = necessity(evidence) {
                section .aside { h2 { "Which hypotheses are needed" } (table) }
            }
            @if !evidence.needs.is_empty() {
                section .aside { h2 { "To check an instance of your own" } (needs(&evidence.needs)) }
            }
            section .reproduce {
                h2 { "Reproduce" }
                pre tabindex="0" { code { (command(evidence)) } }
                p .faint {
                    "Evidence: " (evidence_file(evidence, site)) ", schema " (evidence.schema) ", version " (evidence.version) "."
                }
            }
        },
        &html! {
            (neighbours(entry, site)) (colophon(&[entry], site.about))
            @if entry.figures.iter().any(|figure| figure.positions.is_some()) {
                script src={ "../" (EXPLORABLE_FILE) } defer {}
            }
        },
    )
}

/// The sections that come before further figures.
const FIRST: [&str; 2] = ["Hypotheses", "Statement"];

fn breadcrumb(entry: &Entry<'_>, site: &Site<'_>) -> Markup {
    let chapter = site.chapters.iter().find(|chapter| chapter.id == entry.chapter);
    html! {
        nav .breadcrumb aria-label="Breadcrumb" {
            @if let Some(chapter) = chapter { a href={ "../" (chapter.page_path()) } { (chapter.name()) } }
        }
    }
}

/// Where its source and its evidence are, and the way to show it on a wall.
fn links(entry: &Entry<'_>, site: &Site<'_>) -> Markup {
    html! {
        @if let Some(place) = site.place(&entry.evidence.id) {
            @if let Some(address) = &place.address {
                a href=(address) { "source" }
            } @else { span .faint { (place.file) } }
        }
        @if let Some(folder) = &site.about.evidence {
            a href={ "../" (folder) "/" (entry.evidence.id) ".json" } { "evidence" }
        }
        a #projection href="#projection" hidden { "projection (p)" }
    }
}

fn evidence_file(evidence: &TheoremEvidence, site: &Site<'_>) -> Markup {
    let file = format!("{}.json", evidence.id);
    html! {
        @match &site.about.evidence {
            Some(folder) => a href={ "../" (folder) "/" (file) } { (id(&format!("{folder}/{file}"))) },
            None => (id(&format!("evidence/{file}"))),
        }
    }
}

fn part(heading: &str, body: &str) -> Markup {
    html! {
        section .statement .(heading.to_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), "-")) {
            h2 { (heading) }
            @if heading == "Source" { (prose(&with_links(body))) } @else { (prose(body)) }
        }
    }
}

/// Larger figures are not part of the page, which would be slow to open.
const INLINE: usize = 150_000;

fn picture(entry: &Entry<'_>, figure: &Drawn) -> Markup {
    if let Some(explorable) = explorable(entry.evidence, figure) {
        let caption = html! { (plain(&figure.caption)) " " (figure_files(entry, figure)) };
        return explorable.markup(figure, &caption);
    }
    html! {
        figure .slide tabindex="0" {
            @if figure.svg.len() > INLINE {
                img src={ "../" (entry.figure_path(figure)) } alt=(figure.caption);
            } @else { (PreEscaped(&figure.svg)) }
            (legend(figure))
            figcaption {
                (plain(&figure.caption)) " "
                (figure_files(entry, figure))
            }
        }
    }
}

/// What its colours are.
pub(super) fn legend(figure: &Drawn) -> Markup {
    html! {
        @if figure.legend.iter().any(|named| !named.label.is_empty()) {
            ul .legend {
                @for named in figure.legend.iter().filter(|named| !named.label.is_empty()) {
                    li .(named.class) { "■ " (named.markup()) }
                }
            }
        }
    }
}

/// Links to what a figure is kept in.
fn figure_files(entry: &Entry<'_>, figure: &Drawn) -> Markup {
    html! {
        span .faint .files {
            @for (kind, word) in [("svg", "SVG"), ("png", "PNG"), ("csv", "CSV")] {
                a .faint href={ "../" (entry.figure_file(figure, kind)) } { (word) } " "
            }
        }
    }
}

fn command(evidence: &TheoremEvidence) -> String {
    let has_program = evidence.program.is_some();
    let line = |run: &Run| {
        // A deepening draws nothing.
        let draw = if has_program && run.deepened == 0 { " --draw" } else { "" };
        evidence.reproduction(run) + draw
    };
    evidence.runs.iter().map(line).collect::<Vec<String>>().join("\n")
}

fn incomplete(evidence: &TheoremEvidence) -> String {
    let there: Vec<String> = evidence.runs.iter().map(ToString::to_string).collect();
    format!(
        "Incomplete: of the shards of its run only these are here: {}. Nothing is supported before all are merged.",
        there.join("; ")
    )
}

fn claim_card(claim: &ClaimEvidence, picture: Option<&Drawn>) -> Markup {
    let decisive = claim.decisive_instance();
    let name = capitalised(&words(&claim.name));
    html! {
        article .claim #(claim.name) {
            h3 { span { (name) " " (anchor(&claim.name, &name)) } (verdict(claim.verdict, claim.as_expected())) }
            p .formula { (plain(&claim.stated())) }
            @if claim.relies_on_estimates() {
                p .warning { "Relies on constants that were estimated by sampling, not proved." }
            }
            @if claim.is_judged_by_a_rule_of_its_own() {
                p .warning { "Judged by a rule of its author's own, which this page takes on trust." }
            }
            @if let Some(finding) = decisive.and_then(|i| i.finding.as_ref()) {
                dl .numbers {
                    div { dt { "measured" } dd { (number(finding.measured)) } }
                    div { dt { (predicted(claim)) } dd { (number(finding.predicted)) } }
                    div { dt { "at" } dd { (place(finding.at)) } }
                    div { dt { "severity" } dd { @match bar(claim) { Some(bar) => (bar), None => (severity(claim)) } } }
                    @if let Some(least) = claim.least { div { dt { "needs" } dd { "tight to " (number(least)) } } }
                    div { dt { "level" } dd title=(claim.level.meaning()) { (claim.level) } }
                    @if finding.errors != ErrorRates::NONE {
                        div { dt { "wrongly refuted" } dd { (number(finding.errors.wrong_refutation)) } }
                        div { dt { "wrongly supported" } dd { (number(finding.errors.wrong_support)) } }
                    }
                }
                @if let Some(shown) = claim.shown() { p .faint { "Shown: " (plain(&shown)) "." } }
                @if let Some(rests_on) = &finding.rests_on { p .faint { "Rests on: " (plain(rests_on)) "." } }
                @if let Some(note) = &finding.note { p .faint { (plain(note)) } }
            }
            @if let Some(unseen) = claim.unseen() { p .warning { (capitalised(&unseen)) "." } }
            (searched(claim))
            @if let Some(picture) = picture {
                details {
                    summary { "The worst function, with the path of the method" }
                    figure tabindex="0" { (PreEscaped(&picture.svg)) figcaption { (plain(&picture.caption)) } }
                }
            }
            (families(claim))
            @if let Some(instance) = decisive { (conditions(instance)) }
            @if !claim.as_expected() { (trouble(claim)) }
        }
    }
}

/// What a prediction is: of a bound the most or the least that may be measured.
pub(super) fn predicted(claim: &ClaimEvidence) -> &'static str {
    if claim.is_lower_bound() {
        "predicted at least"
    } else if claim.is_upper_bound() {
        "predicted at most"
    } else {
        "predicted"
    }
}

/// The words of the cards, where they stand.
fn how_to_read_this_page() -> Markup {
    html! {
        details .words {
            summary { "How to read these verdicts" }
            dl {
                @for level in [Level::Exact, Level::Proved, Level::Nominal, Level::Measured] {
                    dt { "level " (level) }
                    dd { (level.meaning()) "." }
                }
                dt { "margin" }
                dd {
                    "A claim on trials is supported where it is shown to hold up to its margin, which stands beside “Shown”; "
                    "one that is false by less may be supported. The rates of wrong verdicts are of claims that are false "
                    "by more."
                }
                dt { "tight to, exceeded by" }
                dd { "Measured over predicted at the point that is shown, of a lower bound predicted over measured." }
                dt { "4 of 6 instances support it" }
                dd {
                    "Of the instances that count, those that satisfy the hypotheses, so many say what the verdict says; of an "
                    "inconclusive claim, so many support it."
                }
                dt { "drawn, searched" }
                dd {
                    "How near instances that were drawn at random come to the bound, and the worst that a search among their "
                    "choices has found. What a search saw is never evidence: its worst instance is examined like any other."
                }
            }
        }
    }
}

fn neighbours(entry: &Entry<'_>, site: &Site<'_>) -> Markup {
    let [previous, next] = site.neighbours(&entry.evidence.id);
    let link = |entry: &Entry<'_>, word: &str, relation: &str| {
        html! {
            a href={ "../" (entry.page_path()) } rel=(relation) {
                span .faint { (word) } br; (entry.statement.title())
            }
        }
    };
    html! {
        nav .neighbours aria-label="Theorems before and after" {
            @if let Some(previous) = previous { (link(previous, "previous", "prev")) } @else { span {} }
            @if let Some(next) = next { (link(next, "next", "next")) }
        }
    }
}
