//! A valley of varying width along a circle.

use crate::trigonometry::sin_cos_block;
use crate::{Ensemble, Minimum, Objective, Vector};
use theoria_elementary::{cos, sin, sin_cos};

/// f(x, y) = h(x) |y|²/2 with h(x) = 1 + a cos x, for x on the line (of period 2π) and y in R^k: the
/// minimisers are the line y = 0, along which the normal Hessian h(x) I varies. |a| < 1.
///
/// ```
/// use theoria_models::{Objective, Vector, objectives::Valley};
/// let f = Valley::new(0.8, 2);
/// assert_eq!(f.value(&Vector::from_vec(vec![0.0, 1.0, 1.0])), 1.8);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Valley {
    amplitude: f64,
    normal: usize,
}

impl Valley {
    /// With amplitude a and k = `normal` directions across.
    ///
    /// # Panics
    /// If |a| is not below 1.
    pub fn new(amplitude: f64, normal: usize) -> Self {
        assert!(amplitude.abs() < 1.0, "a valley is convex across");
        Valley { amplitude, normal }
    }

    /// h(x), the curvature across the valley.
    pub fn curvature(&self, x: f64) -> f64 {
        1.0 + self.amplitude * cos(x)
    }

    fn across(&self, at: &Ensemble, into: &mut [f64]) {
        into.fill(0.0);
        for coordinate in 1..at.dimension() {
            for (square, y) in into.iter_mut().zip(at.coordinate(coordinate)) {
                *square += y * y;
            }
        }
    }
}

impl Objective for Valley {
    fn describe(&self) -> String {
        format!("valley (1 + {} cos x)|y|²/2, y in dimension {}", self.amplitude, self.normal)
    }

    fn dimension(&self) -> usize {
        1 + self.normal
    }

    fn value(&self, x: &Vector) -> f64 {
        self.curvature(x[0]) * x.rows(1, self.normal).norm_squared() / 2.0
    }

    fn gradient_into(&self, x: &Vector, into: &mut Vector) {
        let curvature = self.curvature(x[0]);
        let square = x.rows(1, self.normal).norm_squared();
        into[0] = -self.amplitude * sin(x[0]) * square / 2.0;
        for coordinate in 1..=self.normal {
            into[coordinate] = curvature * x[coordinate];
        }
    }

    fn gradient_block(&self, at: &Ensemble, into: &mut Ensemble) {
        let (mut sines, mut curvatures) = (vec![0.0; at.trials()], vec![0.0; at.trials()]);
        sin_cos_block(at.coordinate(0), &mut sines, &mut curvatures);
        for curvature in &mut curvatures {
            *curvature = 1.0 + self.amplitude * *curvature;
        }
        self.across(at, into.coordinate_mut(0));
        for (slope, sine) in into.coordinate_mut(0).iter_mut().zip(&sines) {
            *slope *= -self.amplitude * sine / 2.0;
        }
        for coordinate in 1..=self.normal {
            let pairs = curvatures.iter().zip(at.coordinate(coordinate));
            for (slope, (curvature, y)) in into.coordinate_mut(coordinate).iter_mut().zip(pairs) {
                *slope = curvature * y;
            }
        }
    }

    fn value_block(&self, at: &Ensemble, into: &mut [f64]) {
        self.across(at, into);
        for (value, x) in into.iter_mut().zip(at.coordinate(0)) {
            *value *= self.curvature(*x) / 2.0;
        }
    }

    fn hessian_vector(&self, x: &Vector, direction: &Vector) -> Option<Vector> {
        let (sine, cosine) = sin_cos(x[0]);
        let (y, across) = (x.rows(1, self.normal), direction.rows(1, self.normal));
        let mut product = direction * (1.0 + self.amplitude * cosine);
        product[0] = -self.amplitude
            * (cosine * y.norm_squared() / 2.0 * direction[0] + sine * y.dot(&across));
        for coordinate in 1..=self.normal {
            product[coordinate] -= self.amplitude * sine * direction[0] * x[coordinate];
        }
        Some(product)
    }

    fn rounding(&self, x: &Vector) -> f64 {
        // 1 + a cos x may cancel.
        let across = x.rows(1, self.normal).norm_squared() / 2.0;
        (16.0 + self.normal as f64) * f64::EPSILON * self.value(x) + 4.0 * f64::EPSILON * across
    }

    fn minimum(&self) -> Option<Minimum> {
        Some(Minimum::exact(0.0))
    }

    fn nearest_minimiser(&self, x: &Vector) -> Option<Vector> {
        let mut minimiser = Vector::zeros(x.len());
        minimiser[0] = x[0];
        Some(minimiser)
    }
}
