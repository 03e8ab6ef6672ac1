//! Trials that are added to evidence that exists: from the same streams, and at no higher risk than is said.

#![expect(
    clippy::unwrap_used,
    reason = "all of it is a test, though clippy knows the tests themselves alone"
)]

use rand::RngExt;
use rand_distr::{Distribution, StandardNormal};
use rayon::prelude::*;
use theoria_verification::evidence::{
    Accepted, ClaimEvidence, Piece, Run, TheoremEvidence, merge, store,
};
use theoria_verification::statistics::clopper_pearson;
use theoria_verification::{
    Budget, Case, Claim, DeepenError, Family, Settings, Shard, Side, Theorem, TrialClaim, Verdict,
};

fn usual() -> Family<Case<f64>> {
    Family::cases("usual", [0.5], |it| format!("around {it}"))
}

fn events(name: &str, chance: f64, side: Side) -> TrialClaim<Case<f64>> {
    Claim::probability(name, &format!("P = {chance}"), side)
        .on(usual())
        .sampling(move |case, block| {
            block.each_event(1, |random| random.random::<f64>() < case.value)
        })
        .predicting(move |_, _| chance)
}

fn one(claim: TrialClaim<Case<f64>>) -> Theorem {
    Theorem::new("examples/one", "# One").claim(claim)
}

fn trials(claim: &ClaimEvidence) -> &theoria_verification::TrialEvidence {
    claim.instances[0].trials.as_ref().unwrap()
}

/// Deepened so often, as long as it is open.
fn deepened(theorem: &Theorem, settings: &Settings, times: usize) -> TheoremEvidence {
    let mut evidence = theorem.check(settings);
    for _ in 0..times {
        if evidence.is_open() {
            evidence = theorem.deepened(&evidence, settings, None).unwrap();
        }
    }
    evidence
}

#[test]
fn what_is_open_goes_on_where_it_ended_and_is_decided() {
    let theorem = one(events("half", 0.5, Side::Within(0.03)).trials(4096));
    let settings = Settings::default();
    let before = theorem.check(&settings);
    assert_eq!(before.claims[0].verdict, Verdict::Inconclusive);
    let after = theorem.deepened(&before, &settings, None).unwrap();
    let (old, new) = (trials(&before.claims[0]), trials(&after.claims[0]));
    assert_eq!(new.blocks[..16], old.blocks[..]);
    assert_eq!((new.blocks.len(), &new.stream), (32, &old.stream));
    assert_ne!(new.blocks[16].points, new.blocks[0].points, "fresh trials");
    assert_eq!(after.runs[0].deepened, 1);
    assert_eq!(after.claims[0].error_budget, 2.0 * before.claims[0].error_budget);
    let end = deepened(&theorem, &settings, 8);
    assert_eq!(end.claims[0].verdict, Verdict::Supported);
    assert_eq!(end.claims[0].error_budget, after.claims[0].error_budget, "a second share once");
    assert!(!end.is_open());
    let again = theorem.deepened(&end, &settings, None).unwrap();
    assert_eq!(again, end, "what is decided is left as it is");
}

#[test]
fn deepened_evidence_survives_its_file_and_is_not_made_deeper_by_an_editor() {
    let theorem = one(events("half", 0.5, Side::Within(0.03)).trials(4096));
    let evidence = deepened(&theorem, &Settings::default(), 1);
    let folder = tempfile::tempdir().unwrap();
    let path = store::write(folder.path(), &evidence).unwrap();
    assert_eq!(store::read(&path).unwrap(), evidence);
    let text = std::fs::read_to_string(&path).unwrap();
    for deepened in ["0", "4294967295"] {
        let edited = text.replace("\"deepened\": 1", &format!("\"deepened\": {deepened}"));
        std::fs::write(&path, edited).unwrap();
        let told = store::read(&path).unwrap_err().to_string();
        assert!(told.contains("plan") || told.contains("blocks"), "{told}");
    }
}

#[test]
fn what_belongs_to_another_theorem_experiment_or_to_several_runs_is_not_deepened() {
    let settings = Settings::default();
    let theorem = one(events("half", 0.5, Side::Within(0.03)).trials(4096));
    let evidence = theorem.check(&settings);
    let other = one(events("other", 0.5, Side::Within(0.03)));
    let told = other.deepened(&evidence, &settings, None).unwrap_err();
    assert!(matches!(told, DeepenError::AnotherTheorem { .. }), "{told}");
    // It declares the same, and does something else.
    let changed = one(events("half", 0.5, Side::Within(0.03))
        .sampling(|case, block| block.each_event(1, |random| random.random::<f64>() > case.value))
        .trials(4096));
    let told = changed.deepened(&evidence, &settings, None).unwrap_err();
    assert!(matches!(told, DeepenError::AnotherExperiment { .. }), "{told}");
    assert!(told.to_string().contains("half, usual 1"), "{told}");
    let piece = |evidence| Piece { file: "any.json".into(), evidence };
    let seven = theorem.check(&settings.with_seed(7));
    let several = Accepted { several_seeds: true, ..Accepted::default() };
    let both = merge(vec![piece(evidence), piece(seven)], several).unwrap();
    let told = theorem.deepened(&both, &settings, None).unwrap_err();
    assert!(matches!(told, DeepenError::SeveralRuns { runs: 2, .. }), "{told}");
}

