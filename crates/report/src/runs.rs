//! Which runs a report rests on.

use theoria_verification::evidence::TheoremEvidence;

/// The runs of the theorems in words, each set of runs once: a single one where all were checked together.
pub fn different_runs(evidence: &[TheoremEvidence]) -> Vec<String> {
    let mut sets: Vec<String> = evidence
        .iter()
        .map(|theorem| {
            let runs: Vec<String> = theorem.runs.iter().map(ToString::to_string).collect();
            runs.join(" and ")
        })
        .collect();
    sets.sort();
    sets.dedup();
    sets
}
