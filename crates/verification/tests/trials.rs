//! Claims about trials: verdicts where the truth is known.

use rand::{Rng, RngExt};
use theoria_verification::{
    Block, Claim, Family, Finding, Instance, Level, Sample, Settings, Side, Theorem, TrialClaim,
    Verdict,
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
        (Law::Exponential, 1.1, Verdict::Supported),
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

/// Every trial is `usual`, but for the first of each block.
fn one_odd_trial(claim: TrialClaim<Law>, usual: f64, odd: f64) -> Finding {
    let claim = claim
        .on(one(Law::Exponential))
        .sampling(move |_, block: &mut Block| {
            let mut values = vec![usual; block.trials()];
            values[0] = odd;
            Sample::at(1.0, values)
        })
        .predicting(|_, _| 1.0);
    let evidence =
        Theorem::new("examples/trials", "# Trials").claim(claim).check(&Settings::default());
    evidence.claims[0].instances[0].finding.clone().expect("it counts")
}

#[test]
fn a_trial_that_leaves_the_numbers_supports_nothing() {
    let most = || Claim::expected_bound("mean", "E Z ≤ 1");
    let least = || Claim::expected_lower_bound("mean", "E Z ≥ 1");
    let value = || Claim::expected_value("mean", "E Z = 1", 0.5);
    for claim in [most(), least(), value(), most().bounded_by(|_, _| 2.0)] {
        let finding = one_odd_trial(claim, 0.9, f64::NAN);
        assert_eq!(finding.verdict, Verdict::Inconclusive);
        assert!(finding.note.unwrap().contains("not a number"));
    }
    // An infinite trial speaks against a finite mean, and for no lower bound.
    assert_eq!(one_odd_trial(most(), 0.9, f64::INFINITY).verdict, Verdict::Refuted);
    assert_eq!(one_odd_trial(value(), 0.9, f64::INFINITY).verdict, Verdict::Refuted);
    assert_eq!(one_odd_trial(least(), 2.0, f64::INFINITY).verdict, Verdict::Inconclusive);
}

#[test]
fn what_the_author_said_is_held_against_the_trials() {
    let bounded = || Claim::expected_bound("mean", "E Z ≤ 1").bounded_by(|_, _| 1.0);
    for (claim, odd, said) in [
        (bounded(), 20.0, "a trial of 20 at 1 exceeds the bound 1 that was said to be proved"),
        (bounded(), f64::INFINITY, "exceeds the bound"),
        (Claim::expected_bound("mean", "E Z ≤ 1"), -2.0, "a trial of -2 at 1 is negative"),
        (Claim::probability("share", "P ≤ 1", Side::AtMost), 0.5, "neither 0 nor 1"),
        (
            Claim::expected_value("mean", "E Z = 1", 0.5).ranging(|_, _| (0.5, 1.5)),
            0.2,
            "below 0.5",
        ),
        (
            Claim::expected_value("mean", "E Z = 1", 0.5).ranging(|_, _| (1.5, 0.5)),
            1.0,
            "the range of a trial",
        ),
    ] {
        let finding = one_odd_trial(claim, 1.0, odd);
        assert_eq!(finding.verdict, Verdict::Inconclusive, "{said}");
        assert!(finding.note.as_ref().unwrap().contains(said), "{:?}", finding.note);
    }
    for (function, said) in [
        ((|z: f64| 2.0 * z) as fn(f64) -> f64, "no probability"),
        (|z: f64| 1.0 - z.clamp(0.0, 1.0), "falls"),
        (|_: f64| f64::NAN, "no probability"),
    ] {
        let law = Claim::law("law", "Z ~ F", 0.1)
            .on(one(Law::Exponential))
            .sampling(|_, block| block.each_value(1.0, RngExt::random::<f64>))
            .distributed_as(move |_, _, z| function(z));
        let evidence =
            Theorem::new("examples/trials", "# Trials").claim(law).check(&Settings::default());
        let finding = evidence.claims[0].instances[0].finding.as_ref().unwrap();
        assert_eq!(finding.verdict, Verdict::Inconclusive, "{said}");
        assert!(finding.note.as_ref().unwrap().contains(said), "{:?}", finding.note);
    }
}

#[test]
fn a_prediction_that_is_no_number_is_the_authors_fault() {
    for claim in [
        Claim::expected_bound("mean", "E Z ≤ 0/0"),
        Claim::expected_lower_bound("mean", "E Z ≥ 0/0"),
        Claim::expected_value("mean", "E Z = 0/0", 0.1),
        Claim::probability("share", "P = 0/0", Side::Within(0.1)),
    ] {
        let claim = claim
            .on(one(Law::Exponential))
            .sampling(|_, block| block.each_value(1.0, |random| f64::from(random.random::<bool>())))
            .predicting(|_, x| (x - 1.0) / (x - 1.0));
        let evidence =
            Theorem::new("examples/trials", "# Trials").claim(claim).check(&Settings::default());
        let finding = evidence.claims[0].instances[0].finding.as_ref().unwrap();
        assert_eq!(finding.verdict, Verdict::Inconclusive);
        assert!(finding.note.as_ref().unwrap().contains("the prediction at 1"));
    }
}

#[test]
fn margins_that_cannot_fail_are_refused() {
    let refused = |claim: fn(f64) -> TrialClaim<Law>, margins: &[f64]| {
        for &margin in margins {
            assert!(std::panic::catch_unwind(|| claim(margin)).is_err(), "{margin}");
        }
    };
    let never = [f64::INFINITY, f64::NAN, 0.0, -1.0];
    refused(|margin| Claim::expected_bound("mean", "E Z ≤ 1").within(margin), &never);
    refused(|margin| Claim::expected_exponent("power", "E Z ~ x").within(margin), &never);
    refused(|margin| Claim::expected_value("mean", "E Z = 1", margin), &never);
    let never_below_one = [f64::INFINITY, f64::NAN, 0.0, -1.0, 1.0];
    refused(|margin| Claim::law("law", "Z ~ F", margin), &never_below_one);
    refused(|m| Claim::probability("p", "p", Side::Within(m)), &never_below_one);
    refused(|m| Claim::expected_lower_bound("mean", "E Z ≥ 1").within(m), &never_below_one);
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
    assert_eq!(
        verdict(mean(0.5).ranging(|_, _| (0.0, f64::INFINITY)), &settings),
        Verdict::Refuted
    );
    // Rare large trials that no sample shows may carry it.
    assert_eq!(verdict(mean(1.7), &settings), Verdict::Inconclusive);
    assert_eq!(verdict(mean(1.25), &settings), Verdict::Inconclusive);
    // But not beyond what theory allows.
    let cut = |predicted: f64| {
        mean(predicted)
            .ranging(|_, _| (0.0, 10.0))
            .sampling(|law: &Law, block| block.each_value(1.0, |random| law.draw(random).min(10.0)))
    };
    assert_eq!(verdict(cut(1.0), &settings), Verdict::Supported);
    assert_eq!(verdict(cut(1.7), &settings), Verdict::Refuted);
}

#[test]
fn a_second_moment_proves_what_no_range_can() {
    let mean = |predicted: f64, square: f64| {
        Claim::expected_value("mean", "E Z = v", 0.2)
            .second_moment_at_most(move |_, _| square)
            .on(one(Law::Exponential))
            .sampling(|law: &Law, block| block.each_value(1.0, |random| law.draw(random)))
            .predicting(move |_, _| predicted)
    };
    let finding = |claim: TrialClaim<Law>| {
        let evidence =
            Theorem::new("examples/trials", "# Trials").claim(claim).check(&Settings::default());
        evidence.claims[0].instances[0].finding.clone().expect("it counts")
    };
    for (predicted, expected) in
        [(1.0, Verdict::Supported), (1.7, Verdict::Refuted), (0.5, Verdict::Refuted)]
    {
        let finding = finding(mean(predicted, 2.0));
        assert_eq!((finding.verdict, finding.level), (expected, Level::Proved), "{predicted}");
    }
    let wrong = finding(mean(1.0, 1.0));
    assert_eq!(wrong.verdict, Verdict::Inconclusive);
    assert!(wrong.note.unwrap().contains("second moment"));
}

#[test]
fn laws_with_atoms_are_judged_at_their_atoms() {
    let heads = |p: f64| {
        let below = move |k: i32| -> f64 {
            let choose =
                |k: i32| (0..k).map(|i| f64::from(10 - i) / f64::from(i + 1)).product::<f64>();
            (0..=k.min(10)).map(|k| choose(k) * p.powi(k) * (1.0 - p).powi(10 - k)).sum()
        };
        Claim::law("heads", "heads of 10 coins", 0.05)
            .on(one(Law::Exponential))
            .trials(20_000)
            .sampling(|_, block| {
                block.each_value(1.0, |random| {
                    f64::from((0..10).map(|_| u32::from(random.random::<bool>())).sum::<u32>())
                })
            })
            .distributed_as(move |_, _, z| below(z.floor() as i32))
    };
    assert_eq!(verdict(heads(0.5), &Settings::default()), Verdict::Supported);
    assert_eq!(verdict(heads(0.45), &Settings::default()), Verdict::Refuted);
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
    // No range of a trial is told, so that the trials refute nominally: a control, and no claim.
    let evidence =
        Theorem::new("examples/trials", "# Trials").claim(decay(-1.2, 0.3)).check(&settings);
    let [claim] = &evidence.claims[..] else { panic!("one claim") };
    assert_eq!(claim.verdict, Verdict::Inconclusive);
    assert!(claim.unseen().unwrap().contains("nominally"));
    let finding = claim.instances[0].finding.as_ref().unwrap();
    assert_eq!(finding.verdict, Verdict::Refuted);
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
