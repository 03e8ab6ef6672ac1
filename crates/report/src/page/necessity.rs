//! Which hypotheses are known to be needed.

use maud::{Markup, html};
use theoria_verification::evidence::{ClaimEvidence, InstanceEvidence, Origin, TheoremEvidence};
use theoria_verification::{Role, Verdict};

use crate::number::{number, place};
use crate::prose::plain;
use crate::words::words;

/// For each hypothesis the claims that fail without it, each with a counterexample; none if no control breaks one.
pub(super) fn necessity(evidence: &TheoremEvidence) -> Option<Markup> {
    let claims: Vec<&ClaimEvidence> =
        evidence.claims.iter().filter(|claim| claim.role == Role::Claim).collect();
    let mut names: Vec<&str> = Vec::new();
    for claim in &claims {
        for check in claim.instances.iter().flat_map(|instance| &instance.hypotheses) {
            if !names.contains(&check.name.as_str()) {
                names.push(&check.name);
            }
        }
    }
    let breaking = |name: &str| -> Vec<&ClaimEvidence> {
        let controls = evidence.claims.iter();
        controls.filter(|control| control.violates.as_deref() == Some(name)).collect()
    };
    names.iter().any(|name| !breaking(name).is_empty()).then(|| {
        html! {
            p .faint {
                "A hypothesis is needed if a claim fails on an instance that violates it and satisfies the others. Where none is "
                "shown, none was looked for: that is no proof that the hypothesis is superfluous."
            }
            div .scroll tabindex="0" { table {
                thead { tr { th { "without" } th { "fails" } th { "on" } } }
                tbody {
                    @for name in &names {
                        @let controls = breaking(name);
                        @if controls.is_empty() {
                            tr { td { (plain(name)) } td .faint { "–" } td .faint { "not looked for" } }
                        }
                        @for control in controls {
                            tr {
                                td { (plain(name)) }
                                td { a href={ "#" (control.name) } { (fails(control, &evidence.claims)) } }
                                td { (counterexample(control)) }
                            }
                        }
                    }
                }
            } }
        }
    })
}

/// The claim whose formula a control keeps that breaks a hypothesis.
pub(super) fn broken_claim<'a>(
    control: &ClaimEvidence,
    claims: &'a [ClaimEvidence],
) -> Option<&'a ClaimEvidence> {
    let mut claims = claims.iter().filter(|claim| claim.role == Role::Claim);
    claims.find(|claim| claim.formula == control.formula)
}

fn fails(control: &ClaimEvidence, claims: &[ClaimEvidence]) -> String {
    words(broken_claim(control, claims).map_or(&control.name, |claim| &claim.name))
}

/// The simplest instance on which a control is refuted, with what was measured there.
pub(super) fn counterexample(control: &ClaimEvidence) -> Markup {
    let refutes = |instance: &&InstanceEvidence| {
        instance.counts
            && instance.finding.as_ref().is_some_and(|it| it.verdict == Verdict::Refuted)
    };
    let instances = control.instances.iter();
    // The shortest in words is the simplest to check.
    let simplest = instances.filter(refutes).min_by_key(|instance| instance.description.len());
    html! {
        @if let Some(instance) = simplest {
            (plain(&instance.description))
            @if let Origin::Searched(searched) = &instance.origin {
                span .faint { " (found among " (searched.evaluations) ")" }
            }
            @if let Some(finding) = &instance.finding {
                @let at = finding.first_violation.map_or(
                    (finding.at, finding.measured, finding.predicted),
                    |first| (first.at, first.measured, first.predicted),
                );
                span .faint {
                    ": at " (place(at.0)) " measured " (number(at.1)) ", predicted " (number(at.2))
                }
            }
        } @else { span .warning { "no counterexample was found" } }
    }
}