#[test]
fn shards_are_deepened_each_by_itself_and_merge_to_what_one_run_becomes() {
    let theorem = Theorem::new("examples/three", "# Three")
        .claim(events("half", 0.5, Side::Within(0.03)).trials(4096))
        .claim(events("at_most", 0.6, Side::AtMost))
        .claim(events("nearly", 0.51, Side::Within(0.03)).trials(4096));
    let settings = Settings::default();
    let whole = deepened(&theorem, &settings, 1);
    let shard = |index| {
        let settings = Settings { shard: Some(Shard { index, of: 2 }), ..settings };
        let evidence = deepened(&theorem, &settings, 1);
        Piece { file: index.to_string(), evidence }
    };
    let merged = merge(vec![shard(1), shard(0)], Accepted::default()).unwrap();
    assert_eq!(merged, whole);
    // The evidence before is held in that after.
    let before = Piece { file: "before".into(), evidence: theorem.check(&settings) };
    let after = Piece { file: "after".into(), evidence: whole.clone() };
    let both = merge(vec![after, before], Accepted::default()).unwrap();
    assert_eq!((&both.runs, both.budgets()), (&whole.runs, 1));
    assert_eq!(whole.runs[0], Run { deepened: 1, ..Run::with(&settings) });
}

const SEEDS: u64 = 300;
/// Large, so that wrong verdicts are seen.
const BUDGET: f64 = 0.1;

/// How often the claim came out so after at most four deepenings, as the least that its probability may be.
fn at_least(claim: &TrialClaim<Case<f64>>, wrong: Verdict) -> f64 {
    let theorem = one(claim.clone());
    let settings = Settings { budget: Budget::each(BUDGET), attempts: 0, ..Settings::default() };
    let is_wrong = |seed: &u64| {
        let evidence = deepened(&theorem, &settings.with_seed(*seed), 4);
        evidence.claims[0].instances[0].finding.as_ref().unwrap().verdict == wrong
    };
    let count = (0..SEEDS).into_par_iter().filter(is_wrong).count() as u64;
    clopper_pearson(count, SEEDS, 1e-6).0
}

fn normal(name: &str, claimed: f64, margin: f64) -> TrialClaim<Case<f64>> {
    Claim::expected_value(name, "E Z", margin)
        .on(usual())
        .sampling(|case, block| {
            block.each_value(1, |random| {
                let z: f64 = StandardNormal.sample(random);
                case.value + 0.5 * z
            })
        })
        .predicting(move |_, _| claimed)
        .trials(512)
}

fn bounded(name: &str, claimed: f64) -> TrialClaim<Case<f64>> {
    Claim::expected_bound(name, "E Z")
        .on(usual())
        .sampling(|case, block| {
            block.each_value(1, |random| 2.0 * case.value * random.random::<f64>())
        })
        .predicting(move |_, _| claimed)
        .bounded_by(|case, _| 2.0 * case.value)
        .within(0.1)
        .trials(256)
}

fn law(name: &str, shift: f64, distance: f64) -> TrialClaim<Case<f64>> {
    Claim::law(name, "uniform", distance)
        .on(usual())
        .sampling(|_, block| block.each_value(1, RngExt::random::<f64>))
        .distributed_as(move |_, _, z| (z + shift).clamp(0.0, 1.0))
        .trials(256)
}

#[test]
fn a_true_claim_at_the_edge_is_refuted_no_more_often_than_the_budget_says() {
    let all = [
        (events("at_most", 0.5, Side::AtMost).trials(128), 2.0),
        (events("within", 0.55, Side::Within(0.05)).trials(128), 2.0),
        (normal("value", 0.5, 0.05), 2.0),
        (law("law", 0.05, 0.05), 2.0),
        // Bets are looked at as often as one likes, and spend no second share.
        (bounded("bound", 0.5), 1.0),
    ];
    for (number, (claim, shares)) in all.iter().enumerate() {
        let least = at_least(claim, Verdict::Refuted);
        assert!(least <= shares * BUDGET, "claim {number} is refuted in {least} of all runs");
    }
}

#[test]
fn a_claim_that_is_false_by_its_margin_is_supported_no_more_often_than_the_budget_says() {
    let all = [
        events("at_most", 0.5 - 1e-9, Side::AtMost).trials(128),
        events("within", 0.55 + 1e-9, Side::Within(0.05)).trials(128),
        normal("value", 0.5 / 1.05, 0.05),
        law("law", 0.1 + 1e-9, 0.1),
        bounded("bound", 0.5 / 1.1),
    ];
    for (number, claim) in all.iter().enumerate() {
        let least = at_least(claim, Verdict::Supported);
        assert!(least <= 2.0 * BUDGET, "claim {number} is supported in {least} of all runs");
    }
}
