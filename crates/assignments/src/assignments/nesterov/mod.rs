#![doc = include_str!("task.md")]

mod mutants;
mod reference;
#[expect(unreachable_pub, reason = "it is handed out as it is")]
mod stub;

use theoria_algorithms::Trajectory;
use theoria_instances::Problem;
use theoria_instances::families::{
    AfterSteps, cancer_logistic, diabetes_least_squares, huber, huber_after_steps, least_squares,
    nesterov_worst_after_steps, rank_deficient_least_squares, smooth_convex_functions,
};
use theoria_instances::hypotheses::{convex, minimiser, smooth};
use theoria_verification::{Claim, Family, Figure, Reading, Theorem};

use super::granted;
use crate::assignment::{Assignment, Check, Part, Stubs};
use crate::play::Student;

const TASK: &str = include_str!("task.md");
const STEPS: usize = 100;
/// Steps on a slope, and a width of Huber's function whose slope is longer than these.
const ON_THE_SLOPE: usize = 20;
const WIDTHS: [f64; 3] = [0.01, 0.005, 0.002];

/// The assignment.
pub fn assignment() -> Assignment {
    Assignment {
        name: "nesterov",
        title: "Nesterov's acceleration",
        theorem: "convergence/nesterov_convex",
        task: TASK,
        stubs: Stubs { rust: include_str!("stub.rs"), python: include_str!("stub.py") },
        public: Part {
            checks: &[
                Check {
                    name: "gap",
                    title: "the gap stays below 2 L R²/(N² + 5N + 6)",
                    points: 3,
                    at: "step",
                },
                Check {
                    name: "momentum",
                    title: "on a slope the momentum adds up as the theorem says",
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
                    points: 5,
                    at: "step",
                },
                Check {
                    name: "exact_gap",
                    title: "where the theorem knows the gap exactly, it is that",
                    points: 3,
                    at: "step",
                },
            ],
            claims: hidden,
        },
        hints: &[
            "There are two sequences: x counts, y is where the gradient is taken. Both begin at the start.",
            "Compute the new x from y and the gradient first; you need the old x once more for the momentum.",
            "The momentum after the first gradient is 0/3: k counts from 0, and begins anew with each instance.",
            "next = y − g/L; y = next + k/(k + 3) (next − x); x = next; k = k + 1. Answer x as `iterate` and y as `point`.",
        ],
        success: "On a slope you went N²/8 steps where gradient descent goes N: that is all there is to acceleration. The price is that \
                  the value may rise on the way.",
        told_case_by_case: &[],
        reference: || Box::new(reference::Accelerated::default()),
        stub: || Box::new(stub::Mine::default()),
        mutants: mutants::MUTANTS,
    }
}

fn public(student: &Student) -> Theorem {
    Theorem::new("assignments/nesterov", TASK)
        .claim(
            gap("gap", student)
                .on(least_squares())
                .on(rank_deficient_least_squares())
                .on(nesterov_worst_after_steps().map(|fitted| fitted.problem)),
        )
        .claim(momentum(student))
        .figure(
            Figure::log_log("gap", "step N", "f(x_N) − f*")
                .of("gap")
                .caption("Your gap swings, and stays below 2LR²/(N² + 5N + 6)."),
        )
}

fn hidden(student: &Student) -> Theorem {
    Theorem::new("assignments/nesterov_hidden", TASK)
        .claim(
            gap("gap_elsewhere", student)
                .attained_on(fitted().map(|fitted| fitted.problem))
                .on(smooth_convex_functions().with_draws(12))
                .on(diabetes_least_squares())
                .on(cancer_logistic()),
        )
        .claim(exact_gap(student))
}

/// Huber functions whose slope the method leaves just at step N: x_N = R − w S_N with the width w = 1/(2 S_N + 1).
fn fitted() -> Family<AfterSteps> {
    huber_after_steps(|steps| 1.0 / (2.0 * reach(steps as f64) + 1.0))
}

/// S_N, by how many times g/L the method comes forward in N steps of a slope.
fn reach(n: f64) -> f64 {
    (n * n + 5.0 * n + 2.0) / 8.0
}

fn run(student: &Student, p: &Problem, steps: usize) -> Trajectory {
    p.run(student.descent(granted::smooth(p)).with_iterates(), steps)
}

fn bound(p: &Problem, n: f64) -> f64 {
    2.0 * p.smoothness() * p.distance_at_start().powi(2) / (n * n + 5.0 * n + 6.0)
}

fn gap(name: &str, student: &Student) -> Claim<Problem> {
    let student = student.clone();
    Claim::bound(name, "f(x_N) − f* ≤ 2 L R² / (N² + 5N + 6)")
        .assuming([smooth(), convex(), minimiser()])
        .measuring(1..=STEPS, move |p: &Problem, steps| {
            let run = run(&student, p, STEPS);
            steps.read(|n| p.gap(run.at(n)))
        })
        .predicting(bound)
}

fn momentum(student: &Student) -> Claim<Problem> {
    let student = student.clone();
    Claim::identity("momentum", "on a slope: (x₀ − x_N) L/g = (N² + 5N + 2)/8", 1e-9)
        .assuming([smooth(), convex()])
        .on(Family::listed("slopes of Huber's function", WIDTHS, |&width| huber(width)))
        .measuring(1..=ON_THE_SLOPE, move |p: &Problem, steps| {
            let run = run(&student, p, ON_THE_SLOPE);
            // The slope is L times the width.
            let unit = p.objective().gradient_at(p.start())[0] / p.smoothness();
            steps.read(|n| match run.at(n) {
                Some(x) => Reading::new((p.start()[0] - x[0]) / unit, 1e-14 * n as f64 / unit),
                None => Reading::DIVERGED,
            })
        })
        .predicting(|_, n| reach(n))
}

fn exact_gap(student: &Student) -> Claim<AfterSteps> {
    let student = student.clone();
    Claim::identity("exact_gap", "at step N: f(x_N) − f* = 2 L R² / (N² + 5N + 6)", 1e-9)
        .assuming([smooth(), convex()])
        .on(fitted())
        .measuring_each(move |fitted: &AfterSteps| {
            fitted.read(|p, steps| p.gap(run(&student, p, steps).at(steps)))
        })
        .predicting(|fitted, n| bound(&fitted.problem, n))
}
