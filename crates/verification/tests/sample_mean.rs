//! No support of a bound stands with the mean of its own trials beyond the bound.

use rand::RngExt;
use theoria_verification::evidence::ClaimEvidence;
use theoria_verification::{
    Case, Claim, Family, Hypothesis, Sample, Settings, Theorem, TrialClaim, Verdict,
};

const SEEDS: u64 = 40;

/// Trials uniform between two numbers.
type Between = Case<(f64, f64)>;

fn uniform(low: f64, high: f64) -> Family<Between> {
    Family::single("uniform", move || Case::new("uniform", (low, high)))
}

fn at_most(bound: f64) -> TrialClaim<Between> {
    Claim::expected_bound("at_most", "E Z ≤ B")
        .trials(1 << 14)
        .assuming([Hypothesis::by_construction("uniform", "drawn by the generator of the block")])
        .sampling(|at: &Between, block| {
            let (low, high) = at.value;
            block.each_value(1.0, |random| low + (high - low) * random.random::<f64>())
        })
        .bounded_by(|at, _| at.value.1)
        .predicting(move |_, _| bound)
}

fn checked(claim: &TrialClaim<Between>, seed: u64) -> ClaimEvidence {
    let theorem = Theorem::new("examples/sample_mean", "# A mean").claim(claim.clone());
    let settings = Settings { seed, ..Settings::default() };
    theorem.check(&settings).claims.remove(0)
}

#[test]
fn a_bound_that_every_trial_breaks_within_the_margin_is_refuted() {
    for seed in 0..SEEDS {
        let evidence = checked(&at_most(1.0).on(uniform(1.03, 1.05)), seed);
        assert_eq!(evidence.verdict, Verdict::Refuted, "seed {seed}");
    }
}

#[test]
fn a_bound_below_the_mean_of_the_trials_is_never_supported() {
    for bound in [0.4925, 0.495, 0.499] {
        for seed in 0..SEEDS {
            let evidence = checked(&at_most(bound).on(uniform(0.0, 1.0)), seed);
            let finding = evidence.instances[0].finding.as_ref().unwrap();
            let supported = evidence.verdict == Verdict::Supported;
            assert!(!supported || finding.measured <= bound, "seed {seed}: {finding:?}");
        }
    }
}

#[test]
fn a_bound_that_is_attained_is_supported_where_that_is_said_and_nearly_so_is_not_enough() {
    for seed in 0..SEEDS {
        let attained = checked(&at_most(0.5).attained_on(uniform(0.0, 1.0)), seed);
        assert_eq!(attained.verdict, Verdict::Supported, "seed {seed}");
        let not_at_all = checked(&at_most(0.6).attained_on(uniform(0.0, 1.0)), seed);
        assert_eq!(not_at_all.verdict, Verdict::Inconclusive, "seed {seed}");
        let note = not_at_all.instances[0].finding.as_ref().unwrap().note.clone().unwrap();
        assert!(note.contains("attained"), "{note}");
    }
}

#[test]
#[should_panic(expected = "one number for each of its trials")]
fn a_block_of_another_size_is_refused() {
    let claim = Claim::expected_bound("short", "E Z ≤ 1")
        .on(uniform(0.0, 1.0))
        .sampling(|_: &Between, block| Sample::at(1.0, vec![0.5; block.trials() - 1]))
        .predicting(|_, _| 1.0);
    let evidence = checked(&claim, 1);
    panic!("{}", evidence.instances[0].finding.as_ref().unwrap().note.clone().unwrap());
}
