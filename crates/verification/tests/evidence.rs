//! Evidence as files, and runs put together.

use std::path::Path;

use theoria_verification::evidence::store::{self, StoreError};
use theoria_verification::evidence::{Accepted, MergeError, Origin, Piece, TheoremEvidence, merge};
use theoria_verification::{
    Claim, Constant, Curve, Effort, Family, Figure, Hypothesis, Instance, Settings, Severity,
    Standing, Theorem, Verdict,
};

/// A geometric sequence.
struct Decay {
    factor: f64,
    length: usize,
}

impl Instance for Decay {
    fn description(&self) -> String {
        format!("{} terms", self.length)
    }

    fn constants(&self) -> Vec<Constant> {
        vec![Constant::exact("ρ", self.factor)]
    }
}

fn decays() -> Family<Decay> {
    Family::drawn("decays", |draw| Decay {
        factor: draw.uniform(0.1, 1.2),
        length: draw.size(5..=40),
    })
}

fn below(name: &str, allowed: f64) -> Claim<Decay> {
    Claim::bound(name, &format!("ρ^n ≤ {allowed}"))
        .assuming([Hypothesis::new("decreasing", |decay: &Decay, _| {
            theoria_verification::Check::at_most(decay.factor, 1.0, "ρ")
        })])
        .on(decays())
        .experiment(move |decay| {
            Curve::over(1..=decay.length, |n| decay.factor.powi(n as i32), |_| allowed)
        })
}

fn theorem() -> Theorem {
    Theorem::new("examples/decay", "# Decay\n\nPowers of small numbers are small.")
        .claim(below("powers_stay_below_one", 1.0))
        .control(below("powers_are_tiny_at_once", 1e-9))
        .control(below("powers_of_large_numbers_too", 1.0).violating("decreasing"))
        .figure(Figure::semilog("decay", "n", "ρ^n").of("powers_stay_below_one"))
}

fn seeded(seed: u64) -> TheoremEvidence {
    theorem().check(&Settings::default().with_seed(seed))
}

#[test]
fn an_instance_that_violates_a_hypothesis_is_never_support() {
    let evidence = seeded(1);
    let claim = &evidence.claims[0];
    let uncounted: Vec<_> = claim.instances.iter().filter(|i| !i.counts).collect();
    assert!(!uncounted.is_empty(), "some factors exceed 1");
    assert!(uncounted.iter().all(|i| i.finding.is_none() && i.constants[0].value > 1.0));
    assert_eq!(claim.verdict, Verdict::Supported);
    let violating = &evidence.claims[2];
    assert!(violating.counted().all(|i| i.constants[0].value > 1.0));
    assert_eq!(violating.verdict, Verdict::Refuted);
    assert_eq!(evidence.standing, Standing::Holds);
}

#[test]
fn one_claim_alone_is_judged_as_within_the_whole() {
    let settings = Settings::default();
    let whole = theorem().check(&settings);
    for claim in &whole.claims {
        assert_eq!(theorem().check_claim(&claim.name, &settings).as_ref(), Some(claim));
    }
    assert_eq!(theorem().check_claim("no_such_claim", &settings), None);
}

#[test]
fn a_refuted_claim_is_shrunk_to_a_small_instance() {
    let false_claim = Theorem::new("examples/false", "# False").claim(below("tiny", 1e-3));
    let evidence = false_claim.check(&Settings::default());
    assert_eq!(evidence.standing, Standing::Refuted);
    let small = evidence.claims[0].counterexample.as_ref().unwrap();
    assert!(matches!(small.origin, Origin::Shrunk { .. }));
    assert_eq!(small.description, "5 terms", "5 is the least that the family draws");
    let told = evidence.claims[0].explain("check examples/false");
    for part in ["predicted", "measured", "first violated at", "shrunk to", "check examples/false"]
    {
        assert!(told.contains(part), "{told}");
    }
}

#[test]
fn a_control_that_is_not_refuted_makes_the_theorem_no_evidence() {
    let powerless = Theorem::new("examples/powerless", "# Powerless")
        .claim(below("true_claim", 1.0))
        .control(below("true_as_well", 2.0));
    assert_eq!(powerless.check(&Settings::default()).standing, Standing::NotEvidence);
}

#[test]
fn a_panic_ends_its_instance_and_not_the_run() {
    let claim = below("panics", 1.0).experiment(|_| panic!("no such constant"));
    let evidence =
        Theorem::new("examples/panic", "# Panic").claim(claim).check(&Settings::default());
    assert_eq!(evidence.standing, Standing::Inconclusive);
    let finding = evidence.claims[0].decisive_instance().unwrap().finding.as_ref().unwrap();
    assert!(finding.note.as_ref().unwrap().contains("no such constant"));
}

fn pieces<const N: usize>(all: [&TheoremEvidence; N]) -> Vec<Piece> {
    let piece = |(number, evidence): (usize, &TheoremEvidence)| Piece {
        file: format!("{number}.json"),
        evidence: evidence.clone(),
    };
    all.into_iter().enumerate().map(piece).collect()
}

const SEVERAL: Accepted = Accepted { incomplete: false, several_seeds: true };

