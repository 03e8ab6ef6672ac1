//! Claims whose measurement and prediction are stated apart: runs are shared, evidence is not changed by
//! that, and curves from elsewhere can be judged.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rand::RngExt;
use theoria_verification::evidence::{ClaimEvidence, TheoremEvidence};
use theoria_verification::{
    Block, Check, Claim, Curve, Family, Hypothesis, Instance, JudgeError, Readings, Settings,
    Theorem, TrialClaim, Verdict,
};

/// Powers of a factor.
struct Powers {
    factor: f64,
}

impl Instance for Powers {
    fn description(&self) -> String {
        format!("powers of {}", self.factor)
    }
}

fn drawn() -> Family<Powers> {
    Family::drawn("factors", |draw| Powers { factor: draw.uniform(0.3, 0.6) })
}

fn listed() -> Family<Powers> {
    Family::listed("worked examples", [0.2, 0.9], |&factor| Powers { factor })
}

/// x_n = factorⁿ, with the number of runs that were made.
fn powers(runs: &Arc<AtomicUsize>) -> Claim<Powers> {
    let runs = Arc::clone(runs);
    Claim::identity("powers", "x_n = ρⁿ", 1e-9)
        .assuming([Hypothesis::new("decreasing", |at: &Powers, _| {
            Check::at_most(at.factor, 1.0, "ρ")
        })])
        .on(drawn())
        .on(listed())
        .measuring(1..=20, move |at, steps| {
            runs.fetch_add(1, Ordering::Relaxed);
            steps.read(|n: i32| at.factor.powi(n))
        })
        .predicting(|at, n| at.factor.powf(n))
}

fn counted() -> Arc<AtomicUsize> {
    Arc::new(AtomicUsize::new(0))
}

fn halves(runs: &Arc<AtomicUsize>) -> Theorem {
    let claim = powers(runs);
    let faster = claim.restated("faster", "x_n = ρ²ⁿ").predicting(|at, n| at.factor.powf(2.0 * n));
    let prepared = claim
        .restated("slower", "x_n = √ρⁿ")
        .predicting_from(|at| at.factor.sqrt(), |root, n| root.powf(n));
    Theorem::new("examples/powers", "# Powers").claim(claim).control(faster).control(prepared)
}

#[test]
fn what_is_restated_has_the_same_instances_and_shares_their_runs() {
    let runs = counted();
    let evidence = halves(&runs).check(&Settings::default());
    let verdicts = evidence.claims.iter().map(|claim| claim.verdict);
    let expected = [Verdict::Supported, Verdict::Refuted, Verdict::Refuted];
    assert!(verdicts.eq(expected));
    assert_eq!(runs.load(Ordering::Relaxed), evidence.claims[0].instances.len());
    let described = |claim: &ClaimEvidence| -> Vec<String> {
        claim.instances.iter().map(|instance| instance.description.clone()).collect()
    };
    assert_eq!(described(&evidence.claims[0]), described(&evidence.claims[1]));
}

#[test]
fn a_restated_claim_alone_is_judged_as_within_the_whole() {
    let settings = Settings::default();
    let theorem = halves(&counted());
    for claim in theorem.check(&settings).claims {
        assert_eq!(theorem.check_claim(&claim.name, &settings), Some(claim));
    }
}

#[test]
fn a_restated_claim_may_have_families_and_measurements_of_its_own() {
    let (runs, others) = (counted(), counted());
    let claim = powers(&runs);
    let wider = claim
        .restated("wider", "x_n = ρⁿ")
        .on(Family::single("one", || Powers { factor: 1.0 }))
        .on(Family::single("growing", || Powers { factor: 2.0 }));
    let again = {
        let others = Arc::clone(&others);
        claim.restated("again", "x_n = ρⁿ, measured anew").measuring_each(move |at| {
            others.fetch_add(1, Ordering::Relaxed);
            Readings::over([1.0, 2.0], |n| at.factor.powf(n))
        })
    };
    let theorem =
        Theorem::new("examples/powers", "# Powers").claim(claim).claim(wider).claim(again);
    let evidence = theorem.check(&Settings::default());
    let [claim, wider, again] = &evidence.claims[..] else { panic!("three claims") };
    // The growing one violates the hypothesis and is not run.
    assert_eq!(runs.load(Ordering::Relaxed), claim.instances.len() + 1);
    assert_eq!(wider.instances.len(), claim.instances.len() + 2);
    assert_eq!(others.load(Ordering::Relaxed), again.instances.len());
    assert_eq!(again.instances[0].description, claim.instances[0].description);
}

