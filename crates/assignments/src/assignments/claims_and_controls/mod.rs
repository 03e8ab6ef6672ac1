#![doc = include_str!("task.md")]

mod claims;
mod functions;
mod mutants;
mod reference;
mod runs;
mod setting;
mod stated;
#[expect(unreachable_pub, reason = "it is handed out as it is")]
mod stub;
mod wrong;

use theoria_verification::{Figure, Theorem};

use crate::assignment::{Assignment, Check, Part, Stubs};
use crate::play::Student;
use setting::Quantity;

const TASK: &str = include_str!("task.md");

/// The assignment.
pub fn assignment() -> Assignment {
    Assignment {
        name: "claims_and_controls",
        title: "Claims and controls for gradient descent",
        theorem: "convergence/gradient_descent_convex",
        task: TASK,
        stubs: Stubs { rust: include_str!("stub.rs"), python: include_str!("stub.py") },
        public: Part {
            checks: &[
                Check {
                    name: "gap",
                    title: "the right run keeps your claims of the gap",
                    points: 2,
                    at: "step",
                },
                Check {
                    name: "distance",
                    title: "the right run keeps your claims of the distance",
                    points: 2,
                    at: "step",
                },
                Check {
                    name: "gradient",
                    title: "the right run keeps your claims of the gradient",
                    points: 2,
                    at: "step",
                },
                Check {
                    name: "near",
                    title: "no control is less than 90 percent of its claim",
                    points: 1,
                    at: "step",
                },
                Check {
                    name: "controls",
                    title: "some right run breaks each of your controls",
                    points: 3,
                    at: "step",
                },
                Check {
                    name: "caught",
                    title: "every wrong run breaks a claim that the right run keeps",
                    points: 4,
                    at: "step",
                },
            ],
            claims: public,
        },
        hidden: Part {
            checks: &[
                Check {
                    name: "adversary",
                    title: "an adversary finds no function on which the right run breaks your claims",
                    points: 4,
                    at: "step",
                },
                Check {
                    name: "controls_elsewhere",
                    title: "your controls are broken after other numbers of steps too",
                    points: 2,
                    at: "step",
                },
                Check {
                    name: "subtle",
                    title: "runs that are nearly right break a claim",
                    points: 5,
                    at: "step",
                },
                Check {
                    name: "conditions",
                    title: "right runs break a claim where a hypothesis does not hold",
                    points: 3,
                    at: "step",
                },
            ],
            claims: hidden,
        },
        hints: &[
            "Two cases: is `strong_convexity` there? Without it the bounds are made of L, R and N; with it of μ, L, h, N and the reading at the start.",
            "Where μ is told, look at a quadratic with the two curvatures μ and L: each step multiplies one coordinate by 1 − hμ and the other by 1 − hL. The slower one decides, and a factor may be negative.",
            "Without μ look at a function that is a straight slope but for a small parabola at its minimum (Huber's). All N steps are equally long there. How steep must the slope be that the gap is largest in the end?",
            "The textbook has L R²/(2N) for the gap, which is true and not sharp; take N = 1 and the parabola with a slope of the hint before, and see what is left. For the gradient make the last step end just where the slope does.",
            "The gap: L R²/(4N + 2). The gradient, by the same way of thinking: L R/(N + 1). And the control of a sharp claim is 0.95 times the claim.",
        ],
        success: "A claim that nothing breaks says nothing, and one that the right run breaks says too much: between them is a bound that is sharp. \
                  That no quantity catches everything is why one measures several: a run may have a small gap and a large gradient, or lose its way where \
                  the function is flat.",
        told_case_by_case: &["caught", "subtle", "conditions"],
        reference: || Box::new(reference::Bounds),
        stub: || Box::new(stub::Mine),
        mutants: mutants::MUTANTS,
    }
}

fn public(student: &Student) -> Theorem {
    let kept = Quantity::ALL.map(|quantity| claims::kept(quantity, student));
    let theorem = Theorem::new("assignments/claims_and_controls", TASK);
    kept.into_iter()
        .fold(theorem, Theorem::claim)
        .claim(claims::near(student))
        .claim(claims::broken_where_seen(student))
        .claim(claims::caught("caught", wrong::plain(student)))
        .figure(
            Figure::log_log("gap", "step N", "f(x_N) − f*")
                .of("gap")
                .caption("The right run stays below your claims, and comes to them where it is as slow as may be."),
        )
        .figure(
            Figure::log_log("caught", "step N", "measured / claimed")
                .of("caught")
                .caption("How far each wrong run goes beyond the claim that catches it first."),
        )
}

fn hidden(student: &Student) -> Theorem {
    Theorem::new("assignments/claims_and_controls_hidden", TASK)
        .claim(claims::adversary(student))
        .claim(claims::broken_elsewhere(student))
        .claim(claims::caught("subtle", wrong::subtle(student)))
        .claim(claims::caught("conditions", wrong::without_a_hypothesis(student)))
}
