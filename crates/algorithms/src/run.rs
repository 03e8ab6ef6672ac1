//! Running a method: iterates, and divergence as an outcome.

use std::ops::ControlFlow;

use theoria_models::Vector;
use theoria_models::point::PerTrial;

use crate::Method;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// All steps were made.
    Finished,
    /// The observer had seen enough after this many steps.
    Stopped {
        /// Number of steps made.
        step: usize,
    },
    /// A coordinate became non-finite, or larger than [`RUNAWAY`] in absolute value.
    Diverged {
        /// The first step after which that was so.
        step: usize,
    },
}

/// Beyond this size squares of coordinates overflow, and nothing comes back.
pub const RUNAWAY: f64 = 1e150;

/// Makes `steps` steps from `x`, and shows `observe` the number of steps made and the point: first
/// the start, then the point after each step, until it breaks, the steps are made, or the run
/// diverges. A point that has diverged is not shown.
pub fn iterate<P: PerTrial, O: ?Sized>(
    mut method: impl Method<P, O>,
    oracle: &O,
    x: &mut P,
    steps: usize,
    mut observe: impl FnMut(usize, &P) -> ControlFlow<()>,
) -> Outcome {
    for step in 0..=steps {
        if step > 0 {
            method.step(oracle, x);
        }
        let magnitude = x.magnitude();
        if magnitude.is_nan() || magnitude > RUNAWAY {
            return Outcome::Diverged { step };
        }
        if observe(step, x).is_break() {
            return Outcome::Stopped { step };
        }
    }
    Outcome::Finished
}

/// All iterates of a run.
#[derive(Debug, Clone)]
pub struct Trajectory {
    points: Vec<Vector>,
    outcome: Outcome,
}

impl Trajectory {
    /// Makes `steps` steps from `start` and keeps every iterate.
    ///
    /// # Panics
    /// If the start itself is not finite.
    pub fn of<O: ?Sized>(
        method: impl Method<Vector, O>,
        oracle: &O,
        start: &Vector,
        steps: usize,
    ) -> Self {
        let mut points = Vec::with_capacity(steps + 1);
        let outcome = iterate(method, oracle, &mut start.clone(), steps, |_, x| {
            points.push(x.clone());
            ControlFlow::Continue(())
        });
        assert!(!points.is_empty(), "a run starts at a finite point");
        Trajectory { points, outcome }
    }

    /// The iterate after `step` steps; none if the run had diverged by then, or was shorter.
    pub fn at(&self, step: usize) -> Option<&Vector> {
        self.points.get(step)
    }

    /// The iterates up to divergence, the start first.
    pub fn points(&self) -> &[Vector] {
        &self.points
    }

    /// The last finite iterate.
    pub fn last(&self) -> &Vector {
        &self.points[self.points.len() - 1]
    }

    /// The step at which the run diverged, if it did.
    pub fn divergence(&self) -> Option<usize> {
        match self.outcome {
            Outcome::Diverged { step } => Some(step),
            Outcome::Finished | Outcome::Stopped { .. } => None,
        }
    }
}
