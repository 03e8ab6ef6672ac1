//! Families along a slider, and figures that move over them.

use std::path::Path;

use rand::RngExt;
use theoria_verification::evidence::{TheoremEvidence, store};
use theoria_verification::{
    Case, Check, Claim, Content, Family, Figure, Hypothesis, Line, Settings, Standing, Theorem,
    TrialClaim, Verdict,
};

const POSITIONS: [f64; 4] = [0.5, 0.9, 1.1, 1.5];

fn factors(name: &str) -> Family<Case<f64>> {
    Family::along(name, POSITIONS, |factor| Case::new(format!("powers of {factor}"), factor))
}

fn at_most_one() -> Hypothesis<Case<f64>> {
    Hypothesis::new("ρ ≤ 1", |factor: &Case<f64>, _| Check::at_most(factor.value, 1.0, "ρ"))
}

fn fades(name: &str) -> Claim<Case<f64>> {
    Claim::bound(name, "ρⁿ ≤ ρ")
        .assuming([at_most_one()])
        .measuring(1..=9, |factor: &Case<f64>, powers| powers.read(|n: i32| factor.powi(n)))
        .predicting(|factor, _| factor.value)
}

fn mean() -> TrialClaim<Case<f64>> {
    Claim::expected_value("mean", "E Z = ρ/2", 0.1)
        .assuming([at_most_one()])
        .on(factors("means"))
        .sampling(|factor: &Case<f64>, block| {
            block.each_value(1, |random| factor.value * random.random::<f64>())
        })
        .trials(4096)
        .ranging(|factor, _| (0.0, factor.value))
        .predicting(|factor, _| factor.value / 2.0)
}

fn figure(name: &str, claim: &str, family: &str) -> Figure {
    Figure::linear(name, "n", "ρⁿ").of(claim).along("factor ρ", family, 1).caption("Powers.")
}

fn theorem() -> Theorem {
    let pictured = factors("pictures").showing(|factor, draw| {
        let points = [(0.0, factor.value), (1.0, draw.uniform(0.0, 1.0))];
        Content::Lines { lines: vec![Line::measured("picture", points)] }
    });
    Theorem::new("examples/sliders", "# Sliders")
        .claim(fades("fades").on(factors("curves")).on(pictured))
        .claim(mean())
        .figure(figure("curves", "fades", "curves"))
        .figure(figure("pictures", "fades", "pictures"))
        .figure(figure("means", "mean", "means"))
}

#[test]
fn every_position_has_the_finding_of_its_claim_or_the_hypothesis_that_fails() {
    let evidence = theorem().check(&Settings::default());
    assert_eq!(evidence.standing, Standing::Holds);
    for claim in &evidence.claims {
        for family in ["curves", "pictures", "means"] {
            let along: Vec<_> = claim.instances.iter().filter(|it| it.family == family).collect();
            for (instance, at) in along.iter().zip(POSITIONS) {
                assert_eq!(instance.position, Some(at));
                let applies = at <= 1.0;
                assert_eq!((instance.counts, instance.hypotheses[0].satisfied), (applies, applies));
                let verdict = instance.finding.as_ref().map(|finding| finding.verdict);
                assert_eq!(verdict, applies.then_some(Verdict::Supported));
                assert_eq!(instance.trials.is_some(), applies && family == "means");
                // Something is seen at every position: what it shows, or else its curve.
                assert_eq!(instance.shown.is_some(), family == "pictures");
                assert!(instance.shown.is_some() || instance.curve.is_some());
            }
        }
    }
}

#[test]
fn what_is_drawn_beyond_the_theorem_may_panic() {
    let careful = Claim::bound("careful", "ρ ≤ 1")
        .assuming([at_most_one()])
        .on(factors("curves"))
        .measuring([1.0], |factor: &Case<f64>, once| {
            assert!(factor.value <= 1.0, "it is not made for more");
            once.read(|_| factor.value)
        })
        .predicting(|_, _| 1.0);
    let theorem = Theorem::new("examples/careful", "# Careful").claim(careful);
    let evidence = theorem.check(&Settings::default());
    assert_eq!(evidence.claims[0].verdict, Verdict::Supported);
    let last = &evidence.claims[0].instances[3];
    assert!(!last.counts && last.curve.is_none() && last.finding.is_none());
}

