//! Random trigonometric sums on a quadratic: smooth and not convex.

use crate::numerics::not_negative;
use crate::point::Point;
use crate::trigonometry::sin_cos_block;
use crate::{Constant, Ensemble, Objective, Vector};
use theoria_elementary::{cos, sin};

/// f(x) = curvature |x|²/2 + Σ_k a_k sin(w_k·x + p_k).
///
/// L = curvature + Σ |a_k| |w_k|² and f >= -Σ |a_k| are certified by the triangle inequality.
///
/// ```
/// use theoria_models::{Objective, Vector, objectives::Trigonometric};
/// let f = Trigonometric::new(0.1, 2).with_wave(0.5, Vector::from_vec(vec![3.0, 4.0]), 0.0);
/// assert!((f.smoothness().unwrap().value - (0.1 + 0.5 * 25.0)).abs() < 1e-12);
/// ```
#[derive(Debug, Clone)]
pub struct Trigonometric {
    curvature: f64,
    waves: Vec<Wave>,
    dimension: usize,
}

/// One term a sin(w·x + p).
#[derive(Debug, Clone)]
struct Wave {
    amplitude: f64,
    direction: Vector,
    phase: f64,
}

impl Trigonometric {
    /// Without waves: with this curvature >= 0 in this dimension.
    ///
    /// # Panics
    /// If the curvature is negative or not finite.
    pub fn new(curvature: f64, dimension: usize) -> Self {
        not_negative(curvature, "the curvature");
        Trigonometric { curvature, waves: Vec::new(), dimension }
    }

    /// Adds the wave a sin(w·x + p); w has the objective's dimension.
    #[must_use]
    pub fn with_wave(mut self, amplitude: f64, direction: Vector, phase: f64) -> Self {
        self.waves.push(Wave { amplitude, direction, phase });
        self
    }
}

impl Objective for Trigonometric {
    fn describe(&self) -> String {
        format!("{} waves on a quadratic, dimension {}", self.waves.len(), self.dimension)
    }

    fn dimension(&self) -> usize {
        self.dimension
    }

    fn value(&self, x: &Vector) -> f64 {
        let wave = |w: &Wave| w.amplitude * sin(w.direction.dot(x) + w.phase);
        self.curvature * x.norm_squared() / 2.0 + self.waves.iter().map(wave).sum::<f64>()
    }

    fn gradient_into(&self, x: &Vector, into: &mut Vector) {
        into.copy_from(x);
        into.scale_mut(self.curvature);
        for w in &self.waves {
            let slope = w.amplitude * cos(w.direction.dot(x) + w.phase);
            into.axpy(slope, &w.direction, 1.0);
        }
    }

    /// Wave by wave, all trials side by side.
    fn gradient_block(&self, at: &Ensemble, into: &mut Ensemble) {
        into.numbers_mut().copy_from_slice(at.numbers());
        into.scale(self.curvature);
        let mut angles = vec![0.0; at.trials()];
        let (mut sines, mut cosines) = (angles.clone(), angles.clone());
        for w in &self.waves {
            angles.fill(w.phase);
            for (coordinate, part) in w.direction.iter().enumerate() {
                for (angle, x) in angles.iter_mut().zip(at.coordinate(coordinate)) {
                    *angle += part * x;
                }
            }
            sin_cos_block(&angles, &mut sines, &mut cosines);
            for (coordinate, part) in w.direction.iter().enumerate() {
                let weight = w.amplitude * part;
                for (slope, cosine) in into.coordinate_mut(coordinate).iter_mut().zip(&cosines) {
                    *slope += weight * cosine;
                }
            }
        }
    }

    fn hessian_vector(&self, x: &Vector, direction: &Vector) -> Option<Vector> {
        let mut image = direction * self.curvature;
        for w in &self.waves {
            let bend = -w.amplitude * sin(w.direction.dot(x) + w.phase);
            image.axpy(bend * w.direction.dot(direction), &w.direction, 1.0);
        }
        Some(image)
    }

    fn rounding(&self, x: &Vector) -> f64 {
        let terms: f64 = self.waves.iter().map(|w| w.amplitude.abs()).sum();
        16.0 * f64::EPSILON * (self.curvature * x.norm_squared() + terms * (1.0 + x.norm()))
    }

    fn smoothness(&self) -> Option<Constant> {
        let bend = |w: &Wave| w.amplitude.abs() * w.direction.norm_squared();
        let waves: f64 = self.waves.iter().map(bend).sum();
        Some(Constant::certified(self.curvature + waves))
    }

    fn bounded_below(&self) -> Option<f64> {
        Some(-self.waves.iter().map(|w| w.amplitude.abs()).sum::<f64>())
    }
}
