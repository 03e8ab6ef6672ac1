#![doc = include_str!("task.md")]

mod mutants;
mod reference;
#[expect(unreachable_pub, reason = "it is handed out as it is")]
mod stub;
mod valley;

use theoria_verification::{Claim, Figure, Hypothesis, Reading, Readings, Theorem};

use crate::assignment::{Assignment, Check, Part, Stubs};
use crate::play::Student;
use valley::Valley;

const TASK: &str = include_str!("task.md");
/// Messages after which every run has long arrived.
const MESSAGES: usize = 60;
/// The quartic may cost many cuts near where its curvature vanishes.
const MESSAGES_OF_THE_QUARTIC: usize = 150;
/// How near that is: half the digits, since values decide.
const ARRIVED: f64 = 1e-6;

/// The assignment.
pub fn assignment() -> Assignment {
    Assignment {
        name: "newton",
        title: "Newton's method against its start",
        theorem: "second_order/newton_needs_a_good_start",
        task: TASK,
        stubs: Stubs { rust: include_str!("stub.rs"), python: include_str!("stub.py") },
        public: Part {
            checks: &[
                Check {
                    name: "cubes",
                    title: "near the minimum of √(1 + x²) whole steps are taken: x_n = (−1)ⁿ x₀^(3ⁿ)",
                    points: 3,
                    at: "step",
                },
                Check {
                    name: "arrives",
                    title: "from further away it converges too",
                    points: 3,
                    at: "message",
                },
            ],
            claims: public,
        },
        hidden: Part {
            checks: &[
                Check {
                    name: "cuts",
                    title: "each step is the first that lowers f enough, on functions that you do not see",
                    points: 5,
                    at: "message",
                },
                Check {
                    name: "bent",
                    title: "it converges where f bends down in between",
                    points: 5,
                    at: "message",
                },
            ],
            claims: hidden,
        },
        hints: &[
            "The first message about the function is about x₀ itself, which nobody has to accept. All later ones are about candidates.",
            "Keep beside the iterate what you were told there: its value and slope decide about every candidate, until one is accepted.",
            "A new step begins with t = 1, whatever was cut before; and where the curvature is not positive its direction is the slope.",
            "On each message: if value > f − c t p f′ then t = b t, else the candidate is the iterate, f, f′ and p are new and t = 1. The next \
             candidate is iterate − t p in both cases.",
        ],
        success: "Global is not fast: from 10⁶ the root takes 23 steps and 433 halvings, and only the last few steps double the digits. And \
                  what is found is a critical point of the function, the best one only where there is no other.",
        told_case_by_case: &[],
        reference: || Box::new(reference::Backtracking::default()),
        stub: || Box::new(stub::Mine::default()),
        mutants: mutants::MUTANTS,
    }
}

fn public(student: &Student) -> Theorem {
    Theorem::new("assignments/newton", TASK).claim(cubes(student)).claim(arrives(student)).figure(
        Figure::semilog("arrives", "message", "|x − x*|")
            .of("arrives")
            .caption("Your distance: it halves or so at first, and at the end the digits double."),
    )
}

fn hidden(student: &Student) -> Theorem {
    Theorem::new("assignments/newton_hidden", TASK)
        .claim(cuts(student).on(valley::softened()).on(valley::quartics()))
        .claim(bent(student))
}

/// The theorem is about every function that has a second derivative.
fn twice_differentiable() -> Hypothesis<Valley> {
    Hypothesis::by_construction("f″ exists", "roots and polynomials without kinks")
}

fn cubes(student: &Student) -> Claim<Valley> {
    let student = student.clone();
    Claim::identity("cubes", "x_n = (−1)ⁿ x₀^(3ⁿ)", 1e-8)
        .assuming([twice_differentiable()])
        .on(valley::near())
        .measuring(1..=3usize, move |valley: &Valley, steps| {
            let iterates = valley.iterates_by(&student, 4);
            // x − p loses the digits that x has before those of x³.
            steps.read(|n| Reading::new(iterates[n], 1e-15 * valley.start.abs()))
        })
        .predicting(|valley, n| {
            let size = valley.start.abs().powf(3f64.powf(n));
            let turned = if n % 2.0 == 0.0 { 1.0 } else { -1.0 };
            turned * size * valley.start.signum()
        })
}

/// The root is symmetric and falls at every step, so that it never comes further away.
fn arrives(student: &Student) -> Claim<Valley> {
    let student = student.clone();
    Claim::bound("arrives", "|x| ≤ |x₀| after each message, and |x| ≤ 10⁻⁶ after the 60th")
        .assuming([twice_differentiable()])
        .on(valley::far())
        .measuring(1..=MESSAGES, move |valley: &Valley, messages| {
            let iterates = valley.iterates_by(&student, MESSAGES);
            messages.read(|n| Reading::new((iterates[n - 1] - valley.minimiser).abs(), 1e-15))
        })
        .predicting(|valley, n| {
            if n < MESSAGES as f64 { (valley.start - valley.minimiser).abs() } else { ARRIVED }
        })
}

fn bent(student: &Student) -> Claim<Valley> {
    let student = student.clone();
    Claim::bound("bent", "after 150 messages: |x − x*| ≤ 10⁻⁶")
        .assuming([twice_differentiable()])
        .on(valley::trapped())
        .measuring([MESSAGES_OF_THE_QUARTIC], move |valley: &Valley, messages| {
            let iterates = valley.iterates_by(&student, MESSAGES_OF_THE_QUARTIC);
            messages.read(|n| Reading::new((iterates[n - 1] - valley.minimiser).abs(), 1e-15))
        })
        .predicting(|_, _| ARRIVED)
}

fn cuts(student: &Student) -> Claim<Valley> {
    let student = student.clone();
    Claim::identity(
        "cuts",
        "the iterates are those of the first t that will do (the deviation is 0)",
        1e-6,
    )
    .assuming([twice_differentiable()])
    .measuring_each(move |valley: &Valley| {
        let expected = valley.expected();
        let own = valley.iterates_by(&student, expected.len());
        Readings::over(0..expected.len(), |n| {
            Reading::new((own[n] - expected[n]).abs() / (1.0 + expected[n].abs()), 1e-10)
        })
    })
    .predicting(|_, _| 0.0)
}
