//! Starts and step sizes of the subgradient method.

use theoria_models::objectives::Lasso;
use theoria_models::{Matrix, Vector};
use theoria_verification::{Family, Instance};

use crate::support::penalised::{Penalised, numbers};

/// A problem with a start and a step size.
pub(crate) struct Started {
    pub(crate) problem: Penalised,
    pub(crate) start: Vector,
    pub(crate) step: f64,
}

impl Instance for Started {
    fn description(&self) -> String {
        let start = if self.start.len() <= 3 { numbers(self.start.iter()) } else { "0".into() };
        format!("{}, from {start} with h = {:.6}", self.problem.description(), self.step)
    }
}

pub(crate) fn from_zero(problem: Penalised) -> Started {
    let start = Vector::zeros(problem.solution.len());
    Started { start, step: 1.0 / problem.smoothness(), problem }
}

/// a² · 10⁻⁸ + 2|a| from 2h: the first value is on the bound, but for the square.
pub(crate) fn one_step() -> Family<Started> {
    Family::listed("nearly 2|a|", [1.0, 0.1], |&step| {
        let features = Matrix::from_element(1, 1, 1e-4);
        let lasso = Lasso::new(features, Vector::zeros(1), 2.0);
        let start = Vector::from_element(1, 2.0 * step);
        Started { problem: Penalised::new("nearly 2|a|", lasso), start, step }
    })
}

/// Large weights make F nearly λ|a|₁, where one step can attain the bound.
pub(crate) fn starts_in_numbers() -> Family<Started> {
    Family::drawn("few features and a start in numbers", |draw| {
        let d = draw.size(1..=3);
        let features = Matrix::from_fn(d, d, |_, _| draw.normal());
        let targets = Vector::from_fn(d, |_, _| draw.normal());
        let share = draw.log_uniform(0.05, 100.0);
        let problem = Penalised::at_share("drawn", features, targets, share);
        // Features may be 0.
        let step = draw.log_uniform(1e-3, 1.0) / problem.smoothness().max(1e-3);
        // In units of a step of the size that the weight gives.
        let unit = step * problem.lasso.weight();
        let start =
            &problem.solution + Vector::from_fn(d, |_, _| unit * draw.log_uniform(0.1, 10.0));
        Started { problem, start, step }
    })
}
