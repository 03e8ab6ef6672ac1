//! Neurons of two-layer networks, seen as particles.

use std::f64::consts::PI;

use rand::{Rng, RngExt};

use super::Activation;
use crate::{Matrix, Vector};
use theoria_elementary::{cos, sin};

/// A neuron x ↦ a φ(w·x).
#[derive(Debug, Clone, PartialEq)]
pub struct Particle {
    /// The outer weight a.
    pub outer: f64,
    /// The inner weights w.
    pub inner: Vector,
}

impl Particle {
    /// A particle in the plane at this angle, of |w| = 1.
    pub fn at_angle(angle: f64, outer: f64) -> Self {
        Particle { outer, inner: Vector::from_vec(vec![cos(angle), sin(angle)]) }
    }

    /// Particles in the plane with directions uniform on an arc of this centre and half-width (π for
    /// the whole circle), |w| = 1 and a = 1 or -1 with equal probability.
    pub fn on_arc<R: Rng + ?Sized>(
        particles: usize,
        centre: f64,
        half_width: f64,
        rng: &mut R,
    ) -> Vec<Self> {
        let mut draw = || {
            let angle = centre + half_width * (2.0 * rng.random::<f64>() - 1.0);
            let outer = if rng.random::<bool>() { 1.0 } else { -1.0 };
            Particle::at_angle(angle, outer)
        };
        (0..particles).map(|_| draw()).collect()
    }

    /// a φ(w·x).
    pub fn value(&self, activation: Activation, x: &Vector) -> f64 {
        self.outer * activation.value(self.inner.dot(x))
    }
}

/// `samples` points evenly on the unit circle, N x 2, one a row.
pub fn circle(samples: usize) -> Matrix {
    Matrix::from_fn(samples, 2, |k, i| {
        let angle = 2.0 * PI * k as f64 / samples as f64;
        if i == 0 { cos(angle) } else { sin(angle) }
    })
}
