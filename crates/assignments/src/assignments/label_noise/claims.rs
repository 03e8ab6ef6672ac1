//! What is claimed of steps, and of what many of them do.

use theoria_verification::{Claim, Family, Hypothesis, Reading, Readings, Sample, TrialClaim};

use super::pairs::{Noise, Pairs, Step};
use super::rounds::Rounds;
use crate::play::Student;

/// Steps of the runs on which every step is looked at.
const LOOKED_AT: usize = 60;
/// How far a mean position may be off, relative to it.
const MARGIN: f64 = 0.06;
/// Positions farther from what is predicted count as this far, so that a trial has a range whatever a solution does.
const FARTHEST: f64 = 0.25;
/// Where on their way runs are looked at.
const TIMES: [f64; 2] = [0.25, 0.5];
/// Pairs in one run.
const TOGETHER: usize = 8;

fn minimisers() -> [Hypothesis<Pairs>; 2] {
    [
        Hypothesis::by_construction("start at minimisers", "e^s e^−s = 1"),
        Hypothesis::by_construction("independent noise of variance 1", "the grader draws it"),
    ]
}

/// Two pairs, with one sample or two of each.
pub(super) fn few() -> Family<Pairs> {
    Family::listed("pairs", [1, 2], |&samples| Pairs {
        count: 2,
        samples,
        step: 0.1,
        deviation: 0.5,
        start: 0.8,
        noise: Noise::Normal,
    })
}

/// What is farthest from 1 among (x² − y²)/(its value by the theorem), over the pairs.
pub(super) fn hyperbola(student: &Student) -> Claim<Pairs> {
    let student = student.clone();
    Claim::identity(
        "hyperbola",
        "(x² − y²) after step k / ((1 − η²g²) (x² − y²) before it) = 1",
        1e-9,
    )
    .assuming(minimisers())
    .on(few())
    .measuring_by_drawing(move |pairs: &Pairs, draw| {
        step_by_step(pairs, &student, draw.generator(), |pairs, step| {
            let ratios = step.from.iter().zip(&step.to).zip(&step.residuals);
            let ratios = ratios.map(|((from, to), g)| {
                let kept = 1.0 - (pairs.step * g).powi(2);
                difference(*to) / (kept * difference(*from))
            });
            farthest_from_one(ratios)
        })
    })
    .predicting(|_, _| 1.0)
}

/// The trace over x² + y², the mean over the pairs.
pub(super) fn trace(student: &Student) -> Claim<Pairs> {
    let student = student.clone();
    Claim::identity("trace", "your trace / the mean of x² + y² over the pairs = 1", 1e-9)
        .assuming(minimisers())
        .on(few())
        .measuring_by_drawing(move |pairs: &Pairs, draw| {
            step_by_step(pairs, &student, draw.generator(), |pairs, step| {
                let squares: f64 = step.from.iter().map(|(x, y)| x * x + y * y).sum();
                step.trace * pairs.count as f64 / squares
            })
        })
        .predicting(|_, _| 1.0)
}

fn difference((x, y): (f64, f64)) -> f64 {
    x * x - y * y
}

fn farthest_from_one(ratios: impl Iterator<Item = f64>) -> f64 {
    ratios.fold(
        1.0,
        |far: f64, ratio| {
            if (ratio - 1.0).abs() <= (far - 1.0).abs() { far } else { ratio }
        },
    )
}

fn step_by_step(
    pairs: &Pairs,
    student: &Student,
    random: &mut impl rand::Rng,
    measured: impl Fn(&Pairs, &Step) -> f64,
) -> Readings {
    let mut random = theoria_verification::Stream::drawn(random).trial(0);
    let mut seen = Vec::with_capacity(LOOKED_AT);
    pairs.run(student, LOOKED_AT, &mut random, |step| seen.push(measured(pairs, step)));
    seen.resize(LOOKED_AT, f64::NAN);
    (1..).zip(seen).map(|(step, ratio): (usize, f64)| (step, Reading::new(ratio, 1e-13))).collect()
}

