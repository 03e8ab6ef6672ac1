//! LASSO problems with a start and a step size, for proximal gradient steps.

use theoria_models::objectives::Lasso;
use theoria_models::{Matrix, Vector};
use theoria_verification::{Check, Family, Hypothesis, Instance};

use super::penalised::{Penalised, diabetes, numbers};

/// A LASSO with a start.
pub(crate) struct Started {
    pub(crate) problem: Penalised,
    pub(crate) start: Vector,
    pub(crate) steps: usize,
    /// Step size over 1/L.
    pub(crate) step: f64,
}

impl Instance for Started {
    fn description(&self) -> String {
        let start = if self.start.len() <= 3 { numbers(self.start.iter()) } else { "0".into() };
        format!(
            "{}, from {start}, {} steps of {}/L",
            self.problem.description(),
            self.steps,
            self.step
        )
    }
}

pub(crate) fn diabetes_from_zero() -> Family<Started> {
    diabetes([0.3, 0.1]).map(|problem| Started {
        start: Vector::zeros(problem.solution.len()),
        problem,
        steps: 100,
        step: 1.0,
    })
}

/// X = (1 0), L = 2, y = 0, a_0 = (0, R), λ = LR/(2N): steps of 1/L attain the bound after N of them.
pub(crate) fn slopes(step: f64) -> Family<Started> {
    Family::listed("slopes", [(1usize, 1.0), (5, 3.0), (20, 1.0)], move |&(steps, distance)| {
        let features = Matrix::from_row_slice(1, 2, &[1.0, 0.0]);
        let lasso = Lasso::new(features, Vector::zeros(1), distance / steps as f64);
        let start = Vector::from_vec(vec![0.0, distance]);
        Started { problem: Penalised::new("X = (1 0), y = 0", lasso), start, steps, step }
    })
}

/// Weak features leave the kink alone.
pub(crate) fn starts_in_numbers() -> Family<Started> {
    Family::drawn("few features and a start in numbers", |draw| {
        let d = draw.size(1..=3);
        let weak = draw.log_uniform(1e-3, 1.0);
        let features =
            Matrix::from_fn(
                d + 1,
                d,
                |i, j| {
                    if i == 0 && j == 0 { 1.0 } else { weak * draw.normal() }
                },
            );
        let targets = Vector::from_fn(d + 1, |_, _| weak * draw.normal());
        let weight = draw.log_uniform(1e-2, 10.0);
        let problem = Penalised::new("drawn", Lasso::new(features, targets, weight));
        let start = Vector::from_fn(d, |_, _| draw.normal());
        Started { problem, start, steps: draw.size(1..=10), step: 1.0 }
    })
}

/// L > 0, without which there is no step of 1/L.
pub(crate) fn features_are_not_zero() -> Hypothesis<Started> {
    Hypothesis::new("features not all 0", |at: &Started, _| {
        Check::that(at.problem.smoothness() > 0.0, format!("L = {:.6}", at.problem.smoothness()))
    })
}

pub(crate) fn whole_steps() -> Hypothesis<Started> {
    Hypothesis::new("steps of 1/L", |at: &Started, _| {
        Check::that(at.step == 1.0, format!("h = {}/L", at.step))
    })
}
