//! What a theorem may not do, and what a control and a bound must show.

use theoria_verification::{
    Case, Check, Claim, Family, Hypothesis, Level, Role, Settings, Standing, Theorem, Verdict,
};

type Factor = Case<f64>;

fn factors(name: &str, factors: &[f64]) -> Family<Factor> {
    Family::cases(name, factors.to_vec(), |factor| format!("powers of {factor}"))
}

/// ρⁿ ≤ c ρⁿ, attained for c = 1.
fn powers(name: &str, formula: &str, constant: f64) -> Claim<Factor> {
    Claim::bound(name, formula)
        .assuming([Hypothesis::new("contracting", |factor: &Factor, _| {
            Check::at_most(factor.value, 1.0, "ρ")
        })])
        .measuring(1..=20, |factor, powers| powers.read(|n: i32| factor.powi(n)))
        .predicting(move |factor, n| constant * factor.powf(n))
}

fn theorem() -> Theorem {
    Theorem::new("examples/powers", "# Powers")
}

fn message(build: impl FnOnce() -> Theorem + std::panic::UnwindSafe) -> String {
    let panic = std::panic::catch_unwind(build).map(drop).expect_err("it must not be built");
    panic.downcast_ref::<String>().cloned().unwrap_or_default()
}

#[test]
fn a_control_with_the_formula_of_a_claim_is_refused_whichever_comes_first() {
    let claim = || powers("true", "ρⁿ ≤ ρⁿ", 1.0).on(factors("some", &[0.5]));
    let control = || powers("false", "ρⁿ ≤ ρⁿ", 0.9).on(factors("some", &[0.5]));
    for said in [
        message(|| theorem().claim(claim()).control(control())),
        message(|| theorem().control(control()).claim(claim())),
    ] {
        assert!(said.contains("state the same formula") && said.contains("violating"), "{said}");
    }
    // It keeps the formula where it breaks a hypothesis by name.
    let broken =
        powers("false", "ρⁿ ≤ ρⁿ", 1.0).on(factors("large", &[1.5])).violating("contracting");
    let evidence = theorem().claim(claim()).control(broken).check(&Settings::default());
    assert_eq!(evidence.claims[1].stated(), "without contracting: ρⁿ ≤ ρⁿ");
}

#[test]
fn a_hypothesis_that_is_not_assumed_cannot_be_violated() {
    let said = message(|| theorem().control(powers("a", "a", 1.0).violating("typo")));
    assert!(said.contains("\"typo\"") && said.contains("contracting"), "{said}");
}

#[test]
fn a_claim_needs_a_family_and_a_possible_tightness() {
    let said = message(|| theorem().claim(powers("a", "a", 1.0)));
    assert!(said.contains("no family"), "{said}");
    for impossible in [0.0, -1.0, 1.5, f64::NAN, f64::INFINITY] {
        let said = message(|| theorem().claim(powers("a", "a", 1.0).tight_to(impossible)));
        assert!(said.contains("(0, 1]"), "{said}");
    }
}

#[test]
fn a_control_must_be_refuted_on_every_instance() {
    let control = |families: &[f64]| {
        // False below 1/2 only: ρⁿ ≤ 2 ρ ρⁿ.
        Claim::bound("false", "ρⁿ ≤ 2 ρ ρⁿ")
            .on(factors("some", families))
            .measuring(1..=20, |factor: &Factor, powers| powers.read(|n: i32| factor.powi(n)))
            .predicting(|factor, n| 2.0 * factor.value * factor.powf(n))
    };
    let claim = || powers("true", "ρⁿ ≤ ρⁿ", 1.0).on(factors("some", &[0.5]));
    let check = |families: &[f64]| {
        theorem().claim(claim()).control(control(families)).check(&Settings::default())
    };
    let all = check(&[0.1, 0.2]);
    assert_eq!((all.claims[1].verdict, all.standing), (Verdict::Refuted, Standing::Holds));
    let agreement = all.claims[1].agreement();
    assert_eq!((agreement.on, agreement.counted), (2, 2));
    let some = check(&[0.1, 0.9]);
    assert_eq!(
        (some.claims[1].verdict, some.standing),
        (Verdict::Inconclusive, Standing::NotEvidence)
    );
    let agreement = some.claims[1].agreement();
    assert_eq!((agreement.on, agreement.counted), (1, 2));
    // What a person is shown is the instance that spoils it.
    assert_eq!(some.claims[1].decisive, Some(1));
    assert_eq!(some.claims[1].role, Role::Control);
}

#[test]
fn a_bound_that_is_never_seen_near_is_not_supported() {
    let loose = |least: f64| {
        let claim = powers("loose", "ρⁿ ≤ 4 ρⁿ", 4.0).on(factors("some", &[0.5])).tight_to(least);
        theorem().claim(claim).check(&Settings::default()).claims.remove(0)
    };
    assert_eq!(loose(0.2).verdict, Verdict::Supported);
    let unseen = loose(0.3);
    assert_eq!((unseen.verdict, unseen.least), (Verdict::Inconclusive, Some(0.3)));
    assert_eq!(unseen.level, Level::Exact);
}

#[test]
fn what_holds_by_construction_is_said_so() {
    let claim = powers("true", "ρⁿ ≤ ρⁿ", 1.0)
        .on(factors("some", &[0.5]))
        .assuming([Hypothesis::by_construction("positive", "the factors are listed")]);
    let evidence = theorem().claim(claim).check(&Settings::default());
    let checks: Vec<bool> = evidence.claims[0].instances[0]
        .hypotheses
        .iter()
        .map(|check| check.by_construction)
        .collect();
    assert_eq!(checks, [false, true]);
}

#[test]
fn a_family_may_say_how_many_are_drawn() {
    let drawn = || Family::drawn("some", |draw| Case::new("a factor", draw.uniform(0.1, 0.9)));
    let count = |family| {
        let claim = powers("true", "ρⁿ ≤ ρⁿ", 1.0).on(family);
        theorem().claim(claim).check(&Settings::default()).claims[0].instances.len()
    };
    assert_eq!((count(drawn()), count(drawn().with_draws(40))), (6, 40));
}
