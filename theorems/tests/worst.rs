//! The worst instances that are known are what they were when they were found.

use theoria_theorems::all;
use theoria_verification::{Effort, Settings};

#[test]
fn every_memory_can_be_read_and_belongs_to_a_claim() {
    for theorem in all() {
        assert_eq!(theorem.forgotten(), None, "{}", theorem.id());
    }
}

#[test]
fn every_bound_that_is_searched_has_a_memory() {
    let mut unknown = Vec::new();
    for theorem in all() {
        for hunted in theorem.hunted() {
            let is_known = theorem
                .remembered()
                .iter()
                .any(|known| known.claim == hunted.claim && known.family == hunted.family);
            if !is_known {
                unknown.push(format!(
                    "{}: {} from “{}”",
                    theorem.id(),
                    hunted.claim,
                    hunted.family
                ));
            }
        }
    }
    assert!(unknown.is_empty(), "hunts with `--memory theorems` are due:\n{}", unknown.join("\n"));
}

#[test]
fn none_has_become_another_one_or_less_severe() {
    let settings = Settings { effort: Effort::Quick, ..Settings::default() };
    let mut replayed = 0;
    for theorem in all() {
        let mut claims: Vec<&str> =
            theorem.remembered().iter().map(|known| known.claim.as_str()).collect();
        claims.dedup();
        for claim in claims {
            let evidence = theorem.check_claim(claim, &settings).unwrap();
            assert!(evidence.forgotten.is_empty(), "{}: {:?}", theorem.id(), evidence.forgotten);
            replayed += usize::from(evidence.severities().remembered.is_some());
        }
    }
    assert!(replayed > 0, "some are known");
}
