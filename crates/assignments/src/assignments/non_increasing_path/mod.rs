#![doc = include_str!("task.md")]

mod claims;
mod moves;
mod mutants;
mod reference;
mod span;
mod starts;
#[expect(unreachable_pub, reason = "it is handed out as it is")]
mod stub;

use theoria_verification::{Figure, Theorem};

use crate::assignment::{Assignment, Check, Part, Stubs};
use crate::play::Student;

const TASK: &str = include_str!("task.md");

/// Where on its way a path is looked at.
const PLACE: &str = "place (in segments)";

/// The assignment.
pub fn assignment() -> Assignment {
    Assignment {
        name: "non_increasing_path",
        title: "A way down without a climb",
        theorem: "landscape/non_increasing_path",
        task: TASK,
        stubs: Stubs { rust: include_str!("stub.rs"), python: include_str!("stub.py") },
        public: Part {
            checks: &[
                Check {
                    name: "independent",
                    title: "down to 0 from where the features are independent",
                    points: 3,
                    at: PLACE,
                },
                Check {
                    name: "two_samples",
                    title: "down to 0 out of a valley of two samples",
                    points: 4,
                    at: PLACE,
                },
            ],
            claims: public,
        },
        hidden: Part {
            checks: &[
                Check {
                    name: "equal_neurons",
                    title: "down to 0 from equal neurons",
                    points: 3,
                    at: PLACE,
                },
                Check {
                    name: "dead_neurons",
                    title: "down to 0 from dead neurons",
                    points: 3,
                    at: PLACE,
                },
                Check {
                    name: "few_different",
                    title: "down to 0 from neurons of which some are equal",
                    points: 3,
                    at: PLACE,
                },
                Check {
                    name: "segments",
                    title: "the number of segments is at most that of the theorem",
                    points: 2,
                    at: "missing rank",
                },
            ],
            claims: hidden,
        },
        hints: &[
            "Begin with the last move: with the inner weights fixed the output is linear in the outer ones. n equations, m unknowns.",
            "In the valley of two samples the features are (1, 0) and (1, 0). The second neuron depends on the first: who does its work when \
             its outer weight is 0? Then turn it around, and only then look for loss 0.",
            "Choose neurons whose features are independent, as many as there are. The features of any other are a combination of theirs: \
             add a_j times its coefficients to their outer weights, set a_j to 0, and that is a corner. This can be done for all others at once.",
            "New features: order the samples along a direction in which all differ, and put the kink (or the steep part of tanh) between two \
             neighbours. The n neurons that one gets so are independent, so that always one of them has something new.",
        ],
        success: "There are plateaus on your path, and no climb: wide networks have no bad valleys. It does not say that gradient descent finds the way; \
                  from equal neurons it does not. With fewer neurons than samples there are valleys that hold.",
        told_case_by_case: &[],
        reference: || Box::new(reference::Moves),
        stub: || Box::new(stub::Mine),
        mutants: mutants::MUTANTS,
    }
}

fn public(student: &Student) -> Theorem {
    Theorem::new("assignments/non_increasing_path", TASK)
        .claim(claims::descends("independent", student).on(starts::independent_neurons()))
        .claim(claims::descends("two_samples", student).on(starts::two_samples()))
        .figure(
            Figure::linear("two_samples", "place on the path, in segments", "loss")
                .of("two_samples")
                .caption("The loss along your paths, and the least loss before."),
        )
}

fn hidden(student: &Student) -> Theorem {
    Theorem::new("assignments/non_increasing_path_hidden", TASK)
        .claim(claims::descends("equal_neurons", student).on(starts::equal_neurons()))
        .claim(claims::descends("dead_neurons", student).on(starts::dead_neurons()))
        .claim(claims::descends("few_different", student).on(starts::few_different()))
        .claim(
            claims::segments(student)
                .on(starts::independent_neurons())
                .on(starts::equal_neurons())
                .on(starts::dead_neurons()),
        )
}
