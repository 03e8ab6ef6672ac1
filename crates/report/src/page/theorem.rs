//! The page of a theorem.

use maud::{Markup, PreEscaped, html};
use theoria_verification::evidence::{ClaimEvidence, Run, TheoremEvidence};
use theoria_verification::{ErrorRates, Level, Role};

use super::instances::{conditions, families, hypotheses, trouble};
use super::layout::{colophon, layout, standing, verdict};
use super::necessity::necessity;
use super::needs::needs;
use super::searched::searched;
use crate::about::{About, Exercise};
use crate::entry::Entry;
use crate::figure::Drawn;
use crate::number::number;
use crate::prose::prose;
use crate::verdicts::severity;
use crate::words::{capitalised, counted, words};

/// The theorems before and after a page's.
pub(crate) struct Around<'a> {
    pub(crate) previous: Option<&'a Entry<'a>>,
    pub(crate) next: Option<&'a Entry<'a>>,
}

/// The page of one theorem.
pub(crate) fn theorem(entry: &Entry<'_>, around: &Around<'_>, about: &About) -> Markup {
    let evidence = entry.evidence;
    let title = entry.statement.title();
    let of = |role| evidence.claims.iter().filter(move |claim| claim.role == role);
    layout(
        &format!("{title} – Theoria"),
        &html! {
            nav aria-label="Breadcrumb" {
                a href="../index.html" { "Theoria" } " / " (capitalised(&words(entry.chapter))) " · "
                a href="../glossary.html" { "Glossary" }
            }
            header {
                h1 { (title) }
                p .totals { (standing(evidence.standing)) code { (evidence.id) } }
                div .lead { (prose(entry.statement.introduction())) }
            }
            main {
                @if evidence.is_incomplete() { p .warning { (incomplete(evidence)) } }
                @if evidence.budgets() > 1 {
                    p .faint {
                        "It rests on " (counted(evidence.budgets(), "run")) ", each of which spends the error budget once more."
                    }
                }
                @if let Some(forgotten) = &evidence.forgotten { p .warning { (forgotten) "." } }
                @for figure in &entry.figures {
                    figure {
                        (PreEscaped(&figure.svg))
                        @if !figure.legend.is_empty() {
                            ul .legend {
                                @for named in &figure.legend {
                                    li .(named.class) { "■ " (named.label) }
                                }
                            }
                        }
                        figcaption {
                            (figure.caption) " "
                            (figure_files(entry, figure))
                        }
                    }
                }
                @for (heading, body) in entry.statement.sections() {
                    section .statement {
                        h2 { (heading) }
                        (prose(body))
                    }
                }
                @for exercise in about.exercises.iter().filter(|it| it.theorem == evidence.id) {
                    (exercise_box(exercise))
                }
                section {
                    h2 { "Claims as checked" }
                    (how_to_read_this_page())
                    @for claim in of(Role::Claim) { (claim_card(claim, entry.picture(&claim.name))) }
                }
                @if of(Role::Control).next().is_some() {
                    section {
                        h2 { "Controls as checked" }
                        p .faint { "False on purpose: each must come out refuted, which shows that the check has power." }
                        @for control in of(Role::Control) { (claim_card(control, entry.picture(&control.name))) }
                    }
                }
                @if let Some(table) = hypotheses(evidence) {
                    section { h2 { "Hypotheses as checked" } (table) }
                }
                @if let Some(table) = necessity(evidence) {
                    section { h2 { "Which hypotheses are needed" } (table) }
                }
                @if !evidence.needs.is_empty() {
                    section { h2 { "To check an instance of your own" } (needs(&evidence.needs)) }
                }
                section {
                    h2 { "Reproduce" }
                    pre { code { (command(evidence)) } }
                    p .faint {
                        "Evidence: " code { "evidence/" (evidence.id) ".json" }
                        ", schema " (evidence.schema) ", version " (evidence.version) "."
                    }
                }
            }
            (neighbours(around))
            (colophon(&[entry], about))
        },
    )
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

fn exercise_box(exercise: &Exercise) -> Markup {
    html! {
        section .exercise {
            h2 { "Exercise: " (exercise.title) }
            (prose(&exercise.asked))
            p .faint { (counted(exercise.points as usize, "point")) ". It begins with" }
            pre { code { (exercise.command) } }
        }
    }
}

fn claim_card(claim: &ClaimEvidence, picture: Option<&Drawn>) -> Markup {
    let decisive = claim.decisive_instance();
    html! {
        article .claim #(claim.name) {
            h3 { (capitalised(&words(&claim.name))) " " (verdict(claim.verdict, claim.as_expected())) }
            p .formula { (claim.stated()) }
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
                    div { dt { "at" } dd { (number(finding.at)) } }
                    div { dt { "severity" } dd { (severity(claim)) } }
                    @if let Some(least) = claim.least { div { dt { "needs" } dd { "tight to " (number(least)) } } }
                    div { dt { "level" } dd title=(claim.level.meaning()) { (claim.level) } }
                    @if finding.errors != ErrorRates::NONE {
                        div { dt { "wrongly refuted" } dd { (number(finding.errors.wrong_refutation)) } }
                        div { dt { "wrongly supported" } dd { (number(finding.errors.wrong_support)) } }
                    }
                }
                @if let Some(shown) = claim.shown() { p .faint { "Shown: " (shown) "." } }
                @if let Some(rests_on) = &finding.rests_on { p .faint { "Rests on: " (rests_on) "." } }
                @if let Some(note) = &finding.note { p .faint { (note) } }
            }
            @if let Some(unseen) = claim.unseen() { p .warning { (capitalised(&unseen)) "." } }
            (searched(claim))
            @if let Some(picture) = picture {
                details {
                    summary { "The worst function, with the path of the method" }
                    figure { (PreEscaped(&picture.svg)) figcaption { (picture.caption) } }
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

fn neighbours(around: &Around<'_>) -> Markup {
    let link = |entry: &Entry<'_>, word: &str| {
        html! {
            a href={ "../" (entry.page_path()) } {
                span .faint { (word) } br; (entry.statement.title())
            }
        }
    };
    html! {
        nav .neighbours aria-label="Theorems before and after" {
            @if let Some(previous) = around.previous { (link(previous, "previous")) } @else { span {} }
            @if let Some(next) = around.next { (link(next, "next")) }
        }
    }
}
