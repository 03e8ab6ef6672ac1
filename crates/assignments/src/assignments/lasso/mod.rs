#![doc = include_str!("task.md")]

mod mutants;
mod reference;
#[expect(unreachable_pub, reason = "it is handed out as it is")]
mod stub;

use theoria_algorithms::Trajectory;
use theoria_instances::CompositeProblem;
use theoria_instances::families::{
    diabetes_lasso, kinks_after_steps, modes_without_weight, sparse_quadratics,
};
use theoria_instances::hypotheses::{
    convex, minimiser_of_the_sum, nondegenerate, smooth, strongly_convex,
};
use theoria_models::Vector;
use theoria_verification::{Claim, Figure, Reading, Theorem};

use crate::assignment::{Assignment, Check, Part, Stubs};
use crate::play::Student;
use crate::theoria::Fields;

const TASK: &str = include_str!("task.md");
const STEPS: usize = 100;
/// Long enough for the flattest of the quadratics, of condition 100.
const LATE: usize = 3000;

/// The assignment.
pub fn assignment() -> Assignment {
    Assignment {
        name: "lasso",
        title: "LASSO by proximal gradient descent",
        theorem: "convergence/proximal_gradient",
        task: TASK,
        stubs: Stubs { rust: include_str!("stub.rs"), python: include_str!("stub.py") },
        public: Part {
            checks: &[
                Check {
                    name: "gap",
                    title: "the gap of F stays below L R²/(4N)",
                    points: 3,
                    at: "step",
                },
                Check {
                    name: "zeros",
                    title: "after many steps the zeros are those of the minimiser",
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
                    name: "distance_elsewhere",
                    title: "the distance falls by 1 − μ/L a step",
                    points: 5,
                    at: "step",
                },
            ],
            claims: hidden,
        },
        hints: &[
            "The gradient that you are told is that of the smooth part. What the norm does is yours to compute.",
            "First the gradient step, then the threshold, so that the threshold has the last word.",
            "A step of length 1/L minimises w|x| against L/2 (x − z)²: by how much may z be moved towards zero?",
            "z = x − g/L; the new x is sign(z) max(|z| − w/L, 0), coordinate by coordinate.",
        ],
        success: "A kink that is handled exactly costs nothing, and it is what finds the support in finitely many steps. With \
                  Nesterov's momentum on top the method is called FISTA.",
        told_case_by_case: &[],
        reference: || Box::new(reference::Proximal::default()),
        stub: || Box::new(stub::Mine::default()),
        mutants: mutants::MUTANTS,
    }
}

fn public(student: &Student) -> Theorem {
    Theorem::new("assignments/lasso", TASK)
        .claim(gap("gap", student).on(sparse_quadratics()))
        .claim(zeros(student))
        .figure(
            Figure::log_log("gap", "step N", "F(x_N) − F*")
                .of("gap")
                .caption("Your gap stays below L R²/(4N)."),
        )
}

fn hidden(student: &Student) -> Theorem {
    Theorem::new("assignments/lasso_hidden", TASK)
        .claim(
            gap("gap_elsewhere", student)
                .attained_on(kinks_after_steps(|n| n as f64).map(|fitted| fitted.problem))
                .on(sparse_quadratics().with_draws(12))
                .on(diabetes_lasso()),
        )
        .claim(
            distance(student)
                .on(sparse_quadratics().with_draws(12))
                .attained_on(modes_without_weight("the flat mode, w = 0", [2.0, 10.0, 25.0], true)),
        )
}

/// w, which is the regulariser of the first unit vector.
fn weight(p: &CompositeProblem) -> f64 {
    let mut unit = Vector::zeros(p.start().len());
    unit[0] = 1.0;
    p.objective().regulariser().value(&unit)
}

fn run(student: &Student, p: &CompositeProblem, steps: usize) -> Trajectory {
    let known = Fields::new()
        .with("dimension", p.start().len() as f64)
        .with("start", p.start().as_slice())
        .with("smoothness", p.smoothness())
        .with("weight", weight(p));
    p.run(student.descent(known), steps)
}

fn gap(name: &str, student: &Student) -> Claim<CompositeProblem> {
    let student = student.clone();
    Claim::bound(name, "F(x_N) − F* ≤ L R² / (4N)")
        .assuming([smooth(), convex()])
        .assuming([minimiser_of_the_sum()])
        .measuring(1..=STEPS, move |p: &CompositeProblem, steps| {
            let run = run(&student, p, STEPS);
            steps.read(|n| p.gap(run.at(n)))
        })
        .predicting(|p, n| p.smoothness() * p.distance_at_start().powi(2) / (4.0 * n))
}

fn distance(student: &Student) -> Claim<CompositeProblem> {
    let student = student.clone();
    Claim::bound("distance_elsewhere", "|x_N − x*| ≤ (1 − μ/L)ᴺ R")
        .assuming([smooth(), strongly_convex()])
        .assuming([minimiser_of_the_sum()])
        .measuring(1..=STEPS, move |p: &CompositeProblem, steps| {
            let run = run(&student, p, STEPS);
            steps.read(|n| p.distance(run.at(n)))
        })
        .predicting_from(
            |p| (1.0 - p.strong_convexity() / p.smoothness(), p.distance_at_start()),
            |(factor, at_start), n| factor.powf(n) * at_start,
        )
}

/// How many coordinates are zero in one and not in the other.
fn zeros(student: &Student) -> Claim<CompositeProblem> {
    let student = student.clone();
    Claim::identity(
        "zeros",
        "in the end: coordinates that are zero in x_N or in x*, not in both = 0",
        1e-9,
    )
    .assuming([smooth(), strongly_convex()])
    .assuming([minimiser_of_the_sum(), nondegenerate()])
    .on(sparse_quadratics())
    .measuring([LATE], move |p: &CompositeProblem, steps| {
        let run = run(&student, p, LATE);
        steps.read(|n| match run.at(n) {
            Some(x) => {
                let pairs = x.point().iter().zip(p.minimiser());
                let differing = pairs.filter(|(own, least)| (**own == 0.0) != (**least == 0.0));
                Reading::new(differing.count() as f64, 0.0)
            }
            None => Reading::DIVERGED,
        })
    })
    .predicting(|_, _| 0.0)
}
