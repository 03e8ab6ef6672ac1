//! Instances that compute in higher precision.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use theoria_algorithms::{Iterate, PreciseMethod, Trajectory};
use theoria_models::point::Point;
use theoria_models::{Objective, PreciseObjective, Vector, Wide};

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

/// A point that a run in higher precision came to, with all its digits, and the function that is read there.
pub(crate) struct Digits<'a> {
    f: Box<dyn PreciseObjective + 'a>,
    x: &'a Wide,
}

impl<'a> Digits<'a> {
    pub(crate) fn of(f: &'a dyn Objective, x: &Iterate<'a>) -> Option<Self> {
        Some(Digits { x: x.precise()?, f: f.in_higher_precision()? })
    }

    /// f(x) less this number.
    pub(crate) fn value_above(&self, level: f64) -> f64 {
        (self.f.value(self.x.coordinates()) - level.into()).nearest()
    }

    /// f(x) - f(y).
    pub(crate) fn decrease(&self, y: &Self) -> f64 {
        (self.f.value(self.x.coordinates()) - y.f.value(y.x.coordinates())).nearest()
    }

    /// |∇f(x)|.
    pub(crate) fn slope(&self) -> f64 {
        let mut gradient = self.x.zero_like();
        self.f.gradient_into(self.x.coordinates(), gradient.coordinates_mut());
        gradient.size()
    }
}

/// |x - y|.
pub(crate) fn distance(x: &Wide, y: &Vector) -> f64 {
    let mut offset = x.clone();
    offset.axpy((-1.0).into(), &y.into());
    offset.size()
}
