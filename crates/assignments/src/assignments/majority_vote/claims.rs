//! What is claimed of the votes.

use rand_distr::{Distribution, StandardNormal};
use statrs::distribution::{Binomial, ContinuousCDF, DiscreteCDF, Normal};
use theoria_models::objectives::Quadratic;
use theoria_models::{Objective, Vector};
use theoria_verification::{
    Case, Claim, Constant, Family, Hypothesis, Reading, Sample, Side, TrialClaim,
};

use super::ballots::{Ballots, known};
use crate::play::Student;
use crate::theoria::Fields;

const STEPS: usize = 200;
/// Slope over deviation of the noise that a worker sees.
const SIGNAL: f64 = 0.5;

/// Where the solution goes; none where it fails.
fn next(student: &Student, gradients: &[Vec<f64>]) -> Option<Vec<f64>> {
    let dimension = gradients.first().map_or(0, Vec::len);
    let answer = student.tell(&Fields::new().with("gradients", gradients.to_vec()))?;
    student.take(answer.vector("point", dimension))
}

/// Begins an instance, and says whether the solution is there.
fn begins(student: &Student, known: &Fields, dimension: usize) -> Option<Vec<f64>> {
    let answer = student.begin(known)?;
    student.take(answer.vector("point", dimension))
}

/// The largest deviation of a coordinate from where the votes lead, in units of h.
pub(super) fn vote(name: &str, student: &Student) -> Claim<Ballots> {
    let student = student.clone();
    Claim::identity(
        name,
        "x_N = x₀ − h Σ_k sign(Σ_m sign g) (the largest deviation over h is 0)",
        1e-9,
    )
    .assuming([Hypothesis::by_construction(
        "any workers",
        "the vote is defined for every list of gradients",
    )])
    .measuring_each(move |ballots: &Ballots| {
        let begun = begins(&student, &ballots.known(), ballots.start.len());
        let rounds = ballots.rounds.iter().zip(ballots.expected()).enumerate();
        let size = ballots.start.iter().fold(1.0f64, |most, x| most.max(x.abs()));
        rounds
            .map(|(round, (gradients, expected))| {
                let point = begun.as_ref().and_then(|_| next(&student, gradients));
                let floor = 1e-14 * (round + 1) as f64 * (size / ballots.step + round as f64);
                let off = point.map_or(f64::NAN, |point| {
                    let pairs = point.iter().zip(&expected);
                    pairs.fold(0.0, |most, (own, x)| f64::max(most, (own - x).abs())) / ballots.step
                });
                (round + 1, Reading::new(off, floor))
            })
            .collect()
    })
    .predicting(|_, _| 0.0)
}

/// On diagonal quadratics, for which L_∞ is the sum of the curvatures. One worker in three says the opposite, a hundred times as loud.
pub(super) fn descent(student: &Student) -> Claim<Case<Vec<f64>>> {
    let student = student.clone();
    let start = |curvatures: &Vec<f64>| vec![1.0; curvatures.len()];
    Claim::bound("descent", "min_{k<N} |∇f(x_k)|₁ ≤ Δ/(hN) + h L∞/2")
        .assuming([Hypothesis::new(
            "L∞ is the sum of the curvatures",
            |case: &Case<Vec<f64>>, _| {
                theoria_verification::Check::that(
                    case.iter().all(|l| *l > 0.0),
                    "a diagonal Hessian, positive",
                )
            },
        )])
        .on(curvatures())
        .measuring(1..=STEPS, move |case: &Case<Vec<f64>>, steps| {
            let objective = Quadratic::diagonal(&case.value);
            let mut point = begins(&student, &known(&start(&case.value), STEP, 3), case.len());
            let (mut least, mut seen) = (f64::INFINITY, vec![f64::INFINITY]);
            for _ in 0..STEPS {
                let gradient =
                    point.as_ref().map(|x| objective.gradient_at(&Vector::from_row_slice(x)));
                least =
                    gradient.as_ref().map_or(f64::NAN, |gradient| least.min(gradient.lp_norm(1)));
                seen.push(least);
                point = gradient.and_then(|gradient| {
                    let honest = gradient.as_slice().to_vec();
                    let liar = honest.iter().map(|slope| -100.0 * slope).collect();
                    next(&student, &[liar, honest.clone(), honest])
                });
            }
            steps.read(|n| seen[n])
        })
        .predicting(move |case, n| {
            let curvature: f64 = case.iter().sum();
            curvature / 2.0 / (STEP * n) + STEP * curvature / 2.0
        })
}

/// h of the runs downhill.
const STEP: f64 = 0.02;

fn curvatures() -> Family<Case<Vec<f64>>> {
    let lists = [vec![1.0], vec![1.0, 10.0], vec![0.5, 1.0, 2.0, 4.0]];
    let describe =
        |list: &Vec<f64>| format!("the quadratic with curvatures {list:?}, from all ones");
    Family::listed("diagonal quadratics", lists, move |list| {
        let sum = list.iter().sum();
        Case::new(describe(list), list.clone()).with(Constant::exact("L∞", sum))
    })
}

/// Normal noise, all trials as the coordinates of one message.
pub(super) fn wrong_votes(student: &Student) -> TrialClaim<Case<f64>> {
    const WORKERS: [usize; 4] = [1, 3, 7, 15];
    let student = student.clone();
    Claim::probability("wrong_votes", "P(vote wrong) = P(Bin(M, p) > M/2)", Side::Within(0.02))
        .assuming([Hypothesis::by_construction(
            "independent workers",
            "each worker's noise is drawn for itself",
        )])
        .on(Family::cases("normal noise", [SIGNAL], |signal| {
            format!("normal noise, slope {signal} times its deviation")
        }))
        .trials(1 << 18)
        .sampling(move |signal, block| {
            let trials = block.trials();
            let rows = WORKERS.map(|workers| {
                let random = block.generator();
                let noise =
                    |_| -> f64 { **signal + Distribution::<f64>::sample(&StandardNormal, random) };
                let drawn: Vec<f64> = (0..workers * trials).map(noise).collect();
                let gradients: Vec<Vec<f64>> = drawn.chunks(trials).map(<[f64]>::to_vec).collect();
                let start = vec![0.0; trials];
                let begun = begins(&student, &known(&start, 1.0, workers), trials);
                let point = begun.and_then(|_| next(&student, &gradients));
                // Wrong is what does not go down.
                point.map_or_else(
                    || vec![f64::NAN; trials],
                    |point| point.iter().map(|x| f64::from(u8::from(*x >= 0.0))).collect(),
                )
            });
            Sample::new(WORKERS, rows)
        })
        .predicting(|signal, workers| wrong(**signal, workers as u64))
}

/// P(Bin(M, p) > M/2) for an odd M, with p = Φ(−S).
fn wrong(signal: f64, workers: u64) -> f64 {
    let p = Normal::standard().cdf(-signal);
    Binomial::new(p, workers).map_or(f64::NAN, |votes| 1.0 - votes.cdf(workers / 2))
}