/// Each says which number it drew.
fn looks(name: &str) -> Hypothesis<Powers> {
    Hypothesis::new(name, |_: &Powers, draw| {
        Check::that(true, format!("{}", draw.uniform(0.0, 1.0)))
    })
}

#[test]
fn hypotheses_that_look_at_the_same_draw_the_same() {
    let alike = ["steep", "flat"].map(|name| looks(name).looking_at("slopes"));
    let claim = powers(&counted()).assuming(alike).assuming([looks("other")]);
    let evidence =
        Theorem::new("examples/powers", "# Powers").claim(claim).check(&Settings::default());
    let instances = &evidence.claims[0].instances;
    let detail = |instance: usize, hypothesis: usize| {
        instances[instance].hypotheses[hypothesis].detail.clone()
    };
    for instance in 0..instances.len() {
        assert_eq!(detail(instance, 1), detail(instance, 2));
        assert_ne!(detail(instance, 1), detail(instance, 3));
    }
    assert_ne!(detail(0, 1), detail(1, 1));
}

#[test]
fn measured_against_measured_is_shared_as_well() {
    let runs = counted();
    let counter = Arc::clone(&runs);
    let claim = Claim::bound("decreases", "x_{n+1} ≤ x_n").on(listed()).experiment(move |at| {
        counter.fetch_add(1, Ordering::Relaxed);
        Curve::over(1..=9, |n: i32| at.factor.powi(n), |n| at.factor.powi(n - 1))
    });
    let again = claim.restated("decreases_again", "x_{n+1} ≤ x_n, in other words");
    let theorem = Theorem::new("examples/powers", "# Powers").claim(claim).claim(again);
    theorem.check(&Settings::default());
    assert_eq!(runs.load(Ordering::Relaxed), 2);
}

/// E U² for U uniform on [0, 1], with the number of blocks that were run.
fn second_moment(blocks: &Arc<AtomicUsize>) -> TrialClaim<Powers> {
    let blocks = Arc::clone(blocks);
    Claim::expected_value("second_moment", "E U² = 1/3", 0.1)
        .ranging(|_, _| (0.0, 1.0))
        .trials(32_000)
        .on(drawn())
        .sampling(move |_, block: &mut Block| {
            blocks.fetch_add(1, Ordering::Relaxed);
            block.each(&[1.0], |random| vec![random.random::<f64>().powi(2)])
        })
        .predicting(|_, _| 1.0 / 3.0)
}

fn moments(blocks: &Arc<AtomicUsize>) -> Theorem {
    let claim = second_moment(blocks);
    let tiny = claim.restated("tiny", "E U² = 1/4").predicting(|_, _| 1.0 / 4.0);
    // Too near to be told, so that all blocks are looked at.
    let edge = claim.restated("at_the_edge", "E U² = 0.37").predicting(|_, _| 0.37);
    Theorem::new("examples/moments", "# Moments").claim(claim).control(tiny).control(edge)
}

fn run_blocks(claim: &ClaimEvidence) -> usize {
    claim.instances.iter().filter_map(|i| i.trials.as_ref()).map(|t| t.blocks.len()).sum()
}

#[test]
fn restated_claims_about_trials_share_their_blocks() {
    let blocks = counted();
    let evidence = moments(&blocks).check(&Settings::default());
    let longest = evidence.claims.iter().map(run_blocks).max();
    assert_eq!(Some(blocks.load(Ordering::Relaxed)), longest);
    assert!(run_blocks(&evidence.claims[2]) > run_blocks(&evidence.claims[0]));
    assert_eq!(evidence.claims[0].verdict, Verdict::Supported);
    assert_eq!(evidence.claims[1].verdict, Verdict::Refuted);
    for claim in &evidence.claims {
        let alone = moments(&counted()).check_claim(&claim.name, &Settings::default());
        assert_eq!(alone.as_ref(), Some(claim));
    }
}

#[test]
fn evidence_is_the_same_to_the_byte_for_any_number_of_threads() {
    let bytes = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let check = |theorem: Theorem| -> TheoremEvidence { theorem.check(&Settings::default()) };
        let evidence = pool.install(|| [check(halves(&counted())), check(moments(&counted()))]);
        serde_json::to_string(&evidence).unwrap()
    };
    assert_eq!(bytes(1), bytes(2));
}

#[test]
fn a_panic_in_a_shared_run_ends_the_instance_of_every_claim() {
    let claim = powers(&counted()).measuring_each(|_| panic!("no such constant"));
    let control = claim.restated("control", "x_n = 1").predicting(|_, _| 1.0);
    let theorem = Theorem::new("examples/panic", "# Panic").claim(claim).control(control);
    for claim in theorem.check(&Settings::default()).claims {
        assert_eq!(claim.verdict, Verdict::Inconclusive);
        let finding = claim.instances[0].finding.as_ref().unwrap();
        assert!(finding.note.as_ref().unwrap().contains("no such constant"));
    }
}

