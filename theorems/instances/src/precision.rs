//! Instances that compute in higher precision.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use theoria_algorithms::{PreciseMethod, Trajectory};
use theoria_models::{PreciseObjective, Vector};

/// Whether an instance runs methods in higher precision, and whether it could run them all so.
#[derive(Debug, Clone, Default)]
pub(crate) struct Precision(Option<Arc<Runs>>);

/// What was run, on the instance and its clones.
#[derive(Debug, Default)]
struct Runs {
    precise: AtomicBool,
    in_doubles: AtomicBool,
}

impl Precision {
    /// That of an instance in higher precision, where nothing has run yet.
    pub(crate) fn higher() -> Self {
        Precision(Some(Arc::default()))
    }

    /// The run, where it is to be in higher precision and both parts of it can be.
    pub(crate) fn run<'f>(
        &self,
        method: impl FnOnce() -> Option<Box<dyn PreciseMethod>>,
        objective: impl FnOnce() -> Option<Box<dyn PreciseObjective + 'f>>,
        start: &Vector,
        steps: usize,
    ) -> Option<Trajectory> {
        let runs = self.0.as_deref()?;
        let run = method().zip(objective()).map(|(method, objective)| {
            Trajectory::in_higher_precision(method, &*objective, start, steps)
        });
        let kind = if run.is_some() { &runs.precise } else { &runs.in_doubles };
        kind.store(true, Ordering::Relaxed);
        run
    }

    /// Whether something was run, and all in higher precision.
    pub(crate) fn attained(&self) -> bool {
        self.0.as_deref().is_some_and(|runs| {
            runs.precise.load(Ordering::Relaxed) && !runs.in_doubles.load(Ordering::Relaxed)
        })
    }
}
