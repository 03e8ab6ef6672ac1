//! Verdicts on runs whose law is known, many times over.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, StandardNormal};
use theoria_curves::Run;
use theoria_curves::judge::{Claim, Target, Terms, judge};
use theoria_verification::Verdict;

/// How often each claim is tried.
const TRIES: u64 = 30;

type Law = fn(f64) -> f64;

/// So many runs of a law with noise of these sizes, which a share of itself goes on into the next point.
struct Experiment {
    runs: usize,
    steps: usize,
    law: Law,
    noise: Law,
    kept: f64,
}

impl Experiment {
    fn drawn(&self, seed: u64) -> Vec<Run> {
        let mut generator = ChaCha8Rng::seed_from_u64(seed);
        let run = |i: usize| {
            let mut noise: f64 = StandardNormal.sample(&mut generator);
            let steps: Vec<f64> = (1..=self.steps).map(|n| n as f64).collect();
            let value = |n: &f64| {
                let fresh: f64 = StandardNormal.sample(&mut generator);
                noise = self.kept * noise + (1.0 - self.kept * self.kept).sqrt() * fresh;
                (self.law)(*n) + (self.noise)(*n) * noise
            };
            let values = steps.iter().map(value).collect();
            Run { name: format!("r{i}"), group: None, steps, values, diverged: None }
        };
        (0..self.runs).map(run).collect()
    }

    /// How often a claim is supported, and refuted.
    fn counts(&self, claim: &Claim) -> (u64, u64) {
        let verdicts = (0..TRIES).map(|seed| {
            judge(&self.drawn(seed), claim, Terms::default()).expect("sensible").verdict
        });
        verdicts.fold((0, 0), |(supported, refuted), verdict| match verdict {
            Verdict::Supported => (supported + 1, refuted),
            Verdict::Refuted => (supported, refuted + 1),
            Verdict::Inconclusive => (supported, refuted),
        })
    }
}

fn experiments(law: Law, noise: Law) -> Vec<Experiment> {
    [(1, 300, 0.0), (1, 300, 0.9), (3, 300, 0.0), (3, 1000, 0.9), (8, 300, 0.5)]
        .map(|(runs, steps, kept)| Experiment { runs, steps, law, noise, kept })
        .into()
}

/// Of thirty tries 1% is less than one; four and more come with probability 2e-4.
const MOST: u64 = 3;

fn true_claim(law: Law, noise: Law, claim: &Claim) {
    for own in experiments(law, noise) {
        let (supported, refuted) = own.counts(claim);
        let of = (own.runs, own.steps, own.kept);
        assert!(refuted <= MOST, "{claim:?} {of:?}: refuted {refuted} times");
        if own.runs == 8 {
            assert!(supported > TRIES * 9 / 10, "{claim:?}: supported {supported} times only");
        }
    }
}

fn false_claim(law: Law, noise: Law, claim: &Claim) {
    for own in experiments(law, noise) {
        let (supported, _) = own.counts(claim);
        let of = (own.runs, own.steps, own.kept);
        assert!(supported <= MOST, "{claim:?} {of:?}: supported {supported} times");
    }
}

fn target(value: f64) -> Target {
    Target { value, margin: None }
}

#[test]
fn powers() {
    let (law, noise): (Law, Law) = (|n| 3.0 / n.sqrt(), |n| 0.15 / n.sqrt());
    true_claim(law, noise, &Claim::Exponent(target(-0.5)));
    false_claim(law, noise, &Claim::Exponent(target(-0.6)));
    false_claim(law, noise, &Claim::Limit(Target { value: 0.05, margin: Some(0.01) }));
}

#[test]
fn a_floor_is_no_power() {
    // A tenth, and nearly all, of the last value.
    false_claim(|n| 3.0 / n.sqrt() + 0.02, |n| 0.15 / n.sqrt(), &Claim::Exponent(target(-0.5)));
    false_claim(|n| 3.0 / n + 0.2, |n| 0.06 / n, &Claim::Exponent(target(-1.0)));
    false_claim(|n| 3.0 / n + 0.2, |n| 0.06 / n, &Claim::Exponent(target(-0.05)));
}

#[test]
fn a_logarithm_is_no_power() {
    false_claim(|n| 3.0 - 0.3 * n.ln(), |_| 0.02, &Claim::Exponent(target(-0.2)));
    false_claim(
        |n| 1.0 / (1.0 + n.ln()),
        |n| 0.02 / (1.0 + n.ln()),
        &Claim::Exponent(target(-0.15)),
    );
}

#[test]
fn a_warm_up_does_not_refute() {
    let (law, noise): (Law, Law) = (|n| 3.0 / (n + 30.0), |n| 0.06 / (n + 30.0));
    for own in experiments(law, noise) {
        assert!(own.counts(&Claim::Exponent(target(-1.0))).1 <= MOST);
    }
    false_claim(law, noise, &Claim::Exponent(target(-0.9)));
}

#[test]
fn rates() {
    let (law, noise): (Law, Law) = (|n| 0.99f64.powf(n), |n| 0.02 * 0.99f64.powf(n));
    true_claim(law, noise, &Claim::Rate(target(0.99)));
    false_claim(law, noise, &Claim::Rate(target(0.9912)));
}

#[test]
fn limits() {
    let (law, noise): (Law, Law) = (|n| 0.2 + 5.0 / n, |n| 0.1 / n);
    true_claim(law, noise, &Claim::Limit(target(0.2)));
    true_claim(law, noise, &Claim::Approach(target(-1.0)));
    false_claim(law, noise, &Claim::Limit(target(0.215)));
    false_claim(law, noise, &Claim::Approach(target(-0.9)));
}

#[test]
fn an_approach_of_another_kind_is_no_limit() {
    // From a warm-up, from a slower part, and none at all: neither the true limit is refuted nor the one that fits supported.
    let within = |value: f64| Claim::Limit(Target { value, margin: Some(0.01) });
    let warm: (Law, Law) = (|n| 0.2 + 10.0 / (n + 10.0), |_| 0.002);
    let slow: (Law, Law) = (|n| 0.2 + 2.0 / n.sqrt() + 10.0 / n.powf(1.5), |_| 0.002);
    let log: (Law, Law) = (|n| 1.0 / (1.0 + n.ln()), |_| 0.0005);
    for ((law, noise), fits, limit) in [(warm, 0.18, 0.2), (slow, 0.27, 0.2), (log, 0.08, 0.0)] {
        for own in experiments(law, noise) {
            assert!(own.counts(&within(limit)).1 <= MOST, "{limit} {}", own.runs);
        }
        false_claim(law, noise, &within(fits));
    }
}

#[test]
fn a_plateau_before_a_power_refutes_nothing() {
    for own in experiments(|n| 3.0 / (n + 3000.0), |n| 0.02 / (n + 3000.0)) {
        assert!(own.counts(&Claim::Exponent(target(-1.0))).1 <= MOST);
    }
}

#[test]
fn a_floor_is_no_rate() {
    let law: Law = |n| 0.99f64.powf(n) + 0.1 * 0.99f64.powf(300.0);
    let own =
        Experiment { runs: 8, steps: 300, law, noise: |n| 0.001 * 0.99f64.powf(n), kept: 0.0 };
    assert!(own.counts(&Claim::Rate(target(0.99))).0 <= MOST);
}
