//! What changed, and whether it got worse.

use theoria_verification::evidence::{ClaimEvidence, TheoremEvidence};
use theoria_verification::{Finding, Severity, Verdict};

use crate::number::number;

/// Whether a change is one for the worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Weight {
    /// A verdict is lost, or less would have been seen.
    Worse,
    /// A verdict is gained, or more would have been seen.
    Better,
    /// Something new, or something else is claimed.
    Neither,
}

impl std::fmt::Display for Weight {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Weight::Worse => "worse",
            Weight::Better => "better",
            Weight::Neither => "changed",
        })
    }
}

/// Something that is not as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Id of the theorem.
    pub theorem: String,
    /// Name of the claim or control; none if it is the theorem itself.
    pub claim: Option<String>,
    /// What changed, from what to what.
    pub what: String,
    /// Whether it is for the worse.
    pub weight: Weight,
}

/// All changes, in the order of the theorems before, those that are new last.
pub(super) fn between(
    before: &[TheoremEvidence],
    after: &[TheoremEvidence],
    tolerance: f64,
) -> Vec<Change> {
    let mut changes = Vec::new();
    for one in before {
        let mut add = |claim: Option<&str>, what: String, weight| {
            let (theorem, claim) = (one.id.clone(), claim.map(Into::into));
            changes.push(Change { theorem, claim, what, weight });
        };
        let Some(other) = after.iter().find(|other| other.id == one.id) else {
            add(None, "is gone".into(), Weight::Worse);
            continue;
        };
        for claim in &one.claims {
            match other.claims.iter().find(|it| it.name == claim.name) {
                None => add(Some(&claim.name), "is gone".into(), Weight::Worse),
                Some(now) => {
                    for (what, weight) in of_claim(claim, now, tolerance) {
                        add(Some(&claim.name), what, weight);
                    }
                }
            }
        }
        for claim in &other.claims {
            if !one.claims.iter().any(|it| it.name == claim.name) {
                add(Some(&claim.name), format!("is new: {}", claim.verdict), of_new(claim));
            }
        }
        if one.statement != other.statement {
            add(None, "has another statement".into(), Weight::Neither);
        }
    }
    for other in after {
        if !before.iter().any(|one| one.id == other.id) {
            let is_wrong = other.claims.iter().any(|claim| of_new(claim) == Weight::Worse);
            let weight = if is_wrong { Weight::Worse } else { Weight::Neither };
            let what = format!("is new: {}", other.standing);
            changes.push(Change { theorem: other.id.clone(), claim: None, what, weight });
        }
    }
    changes
}

/// Claims and controls that both sides have.
pub(super) fn pairs_of_claims<'a>(
    before: &'a [TheoremEvidence],
    after: &'a [TheoremEvidence],
) -> impl Iterator<Item = (&'a ClaimEvidence, &'a ClaimEvidence)> {
    before
        .iter()
        .filter_map(|one| Some((one, after.iter().find(|other| other.id == one.id)?)))
        .flat_map(|(one, other)| {
            one.claims.iter().filter_map(|claim| {
                Some((claim, other.claims.iter().find(|now| now.name == claim.name)?))
            })
        })
}

/// Whether the numbers that decided are the same, within this share of them.
pub(super) fn agree(one: &ClaimEvidence, other: &ClaimEvidence, within: f64) -> bool {
    let close = |a: f64, b: f64| a == b || a.is_nan() && b.is_nan() || apart(a, b) <= within;
    let [one, other] = [one, other].map(finding);
    match (one, other) {
        (Some(one), Some(other)) => {
            close(one.measured, other.measured) && close(one.predicted, other.predicted)
        }
        (one, other) => one.is_none() && other.is_none(),
    }
}

fn apart(a: f64, b: f64) -> f64 {
    (a - b).abs() / a.abs().max(b.abs())
}

fn finding(claim: &ClaimEvidence) -> Option<&Finding> {
    claim.decisive_instance()?.finding.as_ref()
}

fn of_new(claim: &ClaimEvidence) -> Weight {
    if claim.as_expected() { Weight::Neither } else { Weight::Worse }
}

/// 0 is the verdict that the theorem needs, 2 its opposite.
fn distance(claim: &ClaimEvidence) -> u8 {
    match (claim.as_expected(), claim.verdict) {
        (true, _) => 0,
        (false, Verdict::Inconclusive) => 1,
        (false, Verdict::Supported | Verdict::Refuted) => 2,
    }
}

