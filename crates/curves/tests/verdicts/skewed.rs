//! Small groups of runs whose laws are skewed, with nothing between them.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, Exp1, StandardNormal};
use theoria_curves::Run;
use theoria_curves::judge::{Claim, Comparison, Terms, judge};
use theoria_verification::Verdict;

const TRIES: u64 = 2000;

type Law = fn(&mut ChaCha8Rng) -> f64;

fn normal(random: &mut ChaCha8Rng) -> f64 {
    StandardNormal.sample(random)
}

fn exponential(random: &mut ChaCha8Rng) -> f64 {
    Exp1.sample(random)
}

fn with_an_outlier(random: &mut ChaCha8Rng) -> f64 {
    let size = (0.3 * normal(random)).exp();
    if exponential(random) < 0.105 { 100.0 * size } else { size }
}

/// Positive ones, which are compared by their logarithms, and such as are not.
const LAWS: [(&str, Law); 7] = [
    ("log-normal 1", |random| normal(random).exp()),
    ("log-normal 2", |random| (2.0 * normal(random)).exp()),
    ("exponential", exponential),
    ("an outlier", with_an_outlier),
    ("log-normal 1, less 1", |random| normal(random).exp() - 1.0),
    ("log-normal 2, less 1", |random| (2.0 * normal(random)).exp() - 1.0),
    ("exponential, less 1", |random| exponential(random) - 1.0),
];

/// How often the first group is said to be lower, and to be higher.
fn counts((n, first): (usize, Law), (m, second): (usize, Law)) -> (u64, u64) {
    let claim =
        Claim::Lower(Comparison { lower: "a".into(), higher: "b".into(), at: 1.0, within: None });
    let mut random = ChaCha8Rng::seed_from_u64(7);
    (0..TRIES).fold((0, 0), |(lower, higher), _| {
        let mut group = |name: &str, count: usize, law: Law| -> Vec<Run> {
            let run = |i: usize| Run {
                name: format!("{name}-{i}"),
                group: Some(name.into()),
                steps: vec![1.0],
                values: vec![law(&mut random)],
                diverged: None,
            };
            (0..count).map(run).collect()
        };
        let runs = [group("a", n, first), group("b", m, second)].concat();
        match judge(&runs, &claim, Terms::default()).expect("sensible").verdict {
            Verdict::Supported => (lower + 1, higher),
            Verdict::Refuted => (lower, higher + 1),
            Verdict::Inconclusive => (lower, higher),
        }
    })
}

#[test]
fn groups_of_one_law_are_told_apart_no_more_often_than_is_said() {
    for (name, law) in LAWS {
        for (n, m) in [(3, 3), (5, 5), (5, 20), (3, 10)] {
            let (lower, higher) = counts((n, law), (m, law));
            // Of 2000, 1% is 20; 35 and more come with probability 1e-3.
            assert!(lower.max(higher) <= 34, "{name}, {n} and {m}: {lower}, {higher}");
        }
    }
}

/// Less its median.
const CENTRED: [(&str, Law); 3] = [
    ("log-normal 1", |random| normal(random).exp() - 1.0),
    ("log-normal 2", |random| (2.0 * normal(random)).exp() - 1.0),
    ("exponential", |random| exponential(random) - std::f64::consts::LN_2),
];

#[test]
fn a_skewed_group_beside_a_tight_one_of_its_median_is_told_apart_by_chance_alone() {
    for (name, law) in CENTRED {
        for (n, most) in [(3, 0.125), (5, 1.0 / 32.0)] {
            let (lower, higher) = counts((n, |random| 1e-3 * normal(random)), (n, law));
            let share = lower.max(higher) as f64 / TRIES as f64;
            // What the note says of any laws.
            assert!(share <= most, "{name}, {n}: {share}");
        }
    }
}
