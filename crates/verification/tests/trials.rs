//! Claims about trials: verdicts where the truth is known, and shards put together.

use rand::{Rng, RngExt};
use theoria_verification::evidence::TheoremEvidence;
use theoria_verification::{
    Block, Claim, Family, Instance, Sample, Settings, Shard, Side, Theorem, TrialClaim, Verdict,
};

/// A law with mean 1.
#[derive(Clone, Copy)]
enum Law {
    Exponential,
    LogNormal(f64),
    Pareto(f64),
}

impl Law {
    fn draw(self, random: &mut impl Rng) -> f64 {
        let uniform: f64 = 1.0 - random.random::<f64>();
        match self {
            Law::Exponential => -uniform.ln(),
            Law::LogNormal(sd) => {
                let angle = std::f64::consts::TAU * random.random::<f64>();
                let normal = (-2.0 * uniform.ln()).sqrt() * angle.cos();
                (sd * normal - sd * sd / 2.0).exp()
            }
            Law::Pareto(index) => uniform.powf(-1.0 / index) * (index - 1.0) / index,
        }
    }
}

impl Instance for Law {
    fn description(&self) -> String {
        "a law of mean 1".into()
    }
}

fn one(law: Law) -> Family<Law> {
    Family::single("law", move || law)
}

fn mean_at_most(bound: f64, law: Law) -> TrialClaim<Law> {
    Claim::expected_bound("mean", "E Z ≤ bound")
        .within(0.2)
        .on(one(law))
        .sampling(|law, block| block.each(&[1.0, 2.0], |random| vec![law.draw(random), 0.5]))
        .predicting(move |_, _| bound)
}

fn verdict<I: Instance + 'static>(claim: TrialClaim<I>, settings: &Settings) -> Verdict {
    let evidence = Theorem::new("examples/trials", "# Trials").claim(claim).check(settings);
    evidence.claims[0].verdict
}

#[test]
fn a_bound_of_an_expectation_is_judged_as_it_is() {
    let settings = Settings::default();
    for (law, bound, expected) in [
        (Law::Exponential, 1.0, Verdict::Supported),
        (Law::Exponential, 2.0, Verdict::Supported),
        (Law::Exponential, 0.7, Verdict::Refuted),
        (Law::LogNormal(1.0), 2.0, Verdict::Supported),
        (Law::LogNormal(1.0), 0.5, Verdict::Refuted),
        // The mean of a log-normal law of this spread is carried by events that no sample sees.
        (Law::LogNormal(2.0), 1.0, Verdict::Inconclusive),
        (Law::LogNormal(2.0), 0.2, Verdict::Refuted),
        // Without a variance, what is far away can be told, what is near cannot.
        (Law::Pareto(1.5), 1.0, Verdict::Inconclusive),
        (Law::Pareto(1.5), 10.0, Verdict::Supported),
    ] {
        assert_eq!(verdict(mean_at_most(bound, law), &settings), expected, "bound {bound}");
    }
}

#[test]
fn one_trial_that_leaves_the_numbers_refutes() {
    let claim = Claim::expected_bound("mean", "E Z ≤ 1")
        .on(one(Law::Exponential))
        .sampling(|_, block: &mut Block| {
            let mut values = vec![0.1; block.trials()];
            values[0] = f64::NAN;
            Sample::at(1.0, values)
        })
        .predicting(|_, _| 1.0);
    let evidence =
        Theorem::new("examples/trials", "# Trials").claim(claim).check(&Settings::default());
    let finding = evidence.claims[0].instances[0].finding.as_ref().unwrap();
    assert_eq!(finding.verdict, Verdict::Refuted);
    assert!(finding.note.as_ref().unwrap().contains("diverged"));
}

#[test]
fn an_expected_value_must_lie_within_its_margin() {
    let mean = |predicted: f64| {
        Claim::expected_value("mean", "E Z = 1", 0.2)
            .on(one(Law::Exponential))
            .sampling(|law: &Law, block| block.each(&[1.0], |random| vec![law.draw(random)]))
            .predicting(move |_, _| predicted)
    };
    let settings = Settings::default();
    assert_eq!(verdict(mean(1.0), &settings), Verdict::Supported);
    assert_eq!(verdict(mean(1.7), &settings), Verdict::Refuted);
    assert_eq!(verdict(mean(1.25), &settings), Verdict::Inconclusive);
}

