//! Valleys of prescribed normal Hessian.

use crate::trigonometry::sin_cos_block;
use crate::{Ensemble, Minimum, Objective, Vector};
use theoria_elementary::{cos, exp, sin, sin_cos};

/// One eigenvalue of the normal Hessian, h(x) = level exp(amplitude cos(x − phase)).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Width {
    /// Geometric mean of h over a period, positive.
    pub level: f64,
    /// Half the logarithm of the ratio of its extremes.
    pub amplitude: f64,
    /// Where h is largest, if the amplitude is positive; in radians.
    pub phase: f64,
}

impl Width {
    /// h(x).
    pub fn at(&self, x: f64) -> f64 {
        self.level * exp(self.amplitude * cos(x - self.phase))
    }
}

/// f(x, y) = Σ_i h_i(x) y_i²/2 for x on the line (of period 2π) and y in R^k: the minimisers are the line
/// y = 0, with normal Hessian diag(h_1(x), ..., h_k(x)). Points are (x, y_1, ..., y_k).
///
/// Where noise spends its time along the bottom: [`Occupation`](crate::stochastic::Occupation). With one width, the
/// density h^(-1/2) is von Mises: exp(−(amplitude/2) cos(x − phase)) over 2π I_0(amplitude/2).
///
/// ```
/// use theoria_models::{Objective, Vector, objectives::{PeriodicValley, Width}};
/// let f = PeriodicValley::new(vec![Width { level: 2.0, amplitude: 1.0, phase: 0.0 }]);
/// assert!((f.value(&Vector::from_vec(vec![0.0, 1.0])) - 1f64.exp()).abs() < 1e-15);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct PeriodicValley {
    widths: Vec<Width>,
}

impl PeriodicValley {
    /// With these eigenvalues of the normal Hessian, one a normal direction.
    ///
    /// # Panics
    /// If there is none, or a level is not positive.
    pub fn new(widths: Vec<Width>) -> Self {
        assert!(!widths.is_empty(), "at least one normal direction");
        assert!(widths.iter().all(|w| w.level > 0.0), "levels are positive");
        PeriodicValley { widths }
    }

    /// f = h(x)|y|²/2 with y in R^codimension.
    ///
    /// # Panics
    /// If the codimension is 0, or the level not positive.
    pub fn radial(width: Width, codimension: usize) -> Self {
        Self::new(vec![width; codimension])
    }

    /// The number k of normal directions.
    pub fn codimension(&self) -> usize {
        self.widths.len()
    }

    /// h_1(x), ..., h_k(x).
    pub fn normal_eigenvalues(&self, x: f64) -> Vec<f64> {
        self.widths.iter().map(|width| width.at(x)).collect()
    }
}

impl Objective for PeriodicValley {
    fn describe(&self) -> String {
        format!("periodic valley of codimension {}", self.codimension())
    }

    fn dimension(&self) -> usize {
        1 + self.codimension()
    }

    fn value(&self, point: &Vector) -> f64 {
        let squares = point.iter().skip(1).zip(&self.widths);
        squares.map(|(y, width)| width.at(point[0]) * y * y / 2.0).sum()
    }

    fn gradient_into(&self, point: &Vector, into: &mut Vector) {
        let x = point[0];
        into[0] = 0.0;
        for (i, width) in self.widths.iter().enumerate() {
            let (h, y) = (width.at(x), point[1 + i]);
            into[0] -= width.amplitude * sin(x - width.phase) * h * y * y / 2.0;
            into[1 + i] = h * y;
        }
    }

    /// Direction by direction, all trials side by side.
    fn gradient_block(&self, at: &Ensemble, into: &mut Ensemble) {
        into.numbers_mut().fill(0.0);
        let mut along = vec![0.0; at.trials()];
        let (mut angles, mut sines, mut cosines) = (along.clone(), along.clone(), along.clone());
        for (i, width) in self.widths.iter().enumerate() {
            for (angle, x) in angles.iter_mut().zip(at.coordinate(0)) {
                *angle = x - width.phase;
            }
            sin_cos_block(&angles, &mut sines, &mut cosines);
            let bends = along.iter_mut().zip(sines.iter().zip(&cosines));
            let slopes = into.coordinate_mut(1 + i).iter_mut().zip(at.coordinate(1 + i));
            for ((along, (sin, cos)), (slope, y)) in bends.zip(slopes) {
                let h = width.level * exp(width.amplitude * cos);
                *along -= width.amplitude * sin * h * y * y / 2.0;
                *slope = h * y;
            }
        }
        into.coordinate_mut(0).copy_from_slice(&along);
    }

    fn value_block(&self, at: &Ensemble, into: &mut [f64]) {
        into.fill(0.0);
        for (i, width) in self.widths.iter().enumerate() {
            let points = at.coordinate(0).iter().zip(at.coordinate(1 + i));
            for (value, (x, y)) in into.iter_mut().zip(points) {
                *value += width.at(*x) * y * y / 2.0;
            }
        }
    }

    fn hessian_vector(&self, point: &Vector, direction: &Vector) -> Option<Vector> {
        let x = point[0];
        let mut image = Vector::zeros(self.dimension());
        for (i, width) in self.widths.iter().enumerate() {
            let (h, y) = (width.at(x), point[1 + i]);
            let (sin, cos) = sin_cos(x - width.phase);
            let slope = -width.amplitude * sin * h;
            let bend = width.amplitude * h * (width.amplitude * sin * sin - cos);
            image[0] += bend * y * y / 2.0 * direction[0] + slope * y * direction[1 + i];
            image[1 + i] = slope * y * direction[0] + h * direction[1 + i];
        }
        Some(image)
    }

    fn rounding(&self, point: &Vector) -> f64 {
        // x - phase is off by its rounding, and the exponential by that times the amplitude.
        let relative = |w: &Width| w.amplitude.abs() * (2.0 + point[0].abs() + w.phase.abs());
        let amplified = self.widths.iter().map(relative).fold(0.0, f64::max);
        (16.0 + self.codimension() as f64 + amplified) * f64::EPSILON * self.value(point)
    }

    fn minimum(&self) -> Option<Minimum> {
        Some(Minimum::exact(0.0))
    }

    fn nearest_minimiser(&self, point: &Vector) -> Option<Vector> {
        let mut bottom = Vector::zeros(self.dimension());
        bottom[0] = point[0];
        Some(bottom)
    }
}
