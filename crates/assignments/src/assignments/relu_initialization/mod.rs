#![doc = include_str!("task.md")]

mod claims;
mod mutants;
mod networks;
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
        name: "relu_initialization",
        title: "Weights that keep signals alive",
        theorem: "initialization/relu_second_moment",
        task: TASK,
        stubs: Stubs { rust: include_str!("stub.rs"), python: include_str!("stub.py") },
        public: Part {
            checks: &[
                Check {
                    name: "signals",
                    title: "ReLU: every layer keeps the mean square of the signals",
                    points: 4,
                    at: "layer",
                },
                Check {
                    name: "gradients",
                    title: "ReLU: every layer keeps the mean square of the gradients",
                    points: 3,
                    at: "layer",
                },
            ],
            claims: public,
        },
        hidden: Part {
            checks: &[
                Check {
                    name: "other_slopes",
                    title: "the mean square of the signals for slopes and widths that you do not see",
                    points: 4,
                    at: "layer",
                },
                Check {
                    name: "law",
                    title: "the weights of a network are independent and normal",
                    points: 4,
                    at: "number of weights",
                },
            ],
            claims: hidden,
        },
        hints: &[
            "Set f_k = 1 and solve for c_k. There are two kinds of layers, so two answers.",
            "If Z is standard normal, s Z has the variance s². Which s has the variance c/n?",
            "n is the number of inputs of the layer: a neuron adds up so many terms, whose variances add up too. How many neurons there \
             are does not matter to any of them.",
            "Layer k + 1, whose list has the index k: multiply its normal numbers by the root of c/widths[k], with c = 2/(1 + a²), and \
             c = 1 in the last layer.",
        ],
        success: "The same variance serves the way forward and the way back, at every width, because both count the inputs. It is a \
                  statement about means: when the sum of 5/n over the layers is not small, most networks are far below, and a few far \
                  above; see hanin_depth_to_width.",
        told_case_by_case: &[],
        reference: || Box::new(reference::Critical),
        stub: || Box::new(stub::Mine),
        mutants: mutants::MUTANTS,
    }
}

fn public(student: &Student) -> Theorem {
    Theorem::new("assignments/relu_initialization", TASK)
        .claim(claims::signals("signals", student).on(networks::relu()))
        .claim(claims::gradients("gradients", student).on(networks::relu()))
        .figure(
            Figure::semilog("signals", "layer l", "mean of |xˡ|²/n_l")
                .of("signals")
                .caption("The mean square of your signals, layer by layer: the theorem has 1."),
        )
}

fn hidden(student: &Student) -> Theorem {
    Theorem::new("assignments/relu_initialization_hidden", TASK)
        .claim(claims::signals("other_slopes", student).on(networks::leaky()))
        .claim(claims::law(student))
}
