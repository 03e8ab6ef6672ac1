//! A cube of the distance on a quadratic.

use crate::numerics::positive;
use crate::{Matrix, Minimum, Objective, Vector};

/// f(x) = c|x|²/2 + M|x|³/6 - b·x, whose Hessian (c + M|x|/2) I + M x xᵀ/(2|x|) has the Lipschitz constant M, exactly.
///
/// With c < 0 and b = 0 there is a maximum at 0, surrounded by minimisers at the distance -2c/M; with c >= 0 it is convex.
///
/// ```
/// use theoria_models::{Objective, Vector, objectives::DistanceCubed};
/// let f = DistanceCubed::new(-1.0, 2.0, Vector::zeros(2));
/// let least = Vector::from_vec(vec![0.6, 0.8]);
/// assert!(f.gradient_at(&least).norm() < 1e-15 && f.value(&least) < 0.0);
/// ```
#[derive(Debug, Clone)]
pub struct DistanceCubed {
    curvature: f64,
    lipschitz: f64,
    slope: Vector,
}

impl DistanceCubed {
    /// With c of any sign, M > 0 and b.
    ///
    /// # Panics
    /// If M is not positive and finite.
    pub fn new(curvature: f64, lipschitz: f64, slope: Vector) -> Self {
        positive(lipschitz, "M");
        DistanceCubed { curvature, lipschitz, slope }
    }

    /// The distance r of the minimisers from 0: c r + M r²/2 = |b|.
    fn distance(&self) -> f64 {
        let root = (self.curvature.powi(2) + 2.0 * self.lipschitz * self.slope.norm()).sqrt();
        (root - self.curvature) / self.lipschitz
    }
}

impl Objective for DistanceCubed {
    fn describe(&self) -> String {
        let (c, m, d) = (self.curvature, self.lipschitz, self.slope.len());
        format!("{c}|x|²/2 + {m}|x|³/6 − b·x with |b| = {} in dimension {d}", self.slope.norm())
    }

    fn dimension(&self) -> usize {
        self.slope.len()
    }

    fn value(&self, x: &Vector) -> f64 {
        let r = x.norm();
        r * r * (self.curvature / 2.0 + self.lipschitz * r / 6.0) - self.slope.dot(x)
    }

    fn gradient_into(&self, x: &Vector, into: &mut Vector) {
        into.copy_from(&self.slope);
        into.axpy(self.curvature + self.lipschitz * x.norm() / 2.0, x, -1.0);
    }

    fn hessian_vector(&self, x: &Vector, direction: &Vector) -> Option<Vector> {
        let r = x.norm();
        let mut image = direction * (self.curvature + self.lipschitz * r / 2.0);
        if r > 0.0 {
            image.axpy(self.lipschitz * x.dot(direction) / (2.0 * r), x, 1.0);
        }
        Some(image)
    }

    fn hessian(&self, x: &Vector) -> Option<Matrix> {
        let (r, d) = (x.norm(), x.len());
        let round = Matrix::identity(d, d) * (self.curvature + self.lipschitz * r / 2.0);
        let outwards = if r > 0.0 { self.lipschitz / (2.0 * r) } else { 0.0 };
        Some(round + x * x.transpose() * outwards)
    }

    fn rounding(&self, x: &Vector) -> f64 {
        let r = x.norm();
        let terms = r * r * (self.curvature.abs() + self.lipschitz * r) + self.slope.norm() * r;
        16.0 * f64::EPSILON * terms
    }

    fn minimum(&self) -> Option<Minimum> {
        let r = self.distance();
        let value =
            r * r * (self.curvature / 2.0 + self.lipschitz * r / 6.0) - self.slope.norm() * r;
        Some(Minimum::exact(value))
    }

    fn nearest_minimiser(&self, x: &Vector) -> Option<Vector> {
        // All directions are as good where there is no slope.
        let towards = if self.slope.norm() > 0.0 { &self.slope } else { x };
        let unit = towards.try_normalize(0.0);
        Some(unit.map_or_else(
            || Vector::from_fn(x.len(), |i, _| if i == 0 { self.distance() } else { 0.0 }),
            |unit| unit * self.distance(),
        ))
    }
}
