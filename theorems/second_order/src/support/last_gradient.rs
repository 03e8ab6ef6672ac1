//! An objective that knows its last gradient.

use std::sync::{Mutex, PoisonError};

use theoria_models::{Objective, Vector};

/// The same function. Where a run is watched, the gradient that a method asks for at an iterate is the one that was looked at there, and is not
/// computed twice. It is for methods: of rounding and constants it knows nothing, which its objective is to be asked for.
pub(crate) struct LastGradient<'a> {
    objective: &'a dyn Objective,
    last: Mutex<Option<(Vector, Vector)>>,
}

impl<'a> LastGradient<'a> {
    pub(crate) fn of(objective: &'a dyn Objective) -> Self {
        LastGradient { objective, last: Mutex::new(None) }
    }
}

impl Objective for LastGradient<'_> {
    fn describe(&self) -> String {
        self.objective.describe()
    }

    fn dimension(&self) -> usize {
        self.objective.dimension()
    }

    fn value(&self, x: &Vector) -> f64 {
        self.objective.value(x)
    }

    fn gradient_into(&self, x: &Vector, into: &mut Vector) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, gradient)) = last.as_ref().filter(|(at, _)| at == x) {
            into.copy_from(gradient);
            return;
        }
        self.objective.gradient_into(x, into);
        *last = Some((x.clone(), into.clone()));
    }

    fn value_and_gradient_into(&self, x: &Vector, into: &mut Vector) -> f64 {
        let value = self.objective.value_and_gradient_into(x, into);
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some((x.clone(), into.clone()));
        value
    }
}
