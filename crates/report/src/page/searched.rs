//! What a search for worst instances has found.

use maud::{Markup, html};
use theoria_verification::Role;
use theoria_verification::evidence::{ClaimEvidence, InstanceEvidence, Origin, Searched};

use crate::number::number;
use crate::prose::plain;

/// A bound that is seen nearer than this leaves no room for one that is 5% stronger.
const SEEN: f64 = 0.95;

/// What is seen nearer is computed again in higher precision, where there is such a form.
const NEAR: f64 = 1.0 - 1e-3;

/// Of a bound how near its instances come to it, by how they were come by; of a control the counterexample that was found.
pub(super) fn searched(claim: &ClaimEvidence) -> Markup {
    html! {
        @for lost in &claim.forgotten { p .warning { (lost) "." } }
        @for (instance, searched) in found(claim) {
            @match claim.role {
                Role::Control => {
                    p .faint {
                        "Found by a search among " (count(searched.evaluations)) ", and made as simple as it goes."
                    }
                },
                Role::Claim => { (reached(claim, instance, searched)) }
            }
        }
    }
}

fn found(claim: &ClaimEvidence) -> impl Iterator<Item = (&InstanceEvidence, &Searched)> {
    claim.searched().filter_map(|instance| match &instance.origin {
        Origin::Searched(searched) if !searched.course.is_empty() => Some((instance, searched)),
        _ => None,
    })
}

fn reached(claim: &ClaimEvidence, instance: &InstanceEvidence, searched: &Searched) -> Markup {
    let nearness = instance.nearness().unwrap_or(0.0);
    html! {
        (strip(claim, instance, searched))
        p .faint {
            "Searched in “" (plain(&instance.family)) "”: the worst of " (count(searched.evaluations)) " comes to "
            (digits(nearness)) " of the bound"
            @if let Some(median) = middle(&searched.drawn) {
                ", the median of those that were drawn alone to " (digits(median))
            }
            @if let Some(again) = searched.again {
                "; another search, which knew nothing of this one, comes to "
                (digits(again.tightness)) " among " (count(again.evaluations))
                @if again.tightness >= SEEN * nearness.min(1.0) * (1.0 - 1e-9) {
                    ", so that a bound 5% below what was found is refuted by it alone"
                } @else {
                    ", so that it takes luck, or an instance made by hand, to refute a bound 5% below"
                }
            }
            "."
            @if nearness < SEEN {
                " Either the bound is not attained in this family, or the search has not found where."
            }
            @if instance.in_higher_precision { " Computed again in higher precision." }
            @else if nearness >= NEAR { " Computed in doubles alone: what ran has no form in higher precision." }
        }
        p .instance { span .faint { "The worst: " } (plain(&instance.description)) }
        @if !instance.labels.is_empty() {
            p .faint { "It is: " (plain(&instance.labels.join(", "))) "." }
        }
    }
}

/// A line from 0 to 1 with a tick for each drawn instance; above it the instance that the search has found, below it those
/// that were made by hand and, on a line of its own, those that are remembered.
fn strip(claim: &ClaimEvidence, instance: &InstanceEvidence, searched: &Searched) -> Markup {
    let place = |tightness: f64| 10.0 + 580.0 * tightness.clamp(0.0, 1.0);
    let severities = claim.severities();
    let marks = [
        ("searched", instance.nearness(), 12.0),
        ("by hand", severities.listed, 52.0),
        ("worst known", severities.remembered, 68.0),
    ];
    let told = format!(
        "Tightness of drawn instances from 0 to 1, with the searched one at {}",
        digits(instance.nearness().unwrap_or(0.0))
    );
    html! {
        svg .strip viewBox="0 0 600 76" role="img" aria-label=(told) {
            line x1="10" y1="32" x2="590" y2="32" stroke="currentColor" stroke-opacity="0.4" {}
            path d=(ticks(searched.drawn.iter().copied().map(place))) stroke="currentColor" stroke-opacity="0.35" {}
            @for (name, tightness, height) in marks {
                @if let Some(tightness) = tightness {
                    @let x = place(tightness);
                    @let anchor = if x > 480.0 { "end" } else if x < 120.0 { "start" } else { "middle" };
                    circle cx=(format!("{x:.1}")) cy="32" r="4" fill="var(--link)" {}
                    text x=(format!("{x:.1}")) y=(height + 4.0) text-anchor=(anchor) font-size="13" fill="currentColor" {
                        (name) " " (digits(tightness))
                    }
                }
            }
            text x="10" y="58" font-size="11" fill="currentColor" fill-opacity="0.7" { "0" }
        }
    }
}

/// All of them in one path, to a tenth of a unit.
fn ticks(places: impl Iterator<Item = f64>) -> String {
    places.map(|x| format!("M{x:.1} 25v14")).collect()
}

fn count(instances: usize) -> String {
    let digits = instances.to_string();
    let groups: Vec<&str> = digits
        .as_bytes()
        .rchunks(3)
        .rev()
        .filter_map(|group| std::str::from_utf8(group).ok())
        .collect();
    groups.join(" ") + if instances == 1 { " instance" } else { " instances" }
}

/// Near 1 four digits after the point say more than three in all.
fn digits(tightness: f64) -> String {
    if (0.9..1.1).contains(&tightness) { format!("{tightness:.4}") } else { number(tightness) }
}

fn middle(sorted: &[f64]) -> Option<f64> {
    sorted.get(sorted.len() / 2).copied()
}
