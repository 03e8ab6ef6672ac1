//! What a solution states before it sees a run.

use theoria_verification::Reading;

use super::setting::{Quantity, Setting};
use crate::play::Student;

/// Claims and controls for some numbers of steps.
pub(super) struct Stated {
    steps: Vec<usize>,
    claims: [Vec<f64>; 3],
    controls: [Vec<f64>; 3],
}

impl Stated {
    /// What it answers for this setting; none where it fails.
    pub(super) fn by(student: &Student, setting: &Setting, steps: &[usize]) -> Option<Self> {
        let answer = student.begin(&setting.known(steps))?;
        let list = |name: &str| student.take(answer.vector(name, steps.len()));
        let [gap, distance, gradient] = Quantity::ALL.map(|quantity| list(quantity.name()));
        let claims = [gap?, distance?, gradient?];
        let [gap, distance, gradient] =
            Quantity::ALL.map(|quantity| list(&format!("control_{}", quantity.name())));
        Some(Stated { steps: steps.into(), claims, controls: [gap?, distance?, gradient?] })
    }

    /// The bound after so many steps; no number where none was stated.
    pub(super) fn claim(&self, quantity: Quantity, steps: usize) -> f64 {
        self.of(&self.claims, quantity, steps)
    }

    pub(super) fn control(&self, quantity: Quantity, steps: usize) -> f64 {
        self.of(&self.controls, quantity, steps)
    }

    fn of(&self, lists: &[Vec<f64>; 3], quantity: Quantity, steps: usize) -> f64 {
        let place = self.steps.iter().position(|&own| own == steps);
        place.and_then(|place| lists[quantity as usize].get(place)).copied().unwrap_or(f64::NAN)
    }
}

/// What was measured, as a share of a bound. A bound that is no positive number is broken by whatever is measured.
pub(super) fn share(measured: Reading, bound: f64) -> Reading {
    if bound == f64::INFINITY && !measured.has_diverged() {
        return Reading::new(0.0, 0.0);
    }
    if bound > 0.0 { measured.scaled(1.0 / bound) } else { Reading::DIVERGED }
}
