#![doc = include_str!("task.md")]

mod bowls;
mod mutants;
mod paths;
mod reference;
#[expect(unreachable_pub, reason = "it is handed out as it is")]
mod stub;

use theoria_verification::{Claim, Figure, Hypothesis, Reading, Readings, Theorem};

use crate::assignment::{Assignment, Check, Part, Stubs};
use crate::play::Student;
use bowls::{Bowl, STEPS_THROUGH_WAVES, Waves};
use paths::Path;

const TASK: &str = include_str!("task.md");

/// The assignment.
pub fn assignment() -> Assignment {
    Assignment {
        name: "lbfgs",
        title: "L-BFGS by its two loops",
        theorem: "second_order/lbfgs",
        task: TASK,
        stubs: Stubs { rust: include_str!("stub.rs"), python: include_str!("stub.py") },
        public: Part {
            checks: &[
                Check {
                    name: "two_loops",
                    title: "while all pairs fit into the memory, directions are those of BFGS from γI",
                    points: 3,
                    at: "message",
                },
                Check {
                    name: "conjugate_gradients",
                    title: "on quadratics with exact line search the run is that of conjugate gradients",
                    points: 3,
                    at: "step",
                },
            ],
            claims: public,
        },
        hidden: Part {
            checks: &[
                Check {
                    name: "memory",
                    title: "on longer paths, that you do not see, the oldest pair makes room",
                    points: 4,
                    at: "message",
                },
                Check {
                    name: "skips",
                    title: "pairs that bend down, or hardly up, are as if they had never been",
                    points: 4,
                    at: "message",
                },
                Check {
                    name: "downhill",
                    title: "where f bends down the directions lead downhill",
                    points: 2,
                    at: "message",
                },
            ],
            claims: hidden,
        },
        hints: &[
            "Do the pair for paper first: one pair, the direction (3/5, −1/5). The check begins with it.",
            "The pair that has just come belongs to the direction that you answer now; and γ is that of the newest pair that is kept.",
            "The first loop runs from the newest pair to the oldest, the second one from the oldest to the newest, with the α of the same pair.",
            "A skipped pair changes nothing that is remembered but where you are: the next pair begins at the newest point. Only a pair that is kept drives out the oldest.",
        ],
        success: "4md products in the place of d², and on a quadratic one pair is as good as all. Elsewhere more memory helps less than one \
                  hopes: the theorem's page counts the steps.",
        told_case_by_case: &[],
        reference: || Box::new(reference::TwoLoops::default()),
        stub: || Box::new(stub::Mine::default()),
        mutants: mutants::MUTANTS,
    }
}

fn public(student: &Student) -> Theorem {
    Theorem::new("assignments/lbfgs", TASK)
        .claim(directions("two_loops", student).on(paths::on_paper()).on(paths::short()))
        .claim(conjugate_gradients(student))
        .figure(
            Figure::semilog("conjugate_gradients", "step n", "|x_n − x*|")
                .of("conjugate_gradients")
                .caption("Your distance from the minimiser: with exact line search it is nothing after d steps."),
        )
}

fn hidden(student: &Student) -> Theorem {
    Theorem::new("assignments/lbfgs_hidden", TASK)
        .claim(directions("memory", student).on(paths::long()))
        .claim(directions("skips", student).on(paths::grazing()).on(paths::waves()))
        .claim(downhill(student))
}

/// Against the matrix that the loops stand for.
fn directions(name: &str, student: &Student) -> Claim<Path> {
    let student = student.clone();
    Claim::identity(name, "direction = −H ∇f(x) (the deviation over |H ∇f(x)| is 0)", 1e-6)
        .assuming([paths::clear()])
        .measuring_each(move |path: &Path| path.deviations(&student))
        .predicting(|_, _| 0.0)
}

fn conjugate_gradients(student: &Student) -> Claim<Bowl> {
    let student = student.clone();
    Claim::identity("conjugate_gradients", "|x_n − x*| = that of conjugate gradients", 1e-6)
        .assuming([Hypothesis::by_construction("quadratic", "½ Σ λ_i x_i² with every λ_i > 0")])
        .on(bowls::bowls())
        .measuring_each(move |bowl: &Bowl| {
            let distances = bowl.distances_by(&student);
            let floor = 1e-9 * bowl.radius();
            Readings::over(1..=bowl.dimension(), |n| Reading::new(distances[n], floor))
        })
        .predicting(|bowl, n| bowl.distance_of_conjugate_gradients(n as usize))
}

fn downhill(student: &Student) -> Claim<Waves> {
    let student = student.clone();
    Claim::lower_bound("downhill", "the cosine between direction and −∇f(x) ≥ 0")
        .assuming([bowls::bends_down()])
        .on(bowls::waves())
        .measuring_each(move |waves: &Waves| {
            let cosines = waves.cosines_by(&student);
            Readings::over(1..=STEPS_THROUGH_WAVES, |n| Reading::new(cosines[n - 1], 1e-12))
        })
        .predicting(|_, _| 0.0)
}