fn read(evidence: &serde_json::Value) -> Result<TheoremEvidence, String> {
    let folder = tempfile::tempdir().expect("a folder");
    let file: &Path = &folder.path().join("sliders.json");
    std::fs::write(file, evidence.to_string()).expect("it can be written");
    store::read(file).map_err(|error| error.to_string())
}

#[test]
fn an_edited_position_is_refused() {
    let evidence = theorem().check(&Settings::default());
    let whole = serde_json::to_value(&evidence).expect("JSON");
    assert_eq!(read(&whole).expect("it is sound"), evidence);
    let edited = |path: &str, value: serde_json::Value| {
        let mut edited = whole.clone();
        *edited.pointer_mut(path).expect("it is there") = value;
        read(&edited).expect_err("it was edited")
    };
    // A hypothesis that failed is said to hold, or one that held to fail.
    let told = edited("/claims/0/instances/3/hypotheses/0/satisfied", true.into());
    assert!(told.contains("by its hypotheses it counts"), "{told}");
    let told = edited("/claims/0/instances/1/hypotheses/0/satisfied", false.into());
    assert!(told.contains("by its hypotheses it does not count"), "{told}");
    // A position without an effect on any verdict is refused as well.
    let told = edited("/claims/0/instances/0/position", "nan".into());
    assert!(told.contains("stands nowhere"), "{told}");
    let told = edited("/claims/0/instances/0/origin", "drawn".into());
    assert!(told.contains("slider"), "{told}");
    let told = edited("/claims/0/instances/0/curve/measured/0", 7.0.into());
    assert!(told.contains("claim fades"), "{told}");
    let mut edited = whole.clone();
    let shown = edited.pointer_mut("/claims/0/instances/4").expect("it is there");
    shown.as_object_mut().expect("it is one").remove("position");
    assert!(read(&edited).expect_err("it was edited").contains("along no slider"));
}

#[test]
#[should_panic(expected = "increasing order")]
fn positions_are_in_order() {
    let _ = Family::along("factors", [0.5, 0.5], |factor| Case::new("a factor", factor));
}

#[test]
#[should_panic(expected = "made on no such family along a slider")]
fn a_figure_moves_over_a_family_of_its_claim() {
    let theorem = Theorem::new("examples/sliders", "# Sliders");
    let _ = theorem
        .claim(fades("fades").on(factors("curves")))
        .figure(figure("other", "fades", "means"));
}

#[test]
#[should_panic(expected = "stand at different positions")]
fn the_claims_of_a_figure_stand_at_the_same_positions() {
    let other = Family::along("curves", [0.1, 0.2], |factor| Case::new("a factor", factor));
    let _ = Theorem::new("examples/sliders", "# Sliders")
        .claim(fades("fades").on(factors("curves")))
        .claim(fades("fades_too").on(other))
        .figure(figure("both", "fades", "curves").of("fades_too"));
}

#[test]
#[should_panic(expected = "begins at number 4")]
fn a_slider_begins_at_one_of_its_positions() {
    let figure = Figure::linear("late", "n", "ρⁿ").of("fades").along("factor ρ", "curves", 4);
    let _ = Theorem::new("examples/sliders", "# Sliders")
        .claim(fades("fades").on(factors("curves")))
        .figure(figure);
}

#[test]
fn positions_are_declared() {
    let other = Theorem::new("examples/sliders", "# Sliders").claim(
        fades("fades").on(Family::along("curves", [0.5, 0.9, 1.1, 1.6], |factor| {
            Case::new("a factor", factor)
        })),
    );
    let same =
        Theorem::new("examples/sliders", "# Sliders").claim(fades("fades").on(factors("curves")));
    assert_ne!(other.fingerprint(), same.fingerprint());
}
