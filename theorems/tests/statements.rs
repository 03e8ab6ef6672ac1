//! What every theorem must have beside its claims.

use theoria_verification::{Budget, Role, Theorem};

/// The sections of a statement in their order; those that every statement has are marked.
const SECTIONS: [(&str, bool); 7] = [
    ("Hypotheses", true),
    ("Statement", true),
    ("Why", false),
    ("Remarks", false),
    ("How it is checked", false),
    ("Controls", false),
    ("Source", true),
];

#[test]
fn every_statement_has_a_title_a_reason_and_its_sections_in_order() {
    for theorem in theoria_theorems::all() {
        let (id, statement) = (theorem.id(), theorem.statement());
        assert!(!statement.title().is_empty(), "{id} has no title");
        assert!(!statement.introduction().is_empty(), "{id} does not say why");
        let headings: Vec<&str> = statement.sections().iter().map(|(name, _)| *name).collect();
        let expected: Vec<&str> = SECTIONS
            .iter()
            .filter(|(name, needed)| *needed || headings.contains(name))
            .map(|(name, _)| *name)
            .collect();
        assert_eq!(headings, expected, "the sections of {id}");
        assert!(
            statement.sections().iter().all(|(_, text)| !text.is_empty()),
            "{id}: an empty section"
        );
    }
}

#[test]
fn claims_come_before_controls() {
    for theorem in theoria_theorems::all() {
        let roles: Vec<Role> = theorem.claims().map(|(role, _)| role).collect();
        assert!(roles.is_sorted_by_key(|role| *role == Role::Control), "{}", theorem.id());
    }
}

#[test]
fn every_theorem_has_claims_controls_and_a_figure() {
    for theorem in theoria_theorems::all() {
        for role in [Role::Claim, Role::Control] {
            assert!(theorem.claims().any(|(r, _)| r == role), "{} has no {role:?}", theorem.id());
        }
        assert!(theorem.has_figure(), "{} has no figure", theorem.id());
    }
}

#[test]
fn no_claim_is_without_hypotheses_and_no_bound_without_a_least_tightness() {
    let mut missing = Vec::new();
    for theorem in theoria_theorems::all() {
        for claim in theorem.declared().filter(|claim| claim.role == Role::Claim) {
            if claim.hypotheses.is_empty() {
                missing.push(format!("{} {}: hypotheses", theorem.id(), claim.name));
            }
            if claim.is_bound && claim.least.is_none() {
                missing.push(format!("{} {}: a least tightness", theorem.id(), claim.name));
            }
        }
    }
    assert!(missing.is_empty(), "missing:\n{}", missing.join("\n"));
}

#[test]
fn ids_differ_and_the_error_budget_suffices_for_all_claims_on_trials() {
    let theorems = theoria_theorems::all();
    let mut ids: Vec<String> = theorems.iter().map(|t| t.id().to_string()).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), theorems.len());
    // Claims on curves spend none of it.
    let curves = ["bound", "lower bound", "identity", "exponent", "linear rate"];
    let all = theorems.iter().flat_map(Theorem::declared);
    let trials = all.filter(|claim| !curves.contains(&claim.kind)).count();
    assert!(trials > 100, "{trials} claims on trials");
    assert!(Budget::default().per_claim() * trials as f64 <= Budget::TOTAL, "{trials} claims");
}

#[test]
fn the_readme_shows_a_theorem_as_it_is() {
    let readme = include_str!("../../README.md");
    assert!(readme.contains(include_str!("../convergence/src/gradient_norm.rs")));
}
