//! Beside each verdict stands one reading: measured, predicted and tightness of one point of one instance.

use theoria_verification::evidence::ClaimEvidence;
use theoria_verification::{Effort, Settings, Severity, Verdict};

/// How much of a bound was used, as the numbers say; none where they are not two positive numbers.
fn used(claim: &ClaimEvidence) -> Option<(f64, f64)> {
    let tightness = claim.severity.tightness()?;
    let finding = claim.decisive_instance()?.finding.as_ref()?;
    let (measured, predicted) = (finding.measured, finding.predicted);
    let ratio = if claim.is_lower_bound() { predicted / measured } else { measured / predicted };
    (measured > 0.0 && predicted > 0.0 && tightness > 0.0).then_some((ratio, tightness))
}

#[test]
fn the_tightness_of_a_bound_is_that_of_the_numbers_beside_it() {
    let settings = Settings { effort: Effort::Quick, ..Settings::default() };
    let mut seen = 0;
    for theorem in theoria_theorems::all() {
        if theorem.id().chapter() != "convergence" {
            continue;
        }
        let evidence = theorem.check(&settings);
        for claim in &evidence.claims {
            let name = format!("{}: {}", evidence.id, claim.name);
            if let Some((ratio, tightness)) = used(claim)
                && tightness.is_finite()
            {
                assert!(
                    (ratio - tightness).abs() <= 1e-9 * tightness,
                    "{name}: {ratio} {tightness}"
                );
                seen += 1;
            }
            // A bound that is refuted is shown where it is violated.
            let Some(finding) = claim.decisive_instance().and_then(|i| i.finding.as_ref()) else {
                continue;
            };
            if let (Verdict::Refuted, Severity::Tightness { value, .. }) =
                (claim.verdict, claim.severity)
            {
                assert!(value > 1.0, "{name} is refuted at {} and exceeded by {value}", finding.at);
            }
        }
    }
    assert!(seen > 20, "{seen} bounds were looked at");
}
