#![doc = include_str!("task.md")]

mod claims;
mod layers;
mod mutants;
mod reference;
mod reflections;
#[expect(unreachable_pub, reason = "it is handed out as it is")]
mod stub;

use theoria_verification::{Figure, Theorem};

use crate::assignment::{Assignment, Check, Part, Stubs};
use crate::play::Student;

const TASK: &str = include_str!("task.md");

/// The assignment.
pub fn assignment() -> Assignment {
    Assignment {
        name: "orthogonal_initialization",
        title: "Orthogonal weights",
        theorem: "initialization/orthogonal_initialization",
        task: TASK,
        stubs: Stubs { rust: include_str!("stub.rs"), python: include_str!("stub.py") },
        public: Part {
            checks: &[
                Check {
                    name: "isometry",
                    title: "every direction keeps its length, times g a layer",
                    points: 4,
                    at: "layer",
                },
                Check {
                    name: "entries",
                    title: "for n = 3 every entry is uniform on [−1, 1]",
                    points: 4,
                    at: "entry",
                },
            ],
            claims: public,
        },
        hidden: Part {
            checks: &[
                Check {
                    name: "nearly_parallel",
                    title: "the same lengths where columns are nearly parallel",
                    points: 3,
                    at: "layer",
                },
                Check {
                    name: "law",
                    title: "other dimensions, other directions, and products of two layers",
                    points: 3,
                    at: "number of layers",
                },
                Check {
                    name: "determinant",
                    title: "both signs of the determinant are equally likely",
                    points: 2,
                    at: "layer",
                },
            ],
            claims: hidden,
        },
        hints: &[
            "Check your Q first: QᵀQ = I and QR = G. Then print the first entry of a hundred matrices: has it both signs?",
            "QR = (QD)(DR) for every diagonal matrix D of signs. So there are 2ⁿ factorisations, and your program chose one of them. Which \
             has a positive diagonal of R?",
            "Taking its parts along the earlier columns off a column leaves little of a column that is nearly parallel to them, and \
             rounding with it. Do it once more with what is left, or use reflections.",
            "With D the signs of the diagonal of R, the answer is g Q D: column j of Q times the sign of R_jj, row by row. Orthogonalising \
             column by column needs no D, since it divides by lengths, which are positive.",
        ],
        success: "With the signs of the library half of all matrices could not occur, and the first entry was never positive. Who tests only \
                  QᵀQ = I never sees it. Of deep linear networks such weights make all directions learn at the same pace.",
        told_case_by_case: &[],
        reference: || Box::new(reference::Haar),
        stub: || Box::new(stub::Mine),
        mutants: mutants::MUTANTS,
    }
}

fn public(student: &Student) -> Theorem {
    Theorem::new("assignments/orthogonal_initialization", TASK)
        .claim(claims::isometry("isometry", student).on(layers::deep()))
        .claim(claims::entries(student))
        .figure(
            Figure::linear(
                "entries",
                "quantile of the uniform law",
                "share of your first entries below it",
            )
            .of("entries")
            .caption("How your first entries are distributed, against the uniform law."),
        )
}

fn hidden(student: &Student) -> Theorem {
    Theorem::new("assignments/orthogonal_initialization_hidden", TASK)
        .claim(claims::isometry("nearly_parallel", student).on(layers::nearly_parallel()))
        .claim(claims::law(student))
        .claim(claims::determinant(student))
}