#[test]
fn an_exponent_is_found_and_a_wrong_one_refuted() {
    let decay = |exponent: f64, noise: f64| {
        let x: Vec<f64> = (0..8).map(|j| f64::from(1 << j)).collect();
        Claim::expected_exponent("decay", "E Z ~ x^ρ")
            .on(one(Law::Exponential))
            .sampling(move |law: &Law, block| {
                block.each(&x, |random| {
                    x.iter().map(|x| (1.0 - noise + noise * law.draw(random)) / x).collect()
                })
            })
            .predicting(move |_, x| x.powf(exponent))
    };
    let settings = Settings::default();
    assert_eq!(verdict(decay(-1.0, 0.3), &settings), Verdict::Supported);
    assert_eq!(verdict(decay(-1.2, 0.3), &settings), Verdict::Refuted);
}

#[test]
fn a_law_is_more_than_its_moments() {
    let law = |distribution: fn(f64) -> f64| {
        Claim::law("law", "Z is exponential", 0.05)
            .on(one(Law::Exponential))
            .trials(16_000)
            .sampling(|law: &Law, block| block.each(&[1.0], |random| vec![law.draw(random)]))
            .distributed_as(move |_, _, z| distribution(z))
    };
    let settings = Settings::default();
    assert_eq!(verdict(law(|z| 1.0 - (-z).exp()), &settings), Verdict::Supported);
    // Uniform on [0, 2]: the same mean, another law.
    assert_eq!(verdict(law(|z| (z / 2.0).clamp(0.0, 1.0)), &settings), Verdict::Refuted);
}

#[test]
fn probabilities_have_exact_intervals() {
    let below = |side: Side, predicted: f64| {
        Claim::probability("below", "P(Z < 1)", side)
            .on(one(Law::Exponential))
            .sampling(|law: &Law, block| {
                block.each(&[1.0], |random| vec![f64::from(u8::from(law.draw(random) < 1.0))])
            })
            .predicting(move |_, _| predicted)
    };
    // The truth is 1 - 1/e = 0.632.
    let settings = Settings::default();
    for (side, predicted, expected) in [
        (Side::Within(0.1), 0.632, Verdict::Supported),
        (Side::Within(0.02), 0.8, Verdict::Refuted),
        (Side::AtLeast, 0.5, Verdict::Supported),
        (Side::AtLeast, 0.8, Verdict::Refuted),
        (Side::AtMost, 0.8, Verdict::Supported),
        (Side::AtMost, 0.5, Verdict::Refuted),
    ] {
        assert_eq!(verdict(below(side, predicted), &settings), expected, "{side:?} {predicted}");
    }
}

fn everything() -> Theorem {
    let x: Vec<f64> = (0..7).map(|j| f64::from(1 << j)).collect();
    Theorem::new("examples/trials", "# Trials")
        .claim(mean_at_most(1.0, Law::Exponential))
        .claim(
            Claim::expected_exponent("decay", "E Z ~ 1/x")
                .on(one(Law::Exponential))
                .sampling(move |law: &Law, block| {
                    block.each(&x, |random| x.iter().map(|x| law.draw(random) / x).collect())
                })
                .predicting(|_, x| 1.0 / x),
        )
        .claim(
            Claim::law("law", "Z is exponential", 0.08)
                .on(one(Law::Exponential))
                .sampling(|law: &Law, block| block.each(&[1.0], |random| vec![law.draw(random)]))
                .distributed_as(|_, _, z| 1.0 - (-z).exp()),
        )
        .control(
            Claim::expected_bound("half", "E Z ≤ 1/2")
                .on(one(Law::Exponential))
                .sampling(|law: &Law, block| block.each(&[1.0], |random| vec![law.draw(random)]))
                .predicting(|_, _| 0.5),
        )
}

#[test]
fn shards_of_several_machines_say_what_one_machine_says() {
    let settings = Settings::default();
    let whole = everything().check(&settings);
    let shard = |index: usize| {
        everything().check(&Settings { shard: Some(Shard { index, of: 3 }), ..settings })
    };
    let merge = |a: TheoremEvidence, b: TheoremEvidence| a.merge(b).unwrap();
    for order in [[0, 1, 2], [2, 0, 1]] {
        let [a, b, c] = order.map(shard);
        let merged = merge(merge(a, b), c);
        assert_eq!(merged.runs, whole.runs);
        assert_eq!(merged.standing, whole.standing);
        for (ours, theirs) in merged.claims.iter().zip(&whole.claims) {
            assert_eq!(ours.verdict, theirs.verdict);
            let finding = |claim: &theoria_verification::evidence::ClaimEvidence| {
                claim.instances[0].finding.clone()
            };
            assert_eq!(finding(ours), finding(theirs), "{}", ours.name);
        }
    }
}
