//! Trials, predictions and laws that deceived judges: each has the right answer here, over many seeds.

use rand::{Rng, RngExt};
use theoria_verification::evidence::{ClaimEvidence, InstanceEvidence};
use theoria_verification::judgement::Side;
use theoria_verification::{
    Case, Claim, Family, Hypothesis, Reading, Sample, Settings, Theorem, TrialClaim, Verdict,
};

const SEEDS: u64 = 30;

type Law = Case<()>;

fn law() -> Family<Law> {
    Family::single("law", || Case::new("a law", ()))
}

fn by_construction() -> Hypothesis<Law> {
    Hypothesis::by_construction("independent trials", "each draws from the generator of its block")
}

fn checked(claim: &TrialClaim<Law>, seed: u64) -> ClaimEvidence {
    let claim = claim.clone().assuming([by_construction()]).on(law());
    let theorem = Theorem::new("examples/hostile", "# Hostile").claim(claim);
    theorem.check(&Settings { seed, ..Settings::default() }).claims.remove(0)
}

fn verdicts(claim: &TrialClaim<Law>) -> Vec<Verdict> {
    (0..SEEDS).map(|seed| checked(claim, seed).verdict).collect()
}

#[track_caller]
fn never(claim: &TrialClaim<Law>, verdict: Verdict) {
    let wrong = verdicts(claim).iter().filter(|found| **found == verdict).count();
    assert_eq!(wrong, 0, "of {SEEDS} {verdict}");
}

fn each(
    claim: TrialClaim<Law>,
    draw: impl Fn(&mut dyn Rng) -> f64 + Send + Sync + 'static,
) -> TrialClaim<Law> {
    claim.sampling(move |_, block| block.each_value(1.0, |random| draw(random)))
}

fn note(instance: &InstanceEvidence) -> &str {
    instance.finding.as_ref().and_then(|finding| finding.note.as_deref()).unwrap_or("")
}

#[test]
fn a_bound_that_no_expectation_keeps_is_not_dropped() {
    let lower = Claim::expected_lower_bound("lower", "E Z ≥ ∞ from the second checkpoint on")
        .sampling(|_: &Law, block| block.each(&[1.0, 2.0], |random| vec![random.random(); 2]))
        .predicting(|_, x| if x < 1.5 { 0.3 } else { f64::INFINITY });
    never(&lower, Verdict::Supported);
    let upper = Claim::expected_bound("upper", "E Z ≤ −∞ from the second checkpoint on")
        .sampling(|_: &Law, block| block.each(&[1.0, 2.0], |random| vec![random.random(); 2]))
        .predicting(|_, x| if x < 1.5 { 0.9 } else { f64::NEG_INFINITY });
    never(&upper, Verdict::Supported);
}

#[test]
fn a_true_value_is_not_refuted_for_rare_trials_of_either_sign() {
    for p in [1e-3f64, 1e-4, 1e-5] {
        let rare = each(Claim::expected_value("rare", "E Z = 0", 0.1), move |random| {
            // −(1 − p)/2 and (1 − p)/(2p) balance.
            if random.random::<f64>() < p { (1.0 - p) / (2.0 * p) } else { -random.random::<f64>() }
        });
        never(&rare.predicting(|_, _| 0.0), Verdict::Refuted);
        let jitter = each(Claim::expected_value("jitter", "E Z = 1", 0.1), move |random| {
            if random.random::<f64>() < p { 1.0 / p } else { 0.02 * random.random::<f64>() - 0.01 }
        });
        never(&jitter.predicting(|_, _| 1.0), Verdict::Refuted);
    }
}

#[test]
fn a_second_moment_that_no_such_mean_has_proves_nothing() {
    for square in [0.95, 0.97, 0.99] {
        let about_one = |random: &mut dyn Rng| 0.8 + 0.4 * random.random::<f64>();
        let value = each(Claim::expected_value("value", "E Z = 1", 0.01), about_one)
            .second_moment_at_most(move |_, _| square)
            .predicting(|_, _| 1.0);
        never(&value, Verdict::Refuted);
        let bound = each(Claim::expected_bound("bound", "E Z ≤ 0.98"), about_one)
            .second_moment_at_most(move |_, _| square)
            .predicting(|_, _| 0.98);
        never(&bound, Verdict::Supported);
    }
}

#[test]
fn a_rounding_floor_supports_nothing() {
    for floor in [0.5, 5.0, 100.0, 1e6] {
        let upper = each(Claim::expected_bound("upper", "E Z ≤ 1"), |random| {
            51.0 + random.random::<f64>()
        })
        .bounded_by(|_, _| 101.0)
        .predicting(move |_, _| Reading::new(1.0, floor));
        never(&upper, Verdict::Supported);
        let lower = each(Claim::expected_lower_bound("lower", "E Z ≥ 1"), |random| {
            0.02 * random.random::<f64>()
        })
        .predicting(move |_, _| Reading::new(1.0, floor));
        never(&lower, Verdict::Supported);
    }
}

