//! What a page says of instances.

use std::collections::BTreeMap;

use maud::{Markup, html};
use theoria_verification::Verdict;
use theoria_verification::evidence::{ClaimEvidence, InstanceEvidence, Origin, TheoremEvidence};

use crate::number::{number, place};
use crate::prose::plain;

/// Families of a claim, with how many instances count and how they came out.
pub(super) fn families(claim: &ClaimEvidence) -> Markup {
    let mut names: Vec<&str> = claim.instances.iter().map(|i| i.family.as_str()).collect();
    names.dedup();
    html! {
        details {
            summary {
                (claim.agreement()) "; of " (names.len()) @if names.len() == 1 { " family" } @else { " families" }
            }
            div .scroll tabindex="0" { table {
                thead { tr { th { "family" } th { "drawn" } th { "count" } th { "supported" } th { "refuted" } th { "inconclusive" } } }
                tbody {
                    @for name in names {
                        @let of = || claim.instances.iter().filter(|i| i.family == name);
                        @let came_out = |verdict: Verdict| {
                            of().filter(|i| i.finding.as_ref().is_some_and(|f| f.verdict == verdict)).count()
                        };
                        tr {
                            td {
                                (plain(name))
                                @if let Some(kinds) = kinds(of()) { br; span .faint { (plain(&kinds)) } }
                                @if of().any(|i| i.attained.is_some()) { " " span .faint { "(attained)" } }
                            }
                            td { (of().count()) }
                            td { (of().filter(|i| i.counts).count()) }
                            td { (came_out(Verdict::Supported)) }
                            td { (came_out(Verdict::Refuted)) }
                            td { (came_out(Verdict::Inconclusive)) }
                        }
                    }
                }
            } }
        }
    }
}

/// What kinds of instances were drawn, and how many of each; none where their draws name none.
fn kinds<'a>(instances: impl Iterator<Item = &'a InstanceEvidence>) -> Option<String> {
    let drawn: Vec<_> = instances.filter(|instance| instance.origin == Origin::Drawn).collect();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for label in drawn.iter().flat_map(|instance| &instance.labels) {
        *counts.entry(label).or_default() += 1;
    }
    let shares: Vec<String> =
        counts.iter().map(|(label, count)| format!("{label}: {count}")).collect();
    (!shares.is_empty()).then(|| format!("of {} drawn {}", drawn.len(), shares.join(", ")))
}

/// Descriptions longer than this are shown when they are asked for.
const LONG: usize = 260;

/// The instance that decided, with its constants.
pub(super) fn conditions(instance: &InstanceEvidence) -> Markup {
    let told = html! {
        (plain(&instance.family)) (instance.numbered()) ": " (plain(&instance.description))
        @for constant in &instance.constants {
            "; " (plain(&constant.name)) " = " (number(constant.value)) " " span .faint { "(" (constant.provenance) ")" }
        }
    };
    html! {
        @if instance.description.len() > LONG {
            details { summary { "Decided on " (plain(&instance.family)) } p .instance { (told) } }
        } @else {
            p .instance { span .faint { "Decided on " } (told) }
        }
    }
}

/// What went wrong, in full.
pub(super) fn trouble(claim: &ClaimEvidence) -> Markup {
    let instances = [("the first violation", claim.decisive_instance())]
        .into_iter()
        .chain([("a small counterexample", claim.counterexample.as_deref())]);
    html! {
        div .trouble {
            @if claim.counted().next().is_none() {
                p { "No instance satisfies the hypotheses, so nothing was measured." }
            }
            @for (what, instance) in instances {
                @if let Some(instance) = instance {
                    @if let Some(first) = instance.finding.as_ref().and_then(|f| f.first_violation) {
                        p {
                            (what) ": at " (place(first.at)) ", measured " (number(first.measured))
                            ", predicted " (number(first.predicted)) ", on " (plain(&instance.description))
                            " (" (plain(&instance.family)) ", seed " (instance.seed) ")"
                        }
                    }
                }
            }
        }
    }
}

/// How often each hypothesis was satisfied, and what was looked at; a control's violations are on
/// purpose and counted apart.
pub(super) fn hypotheses(evidence: &TheoremEvidence) -> Option<Markup> {
    let mut rows: Vec<Row<'_>> = Vec::new();
    for claim in &evidence.claims {
        for check in claim.instances.iter().flat_map(|i| &i.hypotheses) {
            let position = rows.iter().position(|row| row.name == check.name);
            let row = match position {
                Some(position) => &mut rows[position],
                None => {
                    rows.push(Row {
                        name: &check.name,
                        satisfied: 0,
                        checked: 0,
                        broken: 0,
                        by_construction: check.by_construction,
                        example: &check.detail,
                    });
                    let last = rows.len() - 1;
                    &mut rows[last]
                }
            };
            if claim.violates.as_ref() == Some(&check.name) {
                row.broken += usize::from(!check.satisfied);
            } else {
                row.satisfied += usize::from(check.satisfied);
                row.checked += 1;
            }
        }
    }
    (!rows.is_empty()).then(|| {
        html! {
            div .scroll tabindex="0" { table {
                thead { tr { th { "hypothesis" } th { "satisfied" } th { "broken on purpose" } th { "as seen on the first instance" } } }
                tbody {
                    @for row in &rows {
                        tr {
                            td { (plain(row.name)) }
                            td {
                                (row.satisfied) " of " (row.checked)
                                @if row.by_construction { " " span .faint { "(by construction)" } }
                            }
                            td { (row.broken) }
                            td { (plain(row.example)) }
                        }
                    }
                }
            } }
        }
    })
}

struct Row<'a> {
    name: &'a str,
    satisfied: usize,
    checked: usize,
    broken: usize,
    by_construction: bool,
    example: &'a str,
}
