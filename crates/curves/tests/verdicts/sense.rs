//! Claims that make no sense, and runs that are none.

use proptest::prelude::*;
use theoria_curves::Run;
use theoria_curves::judge::{Claim, Comparison, Formula, Target, Terms, judge, sentences};
use theoria_verification::Verdict;

fn run(name: &str, group: Option<&str>, values: Vec<f64>, diverged: Option<f64>) -> Run {
    let steps = (1..=values.len()).map(|n| n as f64).collect();
    Run { name: name.into(), group: group.map(Into::into), steps, values, diverged }
}

fn power(name: &str, factor: f64) -> Run {
    run(name, None, (1..=256).map(|n| factor / f64::from(n)).collect(), None)
}

fn exponent(value: f64) -> Claim {
    Claim::Exponent(Target { value, margin: None })
}

fn told(runs: &[Run], claim: &Claim) -> String {
    match judge(runs, claim, Terms::default()) {
        Ok(finding) => format!("{} {}", finding.verdict, finding.note.unwrap_or_default()),
        Err(misuse) => misuse.to_string(),
    }
}

#[test]
fn copies_count_once() {
    let runs = [power("rank0", 1.0), power("rank1", 1.0)];
    let finding = told(&runs, &exponent(-1.0));
    assert!(finding.contains("rank1 is rank0 to the bit"), "{finding}");
    assert!(finding.contains("one run speaks for itself alone"), "{finding}");
}

#[test]
fn what_is_not_seen_is_not_said() {
    assert!(told(&[], &exponent(-1.0)).contains("there is no run"));
    let short = run("short", None, vec![1.0, 0.5, 0.25], None);
    assert!(told(&[short], &exponent(-1.0)).contains("2 octaves are seen"));
    let negative =
        run("negative", None, (1..=256).map(|n| 1.0 - f64::from(n) / 9.0).collect(), None);
    assert!(told(std::slice::from_ref(&negative), &exponent(-1.0)).contains("--approach"));
    let gone = run("gone", None, Vec::new(), Some(1.0));
    assert!(told(&[gone], &exponent(-1.0)).contains("refuted 1 of 1 runs diverged"));
    let rate = Claim::Rate(Target { value: 0.5, margin: None });
    assert!(told(&[negative], &rate).contains("not positive"));
}

#[test]
fn groups_need_runs() {
    let of =
        |group: &str, first: f64| run(&format!("{group}{first}"), Some(group), vec![first], None);
    let claim = |lower: &str, higher: &str| {
        Claim::Lower(Comparison {
            lower: lower.into(),
            higher: higher.into(),
            at: 1.0,
            within: None,
        })
    };
    let runs = [of("a", 1.0), of("a", 1.1), of("b", 2.0)];
    assert!(told(&runs, &claim("a", "b")).contains("inconclusive"));
    assert!(told(&runs, &claim("a", "c")).contains("no group `c`; there are a, b"));
    // Equal last values are ties, no copies.
    let ties = [of("a", 1.0), of("a", 1.1), of("a", 1.0), of("b", 1.0), of("b", 1.1), of("b", 1.0)];
    assert!(told(&ties, &claim("a", "b")).contains("over 3 and 3 runs"));
    let runs = [of("a", 1.0), of("a", 1.1), of("b", 2.0), of("b", 2.1)];
    assert!(told(&runs, &claim("a", "b")).starts_with("supported"));
    assert!(told(&runs, &claim("b", "a")).starts_with("refuted"));
    let nowhere =
        Comparison { lower: "a".into(), higher: "b".into(), at: f64::INFINITY, within: None };
    assert!(told(&runs, &Claim::Lower(nowhere)).contains("a step that is a number"));
}

#[test]
fn names_that_look_like_sentences_stay_whole() {
    let mut gone = power("lr=1; wd=0, seed 3", 1.0);
    gone.diverged = Some(999.0);
    let finding = judge(&[gone], &Claim::Finite {}, Terms::default()).unwrap();
    let note = finding.note.unwrap();
    assert_eq!(sentences(&note), ["1 of 1 runs diverged: `lr=1; wd=0, seed 3` by step 999"]);
    let (lower, higher) = ("lr=1,wd=0".into(), "adam".into());
    let claim = Claim::Lower(Comparison { lower, higher, at: 3.0, within: None });
    assert_eq!(claim.formula("loss"), "loss of `lr=1,wd=0` < loss of adam at n = 3");
}

#[test]
fn formulas() {
    let at = |text: &str, n: f64| text.parse::<Formula>().map(|formula| formula.at(n));
    assert_eq!(at("4*n^(-1/2)", 4.0), Ok(2.0));
    assert_eq!(at("7", 4.0), Ok(7.0));
    assert!((at("0.5^n + exp(-n)", 1.0).unwrap() - (0.5 + (-1f64).exp())).abs() < 1e-15);
    assert_eq!(at("1e3 + 2.5e-1", 1.0), Ok(1000.25));
    assert_eq!(at("-(n^2)", 3.0), Ok(-9.0));
    assert_eq!(at("(-n)^2 - n^2", 3.0), Ok(0.0));
    for wrong in ["", "4 n", "m + 1", "n +", "n; rm", "-n^2", "exp(-n^2)", "2*-n^2"] {
        let error = wrong.parse::<Formula>().expect_err(wrong);
        assert!(error.to_string().contains("4*n^(-1/2)"), "{error}");
    }
}

fn claims() -> impl Strategy<Value = Claim> {
    let number = prop_oneof![Just(0.0), Just(f64::NAN), Just(f64::INFINITY), -3.0..3.0];
    let target = (number, prop::option::of(-1.0..1.0f64))
        .prop_map(|(value, margin)| Target { value, margin });
    (target, 0..7u8).prop_map(|(target, kind)| match kind {
        0 => Claim::Exponent(target),
        1 => Claim::Rate(target),
        2 => Claim::Limit(target),
        3 => Claim::Approach(target),
        4 => Claim::Below("1/n".parse().expect("a formula")),
        5 => Claim::Above("log(n - 3)".parse().expect("a formula")),
        _ => Claim::Finite {},
    })
}

proptest! {
    /// Whatever the runs are nothing panics, and no verdict but an open one rests on no number.
    #[test]
    fn nothing_panics(
        values in prop::collection::vec(prop::collection::vec(
            prop_oneof![Just(0.0), Just(1.0), Just(-1.0), Just(1e150), Just(1e-300), -2.0..2.0f64], 0..40), 0..4),
        diverged in any::<bool>(),
        spread in prop_oneof![Just(1.0), Just(1e-9), Just(1e9)],
        claim in claims(),
    ) {
        let runs: Vec<Run> = values.into_iter().enumerate().map(|(i, values)| {
            let mut own = run(&format!("r{i}"), Some("a"), values, diverged.then_some(1e12));
            own.steps.iter_mut().for_each(|n| *n *= spread);
            own
        }).collect();
        if let Ok(finding) = judge(&runs, &claim, Terms::default())
            && finding.verdict == Verdict::Supported
        {
            prop_assert!(finding.measured.is_finite(), "{finding:?}");
        }
    }
}
