//! Runs whose noise is a random walk, which whole octaves are not independent in.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, StandardNormal};
use theoria_curves::Run;
use theoria_curves::judge::{Claim, Target, Terms, judge};
use theoria_verification::Verdict;

/// A law times the exponential of noise whose steps are of this size at n.
#[derive(Clone, Copy)]
struct Walk {
    runs: usize,
    steps: usize,
    law: fn(f64) -> f64,
    /// What is added to the law; the noise is of what is left of it.
    limit: f64,
    step: fn(f64) -> f64,
}

impl Walk {
    fn drawn(&self, seed: u64) -> Vec<Run> {
        let mut generator = ChaCha8Rng::seed_from_u64(seed);
        let run = |i: usize| {
            let mut walk = 0.0;
            let steps: Vec<f64> = (1..=self.steps).map(|n| n as f64).collect();
            let value = |n: &f64| {
                let fresh: f64 = StandardNormal.sample(&mut generator);
                walk += (self.step)(*n) * fresh;
                self.limit + (self.law)(*n) * f64::exp(walk)
            };
            let values = steps.iter().map(value).collect();
            Run { name: format!("r{i}"), group: None, steps, values, diverged: None }
        };
        (0..self.runs).map(run).collect()
    }

    /// How often of so many tries a claim is supported, and refuted.
    fn counts(&self, claim: &Claim, error: f64, tries: u64) -> (u64, u64) {
        let terms = Terms { error, ..Terms::default() };
        (0..tries).fold((0, 0), |(supported, refuted), seed| {
            match judge(&self.drawn(seed), claim, terms).expect("sensible").verdict {
                Verdict::Supported => (supported + 1, refuted),
                Verdict::Refuted => (supported, refuted + 1),
                Verdict::Inconclusive => (supported, refuted),
            }
        })
    }
}

fn target(value: f64, margin: f64) -> Target {
    Target { value, margin: Some(margin) }
}

const TRIES: u64 = 300;
/// Of so many tries 1% is three; ten and more come with probability 1e-3.
const MOST: u64 = 9;
const ERROR: f64 = 0.01;

/// Steps that all are of one size, and such as they are by the logarithm of n: small and large ones.
const STEPS: [fn(f64) -> f64; 4] = [|_| 0.1, |_| 0.01, |n| 0.1 / n.sqrt(), |n| 0.03 / n.sqrt()];

/// The margin leaves nothing but the interval between what is claimed and a refutation.
fn is_refuted_as_rarely_as_is_said(law: fn(f64) -> f64, limit: f64, claim: &Claim) {
    for (number, step) in STEPS.into_iter().enumerate() {
        let own = Walk { runs: 1, steps: 300, law, limit, step };
        let (_, refuted) = own.counts(claim, ERROR, TRIES);
        assert!(refuted <= MOST, "{claim:?}, steps {number}: refuted {refuted} times");
    }
}

#[test]
fn a_true_exponent_of_one_run_is_refuted_no_more_often_than_is_said() {
    is_refuted_as_rarely_as_is_said(|n| 3.0 / n.sqrt(), 0.0, &Claim::Exponent(target(-0.5, 1e-6)));
}

#[test]
fn a_true_rate_of_one_run_is_refuted_no_more_often_than_is_said() {
    is_refuted_as_rarely_as_is_said(|n| 0.99f64.powf(n), 0.0, &Claim::Rate(target(0.99, 1e-9)));
}

#[test]
fn a_true_limit_of_one_run_is_refuted_no_more_often_than_is_said() {
    let law: fn(f64) -> f64 = |n| 5.0 / n;
    is_refuted_as_rarely_as_is_said(law, 0.2, &Claim::Limit(target(0.2, 1e-6)));
    is_refuted_as_rarely_as_is_said(law, 0.2, &Claim::Approach(target(-1.0, 1e-6)));
}

#[test]
fn what_is_false_is_supported_no_more_often_than_is_said() {
    for step in STEPS {
        for runs in [1, 3] {
            let power = Walk { runs, steps: 300, law: |n| 3.0 / n.sqrt(), limit: 0.0, step };
            let falls = Claim::Exponent(target(-0.61, 0.1));
            assert!(power.counts(&falls, ERROR, TRIES / 2).0 <= MOST);
            let limit = Walk { runs, steps: 300, law: |n| 5.0 / n, limit: 0.2, step };
            let tends = Claim::Limit(target(0.213, 0.0125));
            assert!(limit.counts(&tends, ERROR, TRIES / 10).0 <= 3);
        }
    }
}