/// The largest deviation of a coordinate from that of the rule.
pub(super) fn any_model(student: &Student) -> Claim<Rounds> {
    let student = student.clone();
    Claim::identity(
        "any_model",
        "θ after step k = θ₀ − η Σ (1/B) Σ (F − y − σ ξ) ∇F (the largest deviation is 0)",
        1e-9,
    )
    .assuming([Hypothesis::by_construction("any numbers", "a step is defined for all of them")])
    .measuring_each(move |rounds: &Rounds| {
        let dimension = rounds.start.len();
        let begun = student.begin(&rounds.known());
        let mut is_there =
            begun.and_then(|answer| student.take(answer.vector("point", dimension))).is_some();
        let steps = rounds.batches.iter().zip(rounds.expected()).enumerate();
        steps
            .map(|(step, (batch, expected))| {
                let answer = if is_there { student.tell(&batch.told()) } else { None };
                let point =
                    answer.and_then(|answer| student.take(answer.vector("point", dimension)));
                is_there = point.is_some();
                let off = point.map_or(f64::NAN, |point| {
                    let pairs = point.iter().zip(&expected);
                    pairs.fold(0.0, |most: f64, (own, x)| {
                        let off = (own - x).abs();
                        if off <= most { most } else { off }
                    })
                });
                (step + 1, Reading::new(off, 1e-13))
            })
            .collect()
    })
    .predicting(|_, _| 0.0)
}

/// The mean of s over many pairs.
pub(super) fn drift(name: &str, student: &Student) -> TrialClaim<Pairs> {
    let student = student.clone();
    let formula = "E s after step k = s(k), which solves the equation of the theorem (what is off by more counts as 0.25 off)";
    Claim::expected_value(name, formula, MARGIN)
        .assuming(minimisers())
        .trials(256)
        .sampling(move |pairs: &Pairs, block| {
            let ends = TIMES.map(|time| pairs.steps(time));
            let mut rows = ends.map(|_| Vec::with_capacity(block.trials()));
            while rows[0].len() < block.trials() {
                let together =
                    Pairs { count: TOGETHER.min(block.trials() - rows[0].len()), ..*pairs };
                let mut step = 0;
                let mut places = ends.map(|_| vec![f64::NAN; together.count]);
                together.run(&student, ends[1], block.generator(), |seen| {
                    step += 1;
                    if let Some(row) = ends.iter().position(|end| *end == step) {
                        let predicted = pairs.position(step as f64);
                        places[row] =
                            seen.to.iter().map(|pair| near(position(*pair), predicted)).collect();
                    }
                });
                rows.iter_mut().zip(places).for_each(|(row, places)| row.extend(places));
            }
            Sample::new(ends, rows)
        })
        .ranging(|pairs, n| {
            let predicted = pairs.position(n);
            (predicted - FARTHEST, predicted + FARTHEST)
        })
        .predicting(Pairs::position)
}

fn position(pair: (f64, f64)) -> f64 {
    (difference(pair) / 2.0).asinh() / 2.0
}

/// What is no number stays none.
fn near(position: f64, predicted: f64) -> f64 {
    position.clamp(predicted - FARTHEST, predicted + FARTHEST)
}

pub(super) fn alone() -> Family<Pairs> {
    Family::single("many pairs", || Pairs {
        count: TOGETHER,
        samples: 1,
        step: 0.05,
        deviation: 0.8,
        start: 1.0,
        noise: Noise::Signs,
    })
}

pub(super) fn elsewhere() -> Family<Pairs> {
    let normal = Pairs {
        count: TOGETHER,
        samples: 1,
        step: 0.1,
        deviation: 0.4,
        start: 0.8,
        noise: Noise::Normal,
    };
    let two = Pairs { samples: 2, step: 0.06, deviation: 1.2, start: 0.9, ..normal };
    Family::listed("other pairs", [normal, two], |pairs| *pairs)
}
