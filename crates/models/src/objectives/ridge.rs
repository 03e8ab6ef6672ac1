//! A ridge on any objective.

use crate::numerics::not_negative;
use crate::{Constant, Matrix, Objective, Vector};

/// f(x) + λ|x|²/2: gradient descent on it is gradient descent on f with weight decay.
///
/// ```
/// use theoria_models::{Objective, Vector, objectives::{Quadratic, Ridge}};
/// let f = Quadratic::diagonal(&[2.0]);
/// let g = Ridge::new(&f, 0.5);
/// assert_eq!(g.gradient_at(&Vector::from_element(1, 4.0))[0], 10.0);
/// assert_eq!(g.smoothness().unwrap().value, 2.5);
/// ```
#[derive(Clone, Copy)]
pub struct Ridge<'a> {
    objective: &'a dyn Objective,
    weight: f64,
}

impl<'a> Ridge<'a> {
    /// With this weight λ.
    ///
    /// # Panics
    /// If λ is negative or not finite.
    pub fn new(objective: &'a dyn Objective, weight: f64) -> Self {
        not_negative(weight, "the ridge λ");
        Ridge { objective, weight }
    }

    fn raised(&self, constant: Option<Constant>) -> Option<Constant> {
        constant.map(|c| Constant { value: c.value + self.weight, ..c })
    }
}

impl Objective for Ridge<'_> {
    fn describe(&self) -> String {
        format!("{}, ridge {}", self.objective.describe(), self.weight)
    }

    fn dimension(&self) -> usize {
        self.objective.dimension()
    }

    fn value(&self, x: &Vector) -> f64 {
        self.objective.value(x) + self.weight * x.norm_squared() / 2.0
    }

    fn gradient_into(&self, x: &Vector, into: &mut Vector) {
        self.objective.gradient_into(x, into);
        into.axpy(self.weight, x, 1.0);
    }

    fn hessian_vector(&self, x: &Vector, direction: &Vector) -> Option<Vector> {
        let image = self.objective.hessian_vector(x, direction)?;
        Some(image + direction * self.weight)
    }

    fn hessian(&self, x: &Vector) -> Option<Matrix> {
        let mut hessian = self.objective.hessian(x)?;
        for i in 0..hessian.nrows() {
            hessian[(i, i)] += self.weight;
        }
        Some(hessian)
    }

    fn rounding(&self, x: &Vector) -> f64 {
        self.objective.rounding(x) + 4.0 * f64::EPSILON * self.weight * x.norm_squared()
    }

    fn stated_within(&self) -> Option<(Vector, f64)> {
        self.objective.stated_within()
    }

    fn smoothness(&self) -> Option<Constant> {
        self.raised(self.objective.smoothness())
    }

    fn strong_convexity(&self) -> Option<Constant> {
        self.raised(self.objective.strong_convexity())
    }

    fn bounded_below(&self) -> Option<f64> {
        self.objective.bounded_below()
    }
}
