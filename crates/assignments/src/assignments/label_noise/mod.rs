#![doc = include_str!("task.md")]

mod claims;
mod mutants;
mod pairs;
mod reference;
mod rounds;
#[expect(unreachable_pub, reason = "it is handed out as it is")]
mod stub;

use theoria_verification::{Figure, Theorem};

use crate::assignment::{Assignment, Check, Part, Stubs};
use crate::play::Student;

const TASK: &str = include_str!("task.md");

/// The assignment.
pub fn assignment() -> Assignment {
    Assignment {
        name: "label_noise",
        title: "Label noise finds flat minima",
        theorem: "implicit_bias/label_noise",
        task: TASK,
        stubs: Stubs { rust: include_str!("stub.rs"), python: include_str!("stub.py") },
        public: Part {
            checks: &[
                Check {
                    name: "hyperbola",
                    title: "x² − y² shrinks at each step as the theorem says",
                    points: 3,
                    at: "step",
                },
                Check {
                    name: "trace",
                    title: "the trace is that of the batch",
                    points: 2,
                    at: "step",
                },
                Check {
                    name: "drift",
                    title: "the runs drift to the flattest minimiser at the speed of the theorem",
                    points: 4,
                    at: "step",
                },
            ],
            claims: public,
        },
        hidden: Part {
            checks: &[
                Check {
                    name: "any_model",
                    title: "every step is that of the theorem, for models and batches that you do not see",
                    points: 4,
                    at: "step",
                },
                Check {
                    name: "drift_elsewhere",
                    title: "the same drift for other steps, noise and batches",
                    points: 3,
                    at: "step",
                },
            ],
            claims: hidden,
        },
        hints: &[
            "Noise in a label is noise in the residual: what is F_i − (y_i + σ ξ_i)?",
            "Each sample of the batch gives its own residual times its own gradient; the step takes their mean. Why is that not the mean of the \
             residuals times the mean of the gradients?",
            "At a minimiser the residuals without noise are 0, and still the point moves: by η σ ξ_i ∇F_i/B. If yours stays, the noise is lost.",
            "point[j] −= η/B · Σ_i (outputs[i] − targets[i] − σ noise[i]) · jacobian[i][j], and trace = Σ_i Σ_j jacobian[i][j]²/B.",
        ],
        success: "Nobody told your program about the trace, and yet it went down: a step with the gradient of a noisy label moves x² − y² in \
                  second order, and always towards 0. Noise of the same size that is added to the gradient itself only diffuses.",
        told_case_by_case: &[],
        reference: || Box::new(reference::NoisyLabels::default()),
        stub: || Box::new(stub::Mine::default()),
        mutants: mutants::MUTANTS,
    }
}

fn public(student: &Student) -> Theorem {
    Theorem::new("assignments/label_noise", TASK)
        .claim(claims::hyperbola(student))
        .claim(claims::trace(student))
        .claim(claims::drift("drift", student).on(claims::alone()))
        .figure(
            Figure::linear("drift", "step", "mean position s").of("drift").caption(
                "Your runs on their way to the flattest minimiser, s = 0, and the theorem's.",
            ),
        )
}

fn hidden(student: &Student) -> Theorem {
    Theorem::new("assignments/label_noise_hidden", TASK)
        .claim(claims::any_model(student).on(rounds::any()))
        .claim(claims::drift("drift_elsewhere", student).on(claims::elsewhere()))
}