#[test]
fn a_curve_from_elsewhere_is_judged_at_its_own_abscissae() {
    let theorem = halves(&counted());
    let at = Powers { factor: 0.5 };
    let right: Readings = [(1.0, 0.5), (2.5, 0.5f64.powf(2.5))].into_iter().collect();
    let wrong: Readings = [(1.0, 0.5), (2.0, 0.2)].into_iter().collect();
    assert_eq!(theorem.judge("powers", &at, &right).unwrap().verdict, Verdict::Supported);
    let refuted = theorem.judge("powers", &at, &wrong).unwrap();
    assert_eq!(refuted.first_violation.unwrap().at, 2.0);
    assert_eq!(theorem.judge("faster", &at, &right).unwrap().verdict, Verdict::Refuted);
}

#[test]
fn what_cannot_be_judged_says_why() {
    struct Other;
    impl Instance for Other {
        fn description(&self) -> String {
            "something else".into()
        }
    }
    let claim = Claim::bound("decreases", "x_{n+1} ≤ x_n")
        .on(listed())
        .experiment(|at| Curve::over(1..=2, |n: i32| at.factor.powi(n), |_| 1.0));
    let theorem = halves(&counted()).claim(claim).claim(second_moment(&counted()));
    let panics = Claim::bound("panics", "x_n ≤ c")
        .on(listed())
        .measuring(1..=2, |at: &Powers, steps| steps.read(|n: i32| at.factor.powi(n)))
        .predicting(|_, _| panic!("it states no smoothness constant"));
    let theorem = theorem.claim(panics);
    let (at, growing) = (Powers { factor: 0.5 }, Powers { factor: 2.0 });
    let readings = Readings::at(1.0, 0.5);
    let told = |claim: &str, at: &Powers| theorem.judge(claim, at, &readings).unwrap_err();
    let error = told("no_such_claim", &at);
    assert!(error.to_string().contains("powers, faster, slower"), "{error}");
    assert!(matches!(told("decreases", &at), JudgeError::NothingPredicted { .. }));
    assert!(matches!(told("second_moment", &at), JudgeError::NothingPredicted { .. }));
    let error = told("panics", &at);
    assert!(error.to_string().contains("no smoothness constant"), "{error}");
    let error = told("powers", &growing);
    assert!(error.to_string().contains("decreasing fails"), "{error}");
    let error = theorem.judge("powers", &Other, &readings).unwrap_err();
    assert!(error.to_string().contains("Powers"), "{error}");
}

/// What the theorem says when this claim is added to it.
fn refusal<E>(claim: Claim<Powers, E>) -> String
where
    E: theoria_verification::Experiment<Powers>,
{
    let add = || Theorem::new("examples/misuse", "# Misuse").claim(claim);
    let Err(panic) = std::panic::catch_unwind(std::panic::AssertUnwindSafe(add)) else {
        panic!("the claim was accepted");
    };
    *panic.downcast::<String>().expect("a sentence")
}

#[test]
fn what_was_forgotten_is_told_when_the_theorem_is_built() {
    let claim = || Claim::<Powers>::bound("powers", "x_n ≤ 1").on(listed());
    let trials = || Claim::expected_bound("mean", "E Z ≤ 1").on(listed());
    let measure = |at: &Powers| Readings::at(1.0, at.factor);
    for (told, part) in [
        (refusal(claim()), "neither what is measured"),
        (refusal(claim().measuring_each(measure)), "but not what is predicted (`predicting`)"),
        (refusal(claim().predicting(|_, _| 1.0)), "but not what is measured (`measuring`)"),
        (
            refusal(claim().experiment(|_| Curve::default()).predicting(|_, _| 1.0)),
            "`predicting` has no say",
        ),
        (refusal(trials()), "how its trials are run (`sampling`)"),
        (
            refusal(trials().sampling(|_, block| block.each(&[1.0], |_| vec![0.5]))),
            "what is predicted (`predicting`)",
        ),
        (
            refusal(
                Claim::law("law", "Z is uniform", 0.1)
                    .on(listed())
                    .sampling(|_, block| block.each(&[1.0], |_| vec![0.5]))
                    .predicting(|_, _| 1.0),
            ),
            "which law is predicted (`distributed_as`)",
        ),
    ] {
        assert!(told.starts_with("examples/misuse: the claim ") && told.contains(part), "{told}");
    }
}

#[test]
#[should_panic(expected = "only a bound is attained, and this is a claim of the kind identity")]
fn only_bounds_are_attained() {
    let _ = powers(&counted()).attained_on(listed());
}
