#![doc = include_str!("task.md")]

mod copies;
mod mutants;
mod reference;
#[expect(unreachable_pub, reason = "it is handed out as it is")]
mod stub;

use theoria_verification::{Claim, Family, Figure, Hypothesis, Theorem};

use crate::assignment::{Assignment, Check, Part, Stubs};
use crate::play::Student;
use copies::{Copies, STEPS};

const TASK: &str = include_str!("task.md");

/// The assignment.
pub fn assignment() -> Assignment {
    Assignment {
        name: "sgd_schedules",
        title: "Step sizes of stochastic gradient descent",
        theorem: "stochastic/sgd_pl_decreasing",
        task: TASK,
        stubs: Stubs { rust: include_str!("stub.rs"), python: include_str!("stub.py") },
        public: Part {
            checks: &[
                Check {
                    name: "floor",
                    title: "with a constant step the gap falls geometrically to its floor",
                    points: 3,
                    at: "step",
                },
                Check {
                    name: "one_over_n",
                    title: "with decreasing steps the gap falls below ν/(n + n₀)",
                    points: 3,
                    at: "step",
                },
            ],
            claims: public,
        },
        hidden: Part {
            checks: &[
                Check {
                    name: "constant_exactly",
                    title: "with a constant step the gap is exactly what the theorem says, on functions that you do not see",
                    points: 5,
                    at: "step",
                },
                Check {
                    name: "decreasing_exactly",
                    title: "with decreasing steps the gap is exactly what the theorem says, on functions that you do not see",
                    points: 5,
                    at: "step",
                },
            ],
            claims: hidden,
        },
        hints: &[
            "Which schedule is meant is said once, when the instance begins; the method is the same, only h differs.",
            "The floor grows with h, so the largest step is the one whose floor is the goal. Solve for h.",
            "Two things limit the constant step: the goal, and 1/L. Take the smaller.",
            "Count the gradients that you were told in this instance: the first one comes with n = 0, and h₀ is 1/L.",
        ],
        success: "A tenth of the floor costs ten times the steps; decreasing steps pay as they go. They need μ, though: with a μ that is said too large \
                  the steps become short too soon, and the gap falls like a smaller power of n than the first.",
        told_case_by_case: &[],
        reference: || Box::new(reference::Scheduled::default()),
        stub: || Box::new(stub::Mine::default()),
        mutants: mutants::MUTANTS,
    }
}

fn public(student: &Student) -> Theorem {
    Theorem::new("assignments/sgd_schedules", TASK)
        .claim(bound(
            "floor",
            "E f(x_n) − f* ≤ (1 − μh)ⁿ Δ + h L σ²/(2μ)",
            student,
            copies::few_with_goals(),
            Copies::bound_of_a_constant_step,
        ))
        .claim(bound(
            "one_over_n",
            "E f(x_n) − f* ≤ ν/(n + n₀)",
            student,
            copies::few_without(),
            Copies::bound_of_decreasing_steps,
        ))
        .figure(
            Figure::log_log("floor", "step n", "E f(x_n) − f*")
                .of("floor")
                .caption("With constant steps your gap falls to a floor, and stays there."),
        )
        .figure(
            Figure::log_log("one_over_n", "step n", "E f(x_n) − f*")
                .of("one_over_n")
                .caption("With steps that decrease it goes on falling."),
        )
}

fn hidden(student: &Student) -> Theorem {
    Theorem::new("assignments/sgd_schedules_hidden", TASK)
        .claim(
            exactly("constant_exactly", student)
                .on(copies::with_ambitious_goals())
                .on(copies::with_generous_goals()),
        )
        .claim(exactly("decreasing_exactly", student).on(copies::drawn()))
}

/// The noise of two steps is uncorrelated over the copies, and each gap is quadratic in it.
fn unbiased() -> Hypothesis<Copies> {
    Hypothesis::by_construction(
        "unbiased noise",
        "in the mean over the copies the signs of a step are 0, and those of two steps uncorrelated",
    )
}

fn bound(
    name: &str,
    formula: &str,
    student: &Student,
    family: Family<Copies>,
    predicted: fn(&Copies, f64) -> f64,
) -> Claim<Copies> {
    let student = student.clone();
    Claim::bound(name, formula)
        .assuming([unbiased()])
        .on(family)
        .measuring(1..=STEPS, move |it: &Copies, steps| {
            let gaps = it.gaps_by(&student);
            steps.read(|n| gaps[n - 1])
        })
        .predicting(predicted)
}

fn exactly(name: &str, student: &Student) -> Claim<Copies> {
    let student = student.clone();
    Claim::identity(name, "E f(x_n) − f* = ½ Σ λ (m_n² + V_n)", 1e-6)
        .assuming([unbiased()])
        .measuring(1..=STEPS, move |it: &Copies, steps| {
            let gaps = it.gaps_by(&student);
            steps.read(|n| gaps[n - 1])
        })
        .predicting_from(Copies::expected, |gaps, n| gaps[n as usize])
}
