#![doc = include_str!("task.md")]

mod factors;
mod mutants;
mod places;
mod reference;
#[expect(unreachable_pub, reason = "it is handed out as it is")]
mod stub;
mod targets;

use theoria_verification::{Claim, Figure, Hypothesis, Reading, Readings, Theorem};

use crate::assignment::{Assignment, Check, Part, Stubs};
use crate::play::Student;
use places::{Place, Square};
use targets::{Eigenvector, Target};

const TASK: &str = include_str!("task.md");
/// How far from a saddle descent begins, ...
const NUDGE: f64 = 1e-8;
/// ... and by how much it is followed away: so little that products of two deviations do not count.
const GROWTH: f64 = 1e3;
/// The steps after which that is measured.
const CHECKPOINTS: [usize; 6] = [1, 2, 4, 8, 16, 32];
/// Steps after which the factors themselves are looked at.
const FEW: usize = 3;
/// Steps that have found the best matrix by far.
const LONG: usize = 1000;

/// The assignment.
pub fn assignment() -> Assignment {
    Assignment {
        name: "matrix_factorisation",
        title: "Descent on a matrix factorisation",
        theorem: "sparse_low_rank/matrix_factorisation_landscape",
        task: TASK,
        stubs: Stubs { rust: include_str!("stub.rs"), python: include_str!("stub.py") },
        public: Part {
            checks: &[
                Check {
                    name: "curvature",
                    title: "at critical points the curvature along eigenvectors is that of the theorem",
                    points: 3,
                    at: "k =",
                },
                Check {
                    name: "escape",
                    title: "from near a saddle it goes away by a factor 1 + h|λ| a step",
                    points: 3,
                    at: "step",
                },
            ],
            claims: public,
        },
        hidden: Part {
            checks: &[
                Check {
                    name: "curvature_elsewhere",
                    title: "the curvature at points, with weights and along directions that you do not see",
                    points: 3,
                    at: "direction",
                },
                Check {
                    name: "best",
                    title: "from starts that you do not see its steps are those of descent, and it comes to the best matrix of rank k",
                    points: 4,
                    at: "step",
                },
                Check {
                    name: "weights",
                    title: "with weights it ends where the theorem says, at a local minimum too",
                    points: 3,
                    at: "step",
                },
            ],
            claims: hidden,
        },
        hints: &[
            "Write the matrix R with the entries w (UV − A) first: both gradients are products of it with a factor, and the sizes leave no choice which.",
            "∂f/∂U = R Vᵀ and ∂f/∂V = Uᵀ R. Both are taken at the same point, before either factor moves.",
            "For the curvature write out (U + tD_U)(V + tD_V) = UV + t (…) + t² D_U D_V, and collect what stands at t² in the square of its difference from A.",
            "With C = D_U V + U D_V the curvature is Σ w C² + 2 Σ R (D_U D_V), entry by entry. Only the second sum can be negative.",
        ],
        success: "Every saddle here has a way down, and descent finds it without being told; a few entries that count less are enough to make a trap. \
                  Whether the factors \
                  that it finds are balanced is another story, which the start decides.",
        told_case_by_case: &[],
        reference: || Box::new(reference::Factors),
        stub: || Box::new(stub::Mine),
        mutants: mutants::MUTANTS,
    }
}

fn public(student: &Student) -> Theorem {
    Theorem::new("assignments/matrix_factorisation", TASK)
        .claim(curvature(student))
        .claim(escape(student))
        .figure(
            Figure::semilog("escape", "step N", "|x_N − x|/|x₀ − x|")
                .of("escape")
                .caption("How your factors leave saddles: by the same factor at every step, the larger the steeper the way down is."),
        )
}

fn hidden(student: &Student) -> Theorem {
    Theorem::new("assignments/matrix_factorisation_hidden", TASK)
        .claim(curvature_elsewhere(student))
        .claim(best(student))
        .claim(weights(student))
}

fn curvature(student: &Student) -> Claim<Eigenvector> {
    let student = student.clone();
    Claim::identity(
        "curvature",
        "D·∇²f D = λ |D|² for an eigenvector D of ∇²f, with λ = s_i ± s_t, 2 s_i or ± s_t",
        1e-6,
    )
    .assuming([targets::distinct()])
    .on(targets::eigenvectors())
    .measuring_each(move |it: &Eigenvector| {
        let seen = it.curvature_by(&student);
        Readings::at(it.as_ref().rank(), Reading::new(seen, 1e-9))
    })
    .predicting(|it, _| it.curvature())
}

fn escape(student: &Student) -> Claim<Target> {
    let student = student.clone();
    Claim::identity("escape", "|x_N − x| = (1 + h|λ|)ᴺ |x₀ − x|", 1e-3)
        .assuming([targets::distinct()])
        .on(targets::saddles())
        .measuring_each(move |target: &Target| {
            let (loss, saddle, (along, _)) =
                (target.loss(), target.critical_point(), target.steepest());
            let start = saddle.moved(NUDGE, &along);
            let followed = CHECKPOINTS.into_iter().filter(|&n| grown(target, n as f64) < GROWTH);
            followed
                .map(|n| {
                    let end = loss.descended(&student, &start, target.step(), n);
                    let away = end.map_or(f64::NAN, |end| end.distance(&saddle));
                    (n, Reading::new(away / NUDGE, 1e-5))
                })
                .collect()
        })
        .predicting(grown)
}

fn grown(target: &Target, n: f64) -> f64 {
    (1.0 + target.step() * target.steepest().1.abs()).powf(n)
}

fn curvature_elsewhere(student: &Student) -> Claim<Place> {
    let student = student.clone();
    Claim::identity(
        "curvature_elsewhere",
        "the curvature is d²/dt² f(U + tD_U, V + tD_V) at 0 (the deviation is 0)",
        1e-6,
    )
    .assuming([Hypothesis::by_construction(
        "any point",
        "the loss is a polynomial of degree 4 along every line",
    )])
    .on(places::anywhere())
    .on(places::weighted())
    .measuring_each(move |place: &Place| {
        Readings::at(1, Reading::new(place.deviation(&student), 1e-8))
    })
    .predicting(|_, _| 0.0)
}

fn best(student: &Student) -> Claim<Target> {
    let student = student.clone();
    Claim::identity(
        "best",
        "from a random start: 3 steps lead where descent leads (the deviation is 0), and (f − min f)/|A|² = 0 after 1000",
        1e-6,
    )
    .assuming([targets::distinct()])
    .on(targets::random_starts())
    .measuring_each(move |target: &Target| {
        let (loss, start, step) = (target.loss(), target.start(), target.step());
        let [near, far] = [FEW, LONG].map(|steps| loss.descended(&student, &start, step, steps));
        let off = near.map_or(f64::NAN, |near| loss.distance_from_descent(&start, step, FEW, &near));
        let gap = far.map_or(f64::NAN, |far| target.gap(&far));
        [(FEW, off), (LONG, gap)]
            .into_iter()
            .map(|(steps, is)| (steps, Reading::new(is, 1e-12)))
            .collect()
    })
    .predicting(|_, _| 0.0)
}

fn weights(student: &Student) -> Claim<Square> {
    let student = student.clone();
    Claim::identity(
        "weights",
        "in the end f = w (1 + e)²/(1 + w) for w < 1/(1 + 2e), else w (1 − e)²/(1 + w)",
        1e-6,
    )
    .assuming([places::clear()])
    .on(places::squares())
    .measuring_each(move |square: &Square| {
        Readings::at(LONG, Reading::new(square.end_by(&student, LONG), 1e-9))
    })
    .predicting(|square, _| square.predicted())
}
