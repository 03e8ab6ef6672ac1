//! Heavy ball on quadratics with any step size and momentum.

use theoria_algorithms::HeavyBall;
use theoria_instances::Problem;
use theoria_instances::hypotheses::{quadratic, smooth, strongly_convex};
use theoria_models::Vector;
use theoria_models::objectives::Quadratic;
use theoria_verification::{Check, Claim, Constant, Family, Hypothesis, Instance};

const STEPS: usize = 200;

/// β along the slider, for κ = 100 and h = 1/L; the one of this number is shown first.
const MOMENTA: [f64; 19] = [
    0.0, 0.2, 0.4, 0.5, 0.6, 0.65, 0.7, 0.75, 0.78, 0.8, 0.81, 0.82, 0.84, 0.87, 0.9, 0.92, 0.95,
    0.97, 0.99,
];
pub(crate) const FIRST: usize = 10;

/// A problem with a step size and a momentum.
pub(crate) struct Tuned {
    problem: Problem,
    step: f64,
    momentum: f64,
}

impl AsRef<Problem> for Tuned {
    fn as_ref(&self) -> &Problem {
        &self.problem
    }
}

impl Instance for Tuned {
    fn description(&self) -> String {
        let Tuned { problem, step, momentum } = self;
        format!("{}, h = {step:.4}, β = {momentum}", problem.description())
    }

    fn constants(&self) -> Vec<Constant> {
        self.problem.constants()
    }
}

/// The name of the hypothesis.
pub(crate) const OSCILLATES: &str = "(1 − √β)² ≤ μh and Lh ≤ (1 + √β)²";

/// Every mode has complex eigenvalues, or a double one: it is not overdamped.
fn oscillates() -> Hypothesis<Tuned> {
    Hypothesis::new(OSCILLATES, |at: &Tuned, _| {
        let (low, high) =
            (at.step * at.problem.strong_convexity(), at.step * at.problem.smoothness());
        let root = at.momentum.sqrt();
        let ends = [(1.0 - root).powi(2), (1.0 + root).powi(2)];
        let slack = 1e-9;
        Check::that(
            ends[0] <= low * (1.0 + slack) && high <= ends[1] * (1.0 + slack),
            format!("[μh, Lh] = [{low:.4}, {high:.4}], within [{:.4}, {:.4}]", ends[0], ends[1]),
        )
    })
}

/// Two modes of curvature 1 and 100 with h = 1/L.
fn at_momentum(momentum: f64) -> Tuned {
    let f = Quadratic::diagonal(&[1.0, 100.0]);
    Tuned { problem: Problem::new(f, Vector::from_element(2, 1.0)), step: 0.01, momentum }
}

pub(crate) fn momenta() -> Family<Tuned> {
    Family::along("momenta along the slider", MOMENTA, at_momentum)
}

pub(crate) fn too_little_momentum() -> Family<Tuned> {
    Family::listed("too little momentum", [0.2, 0.5, 0.7, 0.78], |momentum| at_momentum(*momentum))
}

/// With the longest step that the momentum allows, from a point on the stiff mode.
pub(crate) fn longest_steps() -> Family<Tuned> {
    Family::listed("the longest step", [0.2, 0.5, 0.8], |&momentum: &f64| {
        let f = Quadratic::diagonal(&[1.0, 2.0]);
        let problem = Problem::new(f, Vector::from_row_slice(&[0.0, 1.0]));
        Tuned { problem, step: (1.0 + momentum.sqrt()).powi(2) / 2.0, momentum }
    })
}

/// `times` is 1 in the theorem.
pub(crate) fn with_any_momentum(name: &str, formula: &str, times: f64) -> Claim<Tuned> {
    Claim::bound(name, formula)
        .assuming([smooth(), strongly_convex(), quadratic(), oscillates()])
        .measuring(1..=STEPS, |at: &Tuned, steps| {
            let run = at.problem.run(HeavyBall::new(at.step, at.momentum), STEPS);
            steps.read(|n| at.problem.distance(run.at(n)))
        })
        .predicting(move |at, n| {
            let root = at.momentum.sqrt();
            let factor = 1.0 + times * (1.0 + root) * n;
            factor * root.powi(n as i32) * at.problem.distance_at_start()
        })
}
