//! What is claimed of orthogonal weights.

use statrs::distribution::{Beta, ContinuousCDF};
use theoria_verification::{
    Block, Case, Claim, Constant, Family, Hypothesis, Reading, Sample, Side, TrialClaim,
};

use super::layers::{Layers, fresh};
use super::reflections::dot;
use crate::play::Student;

/// Of how many directions the lengths are measured.
const DIRECTIONS: usize = 3;
/// How far distribution functions may be apart; those of what is wrong differ by more than twice as much.
const DISTANCE: f64 = 0.05;

/// What is farthest from 1 among |W_l ⋯ W_1 u|/(gˡ |u|) for some directions u.
pub(super) fn isometry(name: &str, student: &Student) -> Claim<Layers> {
    let student = student.clone();
    Claim::identity(name, "|W_l ⋯ W_1 u| / (gˡ |u|) = 1 for every u", 1e-9)
        .assuming([Hypothesis::by_construction("any matrices", "QR needs no law")])
        .measuring_by_drawing(move |layers: &Layers, draw| {
            let weights = layers.drawn_by(&student);
            let directions = (0..DIRECTIONS).map(|_| {
                let raw: Vec<f64> = (0..layers.dimension).map(|_| draw.normal()).collect();
                let length = dot(&raw, &raw).sqrt();
                layers.lengths(weights.as_ref(), raw.into_iter().map(|x| x / length).collect())
            });
            let lengths: Vec<Vec<f64>> = directions.collect();
            let farthest = |l: usize| {
                let of_layer = lengths.iter().map(|of_direction| of_direction[l]);
                of_layer.fold(1.0, |far: f64, length| {
                    if (length - 1.0).abs() <= (far - 1.0).abs() { far } else { length }
                })
            };
            (0..layers.depth)
                .map(|l| (l + 1, Reading::new(farthest(l), 1e-14 * (l + 1) as f64)))
                .collect()
        })
        .predicting(|_, _| 1.0)
}

fn independent() -> Hypothesis<Case<usize>> {
    Hypothesis::by_construction("independent normal numbers", "the grader draws them")
}

fn dimensions<const K: usize>(name: &str, dimensions: [usize; K]) -> Family<Case<usize>> {
    Family::listed(name, dimensions, |&dimension| {
        Case::new("a deep network of gain 1", dimension)
            .with(Constant::exact("n", dimension as f64))
    })
}

/// P(entry ≤ q) under the Haar law.
fn law_of_an_entry(dimension: usize, q: f64) -> f64 {
    let half = (dimension as f64 - 1.0) / 2.0;
    Beta::new(half, half).map_or(f64::NAN, |beta| beta.cdf(((1.0 + q) / 2.0).clamp(0.0, 1.0)))
}

/// Each of the nine entries in three dimensions; a trial is a layer.
pub(super) fn entries(student: &Student) -> TrialClaim<Case<usize>> {
    let student = student.clone();
    Claim::law("entries", "n = 3: every entry is uniform on [−1, 1]", DISTANCE)
        .assuming([independent()])
        .on(dimensions("three dimensions", [3]))
        .trials(1 << 15)
        .sampling(move |dimension: &Case<usize>, block| {
            let count = dimension.pow(2);
            let weights = fresh(&student, **dimension, block.trials(), block.generator());
            block.read(1..=count, |trial, entry| {
                weights.as_ref().map_or(f64::NAN, |weights| weights[trial][entry - 1])
            })
        })
        .distributed_as(|_, _, q| ((1.0 + q) / 2.0).clamp(0.0, 1.0))
}

/// u·Qv of one layer, and of the product of two neighbours.
pub(super) fn law(student: &Student) -> TrialClaim<Case<usize>> {
    let student = student.clone();
    Claim::law(
        "law",
        "u·Qv has the law of an entry, for one layer and for a product of two",
        DISTANCE,
    )
    .assuming([independent()])
    .on(dimensions("other dimensions", [2, 5]))
    .trials(1 << 15)
    .sampling(move |dimension: &Case<usize>, block| {
        let (n, trials) = (**dimension, block.trials());
        let weights = fresh(&student, n, 2 * trials, block.generator());
        let (u, v) = directions(n);
        block.read([1, 2], |trial, layers| {
            weights.as_ref().map_or(f64::NAN, |weights| {
                let pair = &weights[2 * trial..2 * trial + layers];
                let through = |x: Vec<f64>, matrix: &Vec<f64>| {
                    matrix.chunks(n).map(|row| dot(row, &x)).collect()
                };
                dot(&u, &pair.iter().fold(v.clone(), through))
            })
        })
    })
    .distributed_as(|dimension, _, q| law_of_an_entry(**dimension, q))
}

/// Two unit vectors, neither along an axis.
fn directions(dimension: usize) -> (Vec<f64>, Vec<f64>) {
    let unit = |raw: Vec<f64>| {
        let length = dot(&raw, &raw).sqrt();
        raw.into_iter().map(|x| x / length).collect()
    };
    let alternating = |i: usize| if i.is_multiple_of(2) { 1.0 } else { -2.0 };
    (
        unit((0..dimension).map(|i| 1.0 + i as f64).collect()),
        unit((0..dimension).map(alternating).collect()),
    )
}

/// In three dimensions.
pub(super) fn determinant(student: &Student) -> TrialClaim<Case<usize>> {
    let student = student.clone();
    Claim::probability("determinant", "P(det Q = 1) = 1/2", Side::Within(0.05))
        .assuming([independent()])
        .on(dimensions("three dimensions", [3]))
        .trials(1 << 14)
        .sampling(move |dimension: &Case<usize>, block: &mut Block| {
            let weights = fresh(&student, **dimension, block.trials(), block.generator());
            let sign = |trial: usize| {
                weights.as_ref().map_or(f64::NAN, |weights| determinant_of(&weights[trial]))
            };
            let trials = block.trials();
            Sample::at(1.0, (0..trials).map(sign))
                .events(|_, determinant| (determinant - 1.0).abs() < 1e-9)
        })
        .predicting(|_, _| 0.5)
}

fn determinant_of(q: &[f64]) -> f64 {
    let minor = |a: usize, b: usize| q[3 + a] * q[6 + b] - q[3 + b] * q[6 + a];
    q[0] * minor(1, 2) - q[1] * minor(0, 2) + q[2] * minor(0, 1)
}