fn of_claim(
    before: &ClaimEvidence,
    after: &ClaimEvidence,
    tolerance: f64,
) -> Vec<(String, Weight)> {
    let mut changes = Vec::new();
    let mut add = |what: String, weight| changes.push((what, weight));
    let is_same =
        before.stated() == after.stated() && before.kind == after.kind && before.role == after.role;
    if !is_same {
        let from_to =
            format!("{} ({}) → {} ({})", before.stated(), before.kind, after.stated(), after.kind);
        add(format!("something else is claimed: {from_to}"), Weight::Neither);
    }
    if before.verdict != after.verdict || distance(before) != distance(after) {
        let weight = by_order(distance(after).cmp(&distance(before)));
        add(format!("{} → {}", before.verdict, after.verdict), weight);
    } else if before.level != after.level {
        let weight = by_order(after.level.cmp(&before.level));
        add(format!("its level: {} → {}", before.level, after.level), weight);
    }
    // How closely a control is refuted depends on nothing that has to be kept.
    if is_same && after.as_expected() && before.as_expected() && !after.is_exceeded() {
        changes.extend(of_severity(before.severity, after.severity, tolerance));
    }
    changes
}

fn by_order(order: std::cmp::Ordering) -> Weight {
    match order {
        std::cmp::Ordering::Less => Weight::Better,
        std::cmp::Ordering::Equal => Weight::Neither,
        std::cmp::Ordering::Greater => Weight::Worse,
    }
}

fn of_severity(before: Severity, after: Severity, tolerance: f64) -> Vec<(String, Weight)> {
    let mut changes = Vec::new();
    let told = |what: &str, old: f64, new: f64| format!("{what} {} → {}", number(old), number(new));
    if let (Some(old), Some(new)) = (before.tightness(), after.tightness())
        && apart(old, new) > tolerance
    {
        let weight = if new < old { Weight::Worse } else { Weight::Better };
        changes.push((told("tight to", old, new), weight));
    }
    if let (Some(old), Some(new)) = (resolution(before), resolution(after))
        && apart(old, new) > tolerance
    {
        let weight = if new > old { Weight::Worse } else { Weight::Better };
        changes.push((told("sees", old, new), weight));
    }
    if std::mem::discriminant(&before) != std::mem::discriminant(&after) {
        let weight = match (before, after) {
            (_, Severity::None) => Weight::Worse,
            (Severity::None, _) => Weight::Better,
            _ => Weight::Neither,
        };
        changes.push(("what it could have seen is of another kind".into(), weight));
    }
    changes
}

fn resolution(severity: Severity) -> Option<f64> {
    match severity {
        Severity::Resolution(smallest) | Severity::Expected { resolution: smallest, .. } => {
            Some(smallest)
        }
        Severity::Tightness { .. } | Severity::None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use theoria_verification::{Claim, Curve, Family, Instance, Settings, Theorem};

    struct One;
    impl Instance for One {
        fn description(&self) -> String {
            "one".into()
        }
    }

    /// What is measured is this share of n, and at most n.
    fn with(id: &str, shares: &[(&str, f64)]) -> TheoremEvidence {
        let mut theorem = Theorem::new(id, "# A");
        for &(name, share) in shares {
            let claim = Claim::bound(name, "N ≤ n")
                .on(Family::single("one", || One))
                .experiment(move |_| Curve::over(1..=9, move |n| share * f64::from(n), f64::from));
            theorem = theorem.claim(claim);
        }
        theorem.check(&Settings::default())
    }

    fn weights(before: &[TheoremEvidence], after: &[TheoremEvidence]) -> Vec<Weight> {
        between(before, after, 0.1).into_iter().map(|change| change.weight).collect()
    }

    #[test]
    fn what_is_the_same_has_not_changed() {
        let one = [with("a/one", &[("first", 0.9)])];
        assert!(weights(&one, &one).is_empty());
        assert!(pairs_of_claims(&one, &one).all(|(one, other)| agree(one, other, 0.0)));
    }

    #[test]
    fn a_verdict_that_is_lost_is_worse_and_one_that_is_gained_better() {
        let (good, bad) = (with("a/one", &[("first", 1.0)]), with("a/one", &[("first", 1.2)]));
        assert_eq!(
            weights(std::slice::from_ref(&good), std::slice::from_ref(&bad)),
            [Weight::Worse]
        );
        assert_eq!(weights(&[bad], &[good]), [Weight::Better]);
    }

    #[test]
    fn a_severity_that_falls_by_more_than_the_tolerance_is_worse() {
        let of = |share| [with("a/one", &[("first", share)])];
        assert_eq!(weights(&of(0.9), &of(0.7)), [Weight::Worse]);
        assert_eq!(weights(&of(0.7), &of(0.9)), [Weight::Better]);
        assert!(weights(&of(0.9), &of(0.85)).is_empty());
    }

    #[test]
    fn what_is_gone_is_worse_and_what_is_new_only_if_it_fails() {
        let two = [with("a/one", &[("first", 0.9), ("second", 0.9)]), with("a/two", &[])];
        let one = [with("a/one", &[("first", 0.9)])];
        assert_eq!(weights(&two, &one), [Weight::Worse; 2]);
        assert_eq!(weights(&one, &two), [Weight::Neither; 2]);
        let failing = [with("a/one", &[("first", 0.9), ("second", 2.0)])];
        assert_eq!(weights(&one, &failing), [Weight::Worse]);
    }
}
