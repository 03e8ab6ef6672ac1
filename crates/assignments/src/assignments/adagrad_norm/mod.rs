#![doc = include_str!("task.md")]

mod functions;
mod gradients;
mod mutants;
mod reference;
#[expect(unreachable_pub, reason = "it is handed out as it is")]
mod stub;

use theoria_instances::hypotheses::{bounded_below, smooth};
use theoria_models::Vector;
use theoria_verification::{Claim, Figure, Hypothesis, Theorem};

use crate::assignment::{Assignment, Check, Part, Stubs};
use crate::play::Student;
use crate::theoria::Fields;
use functions::Adaptive;
use gradients::Gradients;

const TASK: &str = include_str!("task.md");
/// So many that steps which never become shorter add up to more than B² − b₀².
const STEPS: usize = 600;

/// The assignment.
pub fn assignment() -> Assignment {
    Assignment {
        name: "adagrad_norm",
        title: "AdaGrad-norm: no step size to be tuned",
        theorem: "convergence/adagrad_norm_deterministic",
        task: TASK,
        stubs: Stubs { rust: include_str!("stub.rs"), python: include_str!("stub.py") },
        public: Part {
            checks: &[
                Check {
                    name: "steps",
                    title: "each step is that of the theorem, whatever the gradients are",
                    points: 3,
                    at: "step",
                },
                Check {
                    name: "any_numerator",
                    title: "whatever η and b₀: the squared gradients add up to B² − b₀² at most",
                    points: 3,
                    at: "step",
                },
            ],
            claims: public,
        },
        hidden: Part {
            checks: &[
                Check {
                    name: "steps_elsewhere",
                    title: "each step is that of the theorem, for gradients that you do not see",
                    points: 4,
                    at: "step",
                },
                Check {
                    name: "any_numerator_elsewhere",
                    title: "the same sum on functions that you do not see, also where they bend down",
                    points: 3,
                    at: "step",
                },
                Check {
                    name: "cautious",
                    title: "with b₀ ≥ ηL the sum is below its sharper bound",
                    points: 3,
                    at: "step",
                },
            ],
            claims: hidden,
        },
        hints: &[
            "Do the two steps for paper: 12, 13 and 85 are the sides of right triangles with (3, 4) and 84.",
            "There is one number b for all coordinates, and it never becomes smaller within an instance.",
            "The gradient that makes the step has already been added: b_{k+1} divides, not b_k.",
            "On each gradient g: b = √(b² + Σ g_i²), and then every coordinate moves by −η g_i/b. At the beginning of an instance b = b₀.",
        ],
        success: "Where b₀ is too small, the first steps overshoot until b knows how large L is: that is the logarithm. With noise the same b grows like √N \
                  by itself, which is the step size that one would have had to choose.",
        told_case_by_case: &[],
        reference: || Box::new(reference::AdaGradNorm::default()),
        stub: || Box::new(stub::Mine::default()),
        mutants: mutants::MUTANTS,
    }
}

fn public(student: &Student) -> Theorem {
    Theorem::new("assignments/adagrad_norm", TASK)
        .claim(steps("steps", student).on(gradients::on_paper()).on(gradients::noisy()))
        .claim(
            any_numerator("any_numerator", student)
                .on(functions::overshot())
                .on(functions::quadratics()),
        )
        .figure(
            Figure::log_log("sums", "step N", "Σ |∇f(x_k)|² over its bound")
                .of("any_numerator")
                .as_ratio()
                .caption("Whatever L, η and b₀ are, your squared gradients add up to no more than the bound."),
        )
}

fn hidden(student: &Student) -> Theorem {
    Theorem::new("assignments/adagrad_norm_hidden", TASK)
        .claim(steps("steps_elsewhere", student).on(gradients::sparse()))
        .claim(
            any_numerator("any_numerator_elsewhere", student)
                .on(functions::bent())
                .on(functions::waves())
                .on(functions::slope()),
        )
        .claim(cautious(student))
}

/// What the program is told at the beginning.
fn known(start: &Vector, numerator: f64, initial: f64) -> Fields {
    Fields::new()
        .with("dimension", start.len() as f64)
        .with("start", start.as_slice())
        .with("numerator", numerator)
        .with("initial", initial)
}

fn steps(name: &str, student: &Student) -> Claim<Gradients> {
    let student = student.clone();
    Claim::identity(name, "x_N = x₀ − η Σ g_k/b_{k+1} (the deviation over η is 0)", 1e-9)
        .assuming([Hypothesis::by_construction(
            "any gradients",
            "the steps are defined for every list of gradients",
        )])
        .measuring_each(move |gradients: &Gradients| gradients.deviations(&student))
        .predicting(|_, _| 0.0)
}

fn any_numerator(name: &str, student: &Student) -> Claim<Adaptive> {
    let student = student.clone();
    Claim::bound(name, "Σ_{k<N} |∇f(x_k)|² ≤ B² − b₀²")
        .assuming([smooth(), bounded_below()])
        .measuring(1..=STEPS, move |it: &Adaptive, steps| {
            let sums = it.sums_by(&student);
            steps.read(|n| sums[n - 1])
        })
        .predicting_from(Adaptive::most, |most, _| *most)
}

fn cautious(student: &Student) -> Claim<Adaptive> {
    let student = student.clone();
    Claim::bound("cautious", "Σ_{k<N} |∇f(x_k)|² ≤ Δ²/η² + 2b₀Δ/η")
        .assuming([smooth(), bounded_below()])
        .assuming([functions::caution()])
        .attained_on(functions::last_step())
        .on(functions::cautious_quadratics())
        .on(functions::cautious_bent())
        .measuring(1..=STEPS, move |it: &Adaptive, steps| {
            let sums = it.sums_by(&student);
            steps.read(|n| sums[n - 1])
        })
        .predicting_from(Adaptive::most_with_caution, |most, _| *most)
}
