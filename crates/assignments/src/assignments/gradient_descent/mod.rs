#![doc = include_str!("task.md")]

mod mutants;
mod reference;
#[expect(unreachable_pub, reason = "it is handed out as it is")]
mod stub;

use theoria_instances::Problem;
use theoria_instances::families::{
    diabetes_least_squares, diagonal_quadratics, huber_after_steps, quadratics,
    rank_deficient_least_squares, ridge_regression, smooth_convex_functions,
    strongly_convex_functions, two_modes,
};
use theoria_instances::hypotheses::{convex, minimiser, smooth, strongly_convex};
use theoria_verification::{Claim, Figure, Theorem};

use super::granted;
use crate::assignment::{Assignment, Check, Part, Stubs};
use crate::play::Student;

const TASK: &str = include_str!("task.md");
const STEPS: usize = 60;

/// The assignment.
pub fn assignment() -> Assignment {
    Assignment {
        name: "gradient_descent",
        title: "Gradient descent and its step size",
        theorem: "convergence/gradient_descent_strongly_convex",
        task: TASK,
        stubs: Stubs { rust: include_str!("stub.rs"), python: include_str!("stub.py") },
        public: Part {
            checks: &[
                Check {
                    name: "gap",
                    title: "with h = 1/L the gap stays below L R²/(4N + 2)",
                    points: 3,
                    at: "step",
                },
                Check {
                    name: "distance",
                    title: "with h = 2/(L + μ) the distance to the minimiser stays below ρᴺ R",
                    points: 3,
                    at: "step",
                },
            ],
            claims: public,
        },
        hidden: Part {
            checks: &[
                Check {
                    name: "gap_elsewhere",
                    title: "the gap stays below its bound on functions that you do not see",
                    points: 4,
                    at: "step",
                },
                Check {
                    name: "distance_elsewhere",
                    title: "the distance stays below its bound on functions that you do not see",
                    points: 4,
                    at: "step",
                },
                Check {
                    name: "exact_factor",
                    title: "where the theorem knows the distance exactly, it is that",
                    points: 2,
                    at: "step",
                },
            ],
            claims: hidden,
        },
        hints: &[
            "The answer to the first message is x₀ itself, at which you are told the gradient next.",
            "One line moves the point: each coordinate less h times its slope. Which way is downhill?",
            "There are two step sizes, and which one is meant shows when the instance begins: is `strong_convexity` there?",
            "Compute h once when the instance begins and keep it: 2/(L + μ) where μ is given, 1/L where it is not.",
        ],
        success: "Both bounds are met exactly on some functions, so no proof could promise more of these steps. On most functions you \
                  were faster: the theorem speaks of the worst. The next step is momentum, which changes the order itself.",
        told_case_by_case: &[],
        reference: || Box::new(reference::Descent::default()),
        stub: || Box::new(stub::Mine::default()),
        mutants: mutants::MUTANTS,
    }
}

fn public(student: &Student) -> Theorem {
    Theorem::new("assignments/gradient_descent", TASK)
        .claim(
            gap("gap", student)
                .on(diagonal_quadratics(1.0..=100.0))
                .on(rank_deficient_least_squares()),
        )
        .claim(distance("distance", student).on(quadratics()).on(two_modes()))
        .figure(
            Figure::log_log("gap", "step N", "f(x_N) − f*")
                .of("gap")
                .caption("Your gap stays below the bound of the theorem."),
        )
        .figure(
            Figure::semilog("distance", "step N", "|x_N − x*|").of("distance").caption(
                "Your distance stays below its straight line, and on two modes lies on it.",
            ),
        )
}

fn hidden(student: &Student) -> Theorem {
    let fitted = huber_after_steps(|steps| 1.0 / (2.0 * steps as f64 + 1.0));
    Theorem::new("assignments/gradient_descent_hidden", TASK)
        .claim(
            gap("gap_elsewhere", student)
                .attained_on(fitted.map(|fitted| fitted.problem))
                .on(smooth_convex_functions().with_draws(12))
                .on(diabetes_least_squares()),
        )
        .claim(
            distance("distance_elsewhere", student)
                .on(ridge_regression())
                .on(strongly_convex_functions(2.0..=100.0).with_draws(12))
                .attained_on(two_modes()),
        )
        .claim(exact_factor(student))
}

fn gap(name: &str, student: &Student) -> Claim<Problem> {
    let student = student.clone();
    Claim::bound(name, "f(x_N) − f* ≤ L R² / (4N + 2)")
        .assuming([smooth(), convex(), minimiser()])
        .measuring(1..=STEPS, move |p: &Problem, steps| {
            let run = p.run(student.descent(granted::smooth(p)), STEPS);
            steps.read(|n| p.gap(run.at(n)))
        })
        .predicting(|p, n| p.smoothness() * p.distance_at_start().powi(2) / (4.0 * n + 2.0))
}

fn distance(name: &str, student: &Student) -> Claim<Problem> {
    let student = student.clone();
    Claim::bound(name, "|x_N − x*| ≤ ρᴺ R")
        .assuming([smooth(), strongly_convex()])
        .measuring(1..=STEPS, move |p: &Problem, steps| {
            let run = p.run(student.descent(granted::strongly_convex(p)), STEPS);
            steps.read(|n| p.distance(run.at(n)))
        })
        .predicting(|p, n| factor(p).powf(n) * p.distance_at_start())
}

/// Two modes that the best step shrinks alike.
fn exact_factor(student: &Student) -> Claim<Problem> {
    let student = student.clone();
    Claim::identity("exact_factor", "on two modes: |x_N − x*| = ρᴺ R", 1e-9)
        .assuming([smooth(), strongly_convex()])
        .on(two_modes())
        .measuring(1..=10usize, move |p: &Problem, steps| {
            let run = p.run(student.descent(granted::strongly_convex(p)), 10);
            steps.read(|n| p.distance(run.at(n)))
        })
        .predicting(|p, n| factor(p).powf(n) * p.distance_at_start())
}

/// ρ = (L − μ)/(L + μ)
fn factor(p: &Problem) -> f64 {
    let (l, mu) = (p.smoothness(), p.strong_convexity());
    (l - mu) / (l + mu)
}
