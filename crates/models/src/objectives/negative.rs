//! An objective upside down.

use crate::{Matrix, Objective, Vector};

/// -f: its maxima are the minima of f. No constants are known of it.
///
/// ```
/// use theoria_models::{Objective, Vector, objectives::{Negative, Quadratic}};
/// let f = Quadratic::diagonal(&[2.0]);
/// assert_eq!(Negative::new(&f).value(&Vector::from_element(1, 3.0)), -9.0);
/// ```
#[derive(Clone, Copy)]
pub struct Negative<'a> {
    objective: &'a dyn Objective,
}

impl<'a> Negative<'a> {
    /// Of this objective.
    pub fn new(objective: &'a dyn Objective) -> Self {
        Negative { objective }
    }
}

impl Objective for Negative<'_> {
    fn describe(&self) -> String {
        format!("minus {}", self.objective.describe())
    }

    fn dimension(&self) -> usize {
        self.objective.dimension()
    }

    fn value(&self, x: &Vector) -> f64 {
        -self.objective.value(x)
    }

    fn gradient_into(&self, x: &Vector, into: &mut Vector) {
        self.objective.gradient_into(x, into);
        into.neg_mut();
    }

    fn hessian_vector(&self, x: &Vector, direction: &Vector) -> Option<Vector> {
        self.objective.hessian_vector(x, direction).map(|image| -image)
    }

    fn hessian(&self, x: &Vector) -> Option<Matrix> {
        self.objective.hessian(x).map(|hessian| -hessian)
    }

    fn rounding(&self, x: &Vector) -> f64 {
        self.objective.rounding(x)
    }

    fn gradient_rounding(&self, x: &Vector) -> f64 {
        self.objective.gradient_rounding(x)
    }
}