#[test]
fn merging_seeds_is_commutative_associative_and_idempotent() {
    let (a, b, c) = (seeded(1), seeded(2), seeded(3));
    let merge = |x: &TheoremEvidence, y: &TheoremEvidence| merge(pieces([x, y]), SEVERAL).unwrap();
    assert_eq!(merge(&a, &a), a);
    assert_eq!(merge(&a, &b), merge(&b, &a));
    let all = merge(&merge(&a, &b), &c);
    let other = merge(&a, &merge(&b, &c));
    assert_eq!(all.claims[0].instances, other.claims[0].instances);
    assert_eq!(all.runs.len(), 3);
    let instances = |e: &TheoremEvidence| e.claims[0].instances.len();
    assert_eq!(instances(&all), instances(&a) + instances(&b) + instances(&c));
}

#[test]
fn each_seed_spends_the_budget_once_more_and_has_to_be_asked_for() {
    let (a, b) = (seeded(1), seeded(2));
    let told = merge(pieces([&a, &b]), Accepted::default()).unwrap_err();
    assert!(matches!(told, MergeError::MixedSeeds { .. }), "{told}");
    let both = merge(pieces([&a, &b]), SEVERAL).unwrap();
    assert_eq!(both.budgets(), 2);
    assert_eq!(both.claims[0].error_budget, 2.0 * a.claims[0].error_budget);
    let thrice = merge(pieces([&both, &a, &b]), SEVERAL).unwrap();
    assert_eq!(thrice, both, "what is there already spends nothing");
}

#[test]
fn what_is_not_the_same_theorem_version_or_effort_does_not_merge() {
    let told = |other: TheoremEvidence| merge(pieces([&seeded(1), &other]), SEVERAL).unwrap_err();
    let other = Theorem::new("examples/other", "# Other").check(&Settings::default());
    assert!(matches!(told(other), MergeError::DifferentTheorems { .. }));
    let changed = Theorem::new("examples/decay", "# Decay")
        .claim(below("another_claim", 1.0))
        .check(&Settings::default());
    assert!(matches!(told(changed), MergeError::DifferentClaims { .. }));
    let newer = TheoremEvidence { version: "9.9.9".into(), ..seeded(1) };
    assert!(matches!(told(newer), MergeError::DifferentVersions { .. }));
    let thorough = Settings { effort: Effort::Thorough, ..Settings::default().with_seed(1) };
    assert!(matches!(told(theorem().check(&thorough)), MergeError::MixedEfforts { .. }));
}

#[test]
fn rounding_is_no_conflict_and_more_than_that_is_one_with_both_numbers() {
    let whole = seeded(1);
    let changed = |factor: f64| {
        let mut other = whole.clone();
        let finding = other.claims[0].instances[0].finding.as_mut().unwrap();
        finding.measured *= factor;
        finding.severity = Severity::Tightness { value: finding.measured, rate: None };
        other
    };
    let rounded = changed(1.0 + 1e-12);
    let one = merge(pieces([&whole, &rounded]), SEVERAL).unwrap();
    assert_eq!(one, merge(pieces([&rounded, &whole]), SEVERAL).unwrap());
    assert_eq!(one.claims[0].instances.len(), whole.claims[0].instances.len());
    let told = merge(pieces([&whole, &changed(0.5)]), SEVERAL).unwrap_err();
    let told = told.to_string();
    let measured = whole.claims[0].instances[0].finding.as_ref().unwrap().measured;
    for part in
        ["0.json", "1.json", "decays 1", &format!("{measured:?}"), &format!("{:?}", measured / 2.0)]
    {
        assert!(told.contains(part), "{part}: {told}");
    }
}

#[test]
fn evidence_survives_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let evidence = seeded(1);
    let path = store::write(folder.path(), &evidence).unwrap();
    assert_eq!(path, store::path_of(folder.path(), "examples/decay"));
    let text = |e: &TheoremEvidence| serde_json::to_string(e).unwrap();
    // By text, since NaN is not equal to itself.
    assert_eq!(text(&store::read(&path).unwrap()), text(&evidence));
    assert_eq!(store::read_all(folder.path()).unwrap().evidence.len(), 1);
}

#[test]
fn what_cannot_be_read_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("chapter/theorem.json");
    assert!(matches!(store::read_all(folder.path()), Err(StoreError::Empty { .. })));
    assert!(matches!(store::read(&path), Err(StoreError::Read { .. })));
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let told = |content: &str| {
        std::fs::write(&path, content).unwrap();
        store::read(&path).unwrap_err()
    };
    assert!(matches!(told("{\"schema\": 2, "), StoreError::Truncated { .. }));
    assert!(matches!(told("[]"), StoreError::NotEvidence { .. }));
    assert!(matches!(told("{\"schema\": 3, \"version\": \"0\"}"), StoreError::NotEvidence { .. }));
    let newer = told("{\"schema\": 7, \"version\": \"9.0.0\"}");
    assert!(matches!(newer, StoreError::OtherSchema { found: 7, .. }));
    assert!(newer.to_string().contains("9.0.0"));
}

#[test]
fn a_failed_write_leaves_the_old_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.html");
    store::write_atomically(&path, b"old").unwrap();
    // A folder in the place of the file cannot be replaced by it.
    let blocked = folder.path().join("blocked");
    std::fs::create_dir_all(blocked.join("inside")).unwrap();
    assert!(matches!(store::write_atomically(&blocked, b"new"), Err(StoreError::Write { .. })));
    assert!(blocked.join("inside").exists());
    assert_eq!(std::fs::read(&path).unwrap(), b"old");
    assert_eq!(leftovers(folder.path()), 0);
}

fn leftovers(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).expect("the folder is there");
    entries
        .filter(|entry| {
            let name = entry.as_ref().expect("it can be listed").file_name();
            name.to_string_lossy().starts_with(".theoria-writing-")
        })
        .count()
}
