#![doc = include_str!("task.md")]

mod ballots;
mod claims;
mod mutants;
mod reference;
#[expect(unreachable_pub, reason = "it is handed out as it is")]
mod stub;

use theoria_verification::{Figure, Theorem};

use crate::assignment::{Assignment, Check, Part, Stubs};
use crate::play::Student;

const TASK: &str = include_str!("task.md");

/// The assignment.
pub fn assignment() -> Assignment {
    Assignment {
        name: "majority_vote",
        title: "Sign descent with majority vote",
        theorem: "stochastic/majority_vote",
        task: TASK,
        stubs: Stubs { rust: include_str!("stub.rs"), python: include_str!("stub.py") },
        public: Part {
            checks: &[
                Check {
                    name: "vote",
                    title: "every coordinate moves by h where the majority says",
                    points: 3,
                    at: "round",
                },
                Check {
                    name: "descent",
                    title: "with one worker in three lying the gradient becomes small",
                    points: 3,
                    at: "step",
                },
            ],
            claims: public,
        },
        hidden: Part {
            checks: &[
                Check {
                    name: "close_votes",
                    title: "votes that are close, equal, or not cast",
                    points: 4,
                    at: "round",
                },
                Check {
                    name: "wrong_votes",
                    title: "the vote is wrong as rarely as the theorem says",
                    points: 6,
                    at: "number of workers",
                },
            ],
            claims: hidden,
        },
        hints: &[
            "`gradients` is a list of workers, and each of them a list of coordinates.",
            "Take the sign of each worker's slope first and add afterwards. Why is the sign of the sum of the slopes something else?",
            "The coordinate moves by h, or not at all, whatever the size of the majority.",
            "In many languages the sign of 0 is 1: look at what yours says, since 0 is no vote here.",
        ],
        success: "One bit up and one bit down for each coordinate, and a worker that lies has one vote. The price: with noise that is not \
                  symmetric the median of signs may point uphill, and more workers make it worse; the theorem's page shows it.",
        told_case_by_case: &[],
        reference: || Box::new(reference::Vote::default()),
        stub: || Box::new(stub::Mine::default()),
        mutants: mutants::MUTANTS,
    }
}

fn public(student: &Student) -> Theorem {
    Theorem::new("assignments/majority_vote", TASK)
        .claim(claims::vote("vote", student).on(ballots::loud()))
        .claim(claims::descent(student))
        .figure(Figure::log_log("descent", "step N", "min |∇f(x_k)|₁").of("descent").caption(
            "The smallest gradient so far stays below its bound, though one worker in three lies.",
        ))
}

fn hidden(student: &Student) -> Theorem {
    Theorem::new("assignments/majority_vote_hidden", TASK)
        .claim(claims::vote("close_votes", student).on(ballots::close()))
        .claim(claims::wrong_votes(student))
}
