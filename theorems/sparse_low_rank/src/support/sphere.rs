//! Steps uphill on the sphere, each followed by division by the norm.

use theoria_algorithms::{ProjectedGradient, Trajectory};
use theoria_models::Vector;
use theoria_models::oracle::{Oracle, Projection};
use theoria_verification::{Case, Check, Claim, Family, Hypothesis};

/// How many steps are looked at.
const STEPS: usize = 20;

/// -x·Ax/2 on the sphere, A with two modes, and a step size.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OnSphere {
    pub(crate) modes: [f64; 2],
    pub(crate) step: f64,
    start: [f64; 2],
}

impl Oracle<Vector> for OnSphere {
    fn gradient(&self, at: &Vector, into: &mut Vector) {
        *into = Vector::from_vec(vec![-self.modes[0] * at[0], -self.modes[1] * at[1]]);
    }
}

impl Projection<Vector> for OnSphere {
    fn project(&self, at: &mut Vector) {
        at.normalize_mut();
    }
}

impl OnSphere {
    /// Of the angle to the first mode, at the start and after each step.
    fn tangents(&self) -> Vec<f64> {
        let start = Vector::from_vec(self.start.to_vec());
        let run = Trajectory::of(ProjectedGradient::new(self.step), self, &start, STEPS);
        run.points().iter().map(|x| x[1] / x[0]).collect()
    }
}

fn cases<const N: usize>(name: &str, starts: [[f64; 2]; N]) -> Family<Case<OnSphere>> {
    let modes = [([3.0, 2.0], 0.5), ([1.0, 0.1], 0.2), ([5.0, 0.0], 0.1)];
    let all: Vec<OnSphere> = starts
        .iter()
        .flat_map(|&start| modes.map(|(modes, step)| OnSphere { modes, step, start }))
        .collect();
    Family::listed(name, all, |at| {
        let description = format!("l = {:?}, h = {}, from {:?}", at.modes, at.step, at.start);
        Case::new(description, *at)
    })
}

/// The tangent after each step over that before.
pub(crate) fn factor_on_the_sphere() -> Claim<Case<OnSphere>> {
    let meets = Hypothesis::new("start beside the first mode", |at: &Case<OnSphere>, _| {
        Check::at_least(at.start[0].abs(), 1e-3, "first coordinate of the start")
    });
    Claim::identity("factor_on_the_sphere", "tan falls by (1 + h l₂)/(1 + h l₁) in a step", 1e-10)
        .assuming([meets])
        .on(cases("two modes", [[0.6, 0.8], [-0.8, 0.6]]))
        .measuring(1..=STEPS, |at: &Case<OnSphere>, steps| {
            let tangents = at.tangents();
            steps.read(|n| tangents[n] / tangents[n - 1])
        })
        .predicting(|at, _| (1.0 + at.step * at.modes[1]) / (1.0 + at.step * at.modes[0]))
}
