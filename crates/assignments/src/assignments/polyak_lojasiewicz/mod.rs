#![doc = include_str!("task.md")]

mod mutants;
mod reference;
#[expect(unreachable_pub, reason = "it is handed out as it is")]
mod stub;

use theoria_instances::Problem;
use theoria_instances::families::{
    composed_with_a_linear_map, diabetes_with_doubled_features, flat_modes, lojasiewicz_functions,
    quadratic_plus_sine, rank_deficient_least_squares, two_modes,
};
use theoria_instances::hypotheses::{lojasiewicz, quadratic, smooth};
use theoria_verification::{Claim, Figure, Reading, Theorem};

use super::granted;
use crate::assignment::{Assignment, Check, Part, Stubs};
use crate::play::Student;
use crate::theoria::Fields;

const TASK: &str = include_str!("task.md");
const STEPS: usize = 100;
/// What is asked of the number of steps.
const ACCURACIES: [f64; 3] = [0.3, 1e-3, 1e-7];

/// The assignment.
pub fn assignment() -> Assignment {
    Assignment {
        name: "polyak_lojasiewicz",
        title: "Linear convergence without convexity",
        theorem: "convergence/gradient_descent_pl",
        task: TASK,
        stubs: Stubs { rust: include_str!("stub.rs"), python: include_str!("stub.py") },
        public: Part {
            checks: &[
                Check {
                    name: "contraction",
                    title: "the gap falls by 1 − μ/L a step",
                    points: 3,
                    at: "step",
                },
                Check {
                    name: "steps",
                    title: "the number of steps is that of the theorem",
                    points: 3,
                    at: "accuracy",
                },
            ],
            claims: public,
        },
        hidden: Part {
            checks: &[
                Check {
                    name: "contraction_elsewhere",
                    title: "the gap falls by 1 − μ/L a step on functions that you do not see",
                    points: 4,
                    at: "step",
                },
                Check {
                    name: "steps_elsewhere",
                    title: "the number of steps, for constants that you do not see",
                    points: 4,
                    at: "accuracy",
                },
                Check {
                    name: "exact_step",
                    title: "where the theorem knows the distance exactly, it is that",
                    points: 2,
                    at: "step",
                },
            ],
            claims: hidden,
        },
        hints: &[
            "The step is 1/L, convex or not; μ plays no part in it.",
            "For the number of steps ask when (1 − μ/L)ᴺ is at most ε. Take logarithms: which of the two is negative?",
            "N = ⌈log ε / log(1 − μ/L)⌉, both logarithms of the same base, and rounded up.",
        ],
        success: "The bound speaks of the worst function; yours fell faster. That the iterates converge to a single point, although \
                  there may be a whole manifold of minimisers, is on the theorem's page too: the path has a finite length.",
        told_case_by_case: &[],
        reference: || Box::new(reference::Descent::default()),
        stub: || Box::new(stub::Mine::default()),
        mutants: mutants::MUTANTS,
    }
}

fn public(student: &Student) -> Theorem {
    Theorem::new("assignments/polyak_lojasiewicz", TASK)
        .claim(
            contraction("contraction", student)
                .on(quadratic_plus_sine())
                .on(rank_deficient_least_squares())
                .on(two_modes()),
        )
        .claim(steps("steps", student).on(flat_modes([3.0, 40.0])).on(quadratic_plus_sine()))
        .figure(
            Figure::semilog("gap", "step N", "f(x_N) − f*")
                .of("contraction")
                .caption("Your gap stays below its straight line, where f is not convex too."),
        )
}

fn hidden(student: &Student) -> Theorem {
    Theorem::new("assignments/polyak_lojasiewicz_hidden", TASK)
        .claim(
            contraction("contraction_elsewhere", student)
                .on(flat_modes([2.0, 10.0, 25.0]))
                .on(composed_with_a_linear_map())
                .on(lojasiewicz_functions().with_draws(12))
                .on(diabetes_with_doubled_features()),
        )
        .claim(steps("steps_elsewhere", student).on(rank_deficient_least_squares().with_draws(12)))
        .claim(exact_step(student))
}

fn known(p: &Problem, accuracy: f64) -> Fields {
    granted::smooth(p).with("lojasiewicz", p.lojasiewicz()).with("accuracy", accuracy)
}

fn contraction(name: &str, student: &Student) -> Claim<Problem> {
    let student = student.clone();
    Claim::bound(name, "f(x_N) − f* ≤ (1 − μ/L)ᴺ (f(x₀) − f*)")
        .assuming([smooth(), lojasiewicz()])
        .measuring(1..=STEPS, move |p: &Problem, steps| {
            let run = p.run(student.descent(known(p, ACCURACIES[0])), STEPS);
            steps.read(|n| p.gap(run.at(n)))
        })
        .predicting_from(
            |p| (1.0 - p.lojasiewicz() / p.smoothness(), p.gap_at_start()),
            |(factor, at_start), n| factor.powf(n) * at_start,
        )
}

fn steps(name: &str, student: &Student) -> Claim<Problem> {
    let student = student.clone();
    Claim::identity(name, "N(ε) = the smallest N ≥ 1 with (1 − μ/L)ᴺ ≤ ε", 1e-12)
        .assuming([smooth(), lojasiewicz()])
        .measuring(ACCURACIES, move |p: &Problem, accuracies| {
            accuracies.read(|accuracy| {
                let answer = student.begin(&known(p, accuracy));
                let steps = answer.and_then(|answer| student.take(answer.number("steps")));
                Reading::new(steps.unwrap_or(f64::NAN), 0.0)
            })
        })
        .predicting(|p, accuracy| smallest(1.0 - p.lojasiewicz() / p.smoothness(), accuracy))
}

/// The smallest N ≥ 1 with factorᴺ ≤ accuracy: by the logarithms, and then by trying, lest rounding decides.
fn smallest(factor: f64, accuracy: f64) -> f64 {
    let enough = |steps: f64| factor.powf(steps) <= accuracy;
    let mut steps = (accuracy.ln() / factor.ln()).ceil().max(1.0);
    while !enough(steps) {
        steps += 1.0;
    }
    while steps > 1.0 && enough(steps - 1.0) {
        steps -= 1.0;
    }
    steps
}

/// On the flat mode of a quadratic, where L is not seen.
fn exact_step(student: &Student) -> Claim<Problem> {
    let student = student.clone();
    Claim::identity("exact_step", "on the flat mode: |x_N − x*| = (1 − μ/L)ᴺ R", 1e-9)
        .assuming([smooth(), lojasiewicz(), quadratic()])
        .on(flat_modes([2.0, 7.0, 30.0]))
        .measuring(1..=10usize, move |p: &Problem, steps| {
            let run = p.run(student.descent(known(p, ACCURACIES[0])), 10);
            steps.read(|n| p.distance(run.at(n)))
        })
        .predicting(|p, n| (1.0 - p.lojasiewicz() / p.smoothness()).powf(n) * p.distance_at_start())
}