#[test]
fn what_is_no_number_is_no_event_and_no_power() {
    let rare = |random: &mut dyn Rng, p: f64| {
        if random.random::<f64>() < p { f64::NAN } else { random.random() }
    };
    let event = Claim::probability("event", "P(Z > 1) ≤ 0.01", Side::AtMost)
        .sampling(move |_: &Law, block| {
            block.each_value(1.0, |random| rare(random, 0.2)).events(|_, z| z > 1.0)
        })
        .predicting(|_, _| 0.01);
    never(&event, Verdict::Supported);
    let power = Claim::expected_exponent("power", "E Z ~ N⁻¹")
        .sampling(move |_: &Law, block| {
            let steps: Vec<f64> = (0..7).map(|k| f64::from(1 << k)).collect();
            block.each(&steps, |random| steps.iter().map(|n| rare(random, 1e-4) / n).collect())
        })
        .predicting(|_, n| 1.0 / n);
    never(&power, Verdict::Refuted);
}

#[test]
fn a_law_with_atoms_at_infinity_or_off_by_rounding_is_not_refuted() {
    for p in [0.1, 0.3] {
        let late = each(Claim::law("late", "T = ∞ with probability p", 0.1), move |random| {
            if random.random::<f64>() < p { f64::INFINITY } else { random.random() }
        });
        never(&late.distributed_as(move |_, _, z| (1.0 - p) * z.clamp(0.0, 1.0)), Verdict::Refuted);
        let never_begun =
            each(Claim::law("early", "T = −∞ with probability p", 0.1), move |random| {
                if random.random::<f64>() < p { f64::NEG_INFINITY } else { random.random() }
            });
        never(
            &never_begun.distributed_as(move |_, _, z| p + (1.0 - p) * z.clamp(0.0, 1.0)),
            Verdict::Refuted,
        );
    }
    let binomial = [1.0, 10.0, 45.0, 120.0, 210.0, 252.0, 210.0, 120.0, 45.0, 10.0, 1.0];
    let tenths = each(Claim::law("tenths", "ten tenths of coins", 0.12), |random| {
        (0..10).map(|_| if random.random::<bool>() { 0.1 } else { 0.0 }).sum()
    })
    .distributed_as(move |_, _, z| {
        let heads = (10.0 * z).floor();
        let below = binomial.iter().enumerate().filter(|(k, _)| (*k as f64) <= heads);
        below.map(|(_, ways)| ways / 1024.0).sum()
    });
    assert!(verdicts(&tenths).iter().all(|verdict| *verdict == Verdict::Supported));
}

/// Exponential noise of mean 1 on this mean.
fn noisy(
    name: &str,
    octaves: std::ops::RangeInclusive<i32>,
    trials: usize,
    mean: impl Fn(f64) -> f64 + Send + Sync + 'static,
) -> TrialClaim<Law> {
    Claim::expected_exponent(name, "E Z ~ Nᵏ").trials(trials).sampling(move |_: &Law, block| {
        let steps: Vec<f64> = octaves.clone().map(|k| 2f64.powi(k)).collect();
        block.each(&steps, |random| {
            steps.iter().map(|n| -mean(*n) * (1.0 - random.random::<f64>()).ln()).collect()
        })
    })
}

#[test]
fn a_logarithm_in_an_expectation_is_no_power_and_refutes_none() {
    let root = |n: f64| n.ln().sqrt() / n;
    for (octaves, trials, mean_slope) in [(5..=10, 1 << 14, -0.9), (5..=13, 1 << 13, -0.92)] {
        let false_power = noisy("false", octaves.clone(), trials, root);
        never(&false_power.predicting(move |_, n| n.powf(mean_slope)), Verdict::Supported);
        let true_power = noisy("true", octaves, trials, root);
        never(&true_power.predicting(|_, n| 1.0 / n), Verdict::Refuted);
    }
    let straight = noisy("straight", 5..=10, 1 << 18, |n| 1.0 / n);
    assert_eq!(checked(&straight.predicting(|_, n| 1.0 / n), 1).verdict, Verdict::Supported);
}

#[test]
fn a_number_beyond_0_and_1_is_no_probability() {
    for predicted in [-0.05, 1.04, 1.5, f64::INFINITY] {
        let claim = each(Claim::probability("none", "P = p", Side::AtMost), |random| {
            f64::from(u8::from(random.random::<f64>() < 0.01))
        });
        let evidence = checked(&claim.predicting(move |_, _| predicted), 3);
        assert_eq!(evidence.verdict, Verdict::Inconclusive);
        assert!(note(&evidence.instances[0]).contains("no probability"), "{predicted}");
    }
}

#[test]
fn rounding_about_a_predicted_zero_refutes_nothing() {
    let claim = Claim::expected_bound("zero", "E|Z| ≤ 0")
        .sampling(|_: &Law, block| {
            let value = |u: f64| ((u + 0.1) - 0.1 - u).abs();
            Sample::at(1.0, (0..block.trials()).map(|k| value(k as f64 / 7.0)).collect::<Vec<_>>())
        })
        .predicting(|_, _| 0.0);
    never(&claim, Verdict::Refuted);
}
