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

#[test]
fn measure() {
    let sizes: [(&str, fn(f64) -> f64); 6] = [
        ("n .1", |_| 0.1),
        ("n .03", |_| 0.03),
        ("n .01", |_| 0.01),
        ("n .003", |_| 0.003),
        ("log .1", |n| 0.1 / n.sqrt()),
        ("log .03", |n| 0.03 / n.sqrt()),
    ];
    for (name, step) in sizes {
        for (runs, steps, tries) in [(1, 300, 400), (1, 2000, 100), (3, 300, 100)] {
            let own = |law: fn(f64) -> f64, limit: f64| Walk { runs, steps, law, limit, step };
            for error in [0.01, 0.001] {
                let limit = own(|n| 5.0 / n, 0.2);
                let lt = limit.counts(&Claim::Limit(target(0.2, 1e-6)), error, tries);
                let lf = limit.counts(&Claim::Limit(target(0.213, 0.0125)), error, tries);
                let at = limit.counts(&Claim::Approach(target(-1.0, 1e-6)), error, tries);
                println!(
                    "{name} runs {runs} steps {steps} error {error} of {tries}: limit refuted {} sup {} approach refuted {}",
                    lt.1, lf.0, at.1
                );
            }
        }
    }
}
