//! The function on which no subgradient method is fast.

use crate::numerics::positive;
use crate::{Constant, Minimum, Objective, Vector};

/// f(x) = G max(max_i x_i, |x| - R (1 + 1/√d)) in dimension d (Drori, Teboulle 2016): convex with
/// subgradients of norm at most G; from 0 the nearest minimiser is x*_i = -R/√d at distance R, and
/// f* = -G R/√d.
///
/// Of several largest coordinates the subgradient takes the first, so from 0 each step lowers one more
/// coordinate, and with d = N + 1 no method sees a value below 0 within N steps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ResistingMaximum {
    lipschitz: f64,
    radius: f64,
    dimension: usize,
}

impl ResistingMaximum {
    /// With Lipschitz constant G > 0 and distance R > 0 of the minimiser, in dimension d >= 1.
    ///
    /// # Panics
    /// If G or R is not positive and finite, or the dimension 0.
    pub fn new(lipschitz: f64, radius: f64, dimension: usize) -> Self {
        positive(lipschitz, "the Lipschitz constant G");
        positive(radius, "the distance R");
        assert!(dimension > 0, "the dimension is at least 1");
        ResistingMaximum { lipschitz, radius, dimension }
    }

    fn outer(&self, x: &Vector) -> f64 {
        x.norm() - self.radius * (1.0 + 1.0 / (self.dimension as f64).sqrt())
    }
}

impl Objective for ResistingMaximum {
    fn describe(&self) -> String {
        format!("largest coordinate, in dimension {}", self.dimension)
    }

    fn dimension(&self) -> usize {
        self.dimension
    }

    fn value(&self, x: &Vector) -> f64 {
        self.lipschitz * x.max().max(self.outer(x))
    }

    fn gradient_into(&self, x: &Vector, into: &mut Vector) {
        if x.max() >= self.outer(x) {
            into.fill(0.0);
            into[x.imax()] = self.lipschitz;
        } else {
            into.copy_from(x);
            into.scale_mut(self.lipschitz / x.norm());
        }
    }

    fn rounding(&self, x: &Vector) -> f64 {
        8.0 * f64::EPSILON * self.lipschitz * (x.norm() + 2.0 * self.radius)
    }

    fn lipschitz(&self) -> Option<Constant> {
        Some(Constant::exact(self.lipschitz))
    }

    fn minimum(&self) -> Option<Minimum> {
        let depth = self.lipschitz * self.radius / (self.dimension as f64).sqrt();
        Some(Minimum::exact(-depth))
    }

    fn nearest_minimiser(&self, _x: &Vector) -> Option<Vector> {
        let coordinate = -self.radius / (self.dimension as f64).sqrt();
        Some(Vector::from_element(self.dimension, coordinate))
    }
}
