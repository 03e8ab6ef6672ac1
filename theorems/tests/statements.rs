//! What every theorem must have beside its claims.

use theoria_verification::{Budget, Role};

#[test]
fn every_statement_has_a_title_a_reason_and_its_sections() {
    for theorem in theoria_theorems::all() {
        let statement = theorem.statement();
        assert!(!statement.title().is_empty(), "{} has no title", theorem.id());
        assert!(!statement.introduction().is_empty(), "{} does not say why", theorem.id());
        for section in ["Hypotheses", "Statement", "Source"] {
            assert!(
                statement.section(section).is_some_and(|text| !text.is_empty()),
                "{} has no section {section}",
                theorem.id()
            );
        }
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
fn ids_differ_and_the_error_budget_suffices_for_all_claims() {
    let theorems = theoria_theorems::all();
    let mut ids: Vec<String> = theorems.iter().map(|t| t.id().to_string()).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), theorems.len());
    let claims: usize = theorems.iter().map(|t| t.claims().count()).sum();
    assert!(Budget::default().per_claim() * claims as f64 <= Budget::TOTAL);
}

#[test]
fn the_readme_shows_a_theorem_as_it_is() {
    let readme = include_str!("../../README.md");
    assert!(readme.contains(include_str!("../convergence/src/gradient_norm.rs")));
}
