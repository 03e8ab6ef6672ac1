//! The smallest model with a curve of minimisers of different sharpness.

use crate::stochastic::{FiniteSum, SquaredLoss};
use crate::{Ensemble, Minimum, Objective, Vector};

/// f(x, y) = (x y - target)²/2: one sample, fitted on a hyperbola, where the Hessian has the eigenvalues
/// 0 and x² + y².
///
/// A step of size η along any stochastic gradient g (y, x), g a number, multiplies x² - y² by 1 - η² g²
/// exactly, so that noise leads to the flattest minimiser.
///
/// ```
/// use theoria_models::{Objective, Vector, objectives::ProductFit};
/// let f = ProductFit::new(1.0);
/// assert_eq!(f.value(&Vector::from_vec(vec![4.0, 0.25])), 0.0);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ProductFit {
    target: f64,
}

impl ProductFit {
    /// With this target.
    pub fn new(target: f64) -> Self {
        ProductFit { target }
    }

    fn residual(self, x: &Vector) -> f64 {
        x[0] * x[1] - self.target
    }
}

impl Objective for ProductFit {
    fn describe(&self) -> String {
        format!("(xy − {})²/2", self.target)
    }

    fn dimension(&self) -> usize {
        2
    }

    fn value(&self, x: &Vector) -> f64 {
        self.residual(x).powi(2) / 2.0
    }

    fn gradient_into(&self, x: &Vector, into: &mut Vector) {
        let residual = self.residual(x);
        (into[0], into[1]) = (residual * x[1], residual * x[0]);
    }

    fn gradient_block(&self, at: &Ensemble, into: &mut Ensemble) {
        into.numbers_mut().fill(0.0);
        self.add_sample_gradients(&vec![0; at.trials()], 1.0, at, into);
    }

    fn hessian_vector(&self, x: &Vector, direction: &Vector) -> Option<Vector> {
        let mixed = self.residual(x) + x[0] * x[1];
        Some(Vector::from_vec(vec![
            x[1] * x[1] * direction[0] + mixed * direction[1],
            mixed * direction[0] + x[0] * x[0] * direction[1],
        ]))
    }

    fn rounding(&self, x: &Vector) -> f64 {
        let each = f64::EPSILON * ((x[0] * x[1]).abs() + self.target.abs());
        each * (self.residual(x).abs() + each) + 16.0 * f64::EPSILON * self.value(x)
    }

    fn minimum(&self) -> Option<Minimum> {
        Some(Minimum::exact(0.0))
    }
}

impl FiniteSum for ProductFit {
    fn samples(&self) -> usize {
        1
    }

    fn sample_value(&self, _sample: usize, x: &Vector) -> f64 {
        self.value(x)
    }

    fn sample_gradient_into(&self, _sample: usize, x: &Vector, into: &mut Vector) {
        self.gradient_into(x, into);
    }

    fn add_sample_gradients(
        &self,
        samples: &[u32],
        weight: f64,
        at: &Ensemble,
        into: &mut Ensemble,
    ) {
        let pairs = at.coordinate(0).iter().zip(at.coordinate(1));
        let weights: Vec<f64> = pairs.map(|(x, y)| weight * (x * y - self.target)).collect();
        self.add_residual_gradients(samples, &weights, at, into);
    }
}

impl SquaredLoss for ProductFit {
    fn add_residual_gradients(
        &self,
        _samples: &[u32],
        weights: &[f64],
        at: &Ensemble,
        into: &mut Ensemble,
    ) {
        for (coordinate, other) in [(0, 1), (1, 0)] {
            let pairs = weights.iter().zip(at.coordinate(other));
            for (slope, (weight, other)) in into.coordinate_mut(coordinate).iter_mut().zip(pairs) {
                *slope += weight * other;
            }
        }
    }
}
