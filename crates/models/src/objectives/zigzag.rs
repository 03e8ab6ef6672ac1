//! A function whose curvature alternates between L and -L.

use crate::numerics::positive;
use crate::{Constant, Minimum, Objective, Vector};

/// A function on R that is L-smooth, not convex, and on which gradient descent with step 1/L meets
/// the same gradient g > 0 at each of its first N + 1 iterates 0, -g/L, -2g/L ..., while it decreases
/// as little as smoothness allows: it attains min |∇f|² = 4 L (f(x_0) - f(x_N))/(3N)
/// (Abbaszadehpeivasti, de Klerk, Zamani 2022).
///
/// Between two iterates the slope falls with curvature L to g/2, over half the step, and rises again
/// with curvature -L. After the last iterate it falls to 0 and stays there: f(x_N) - f* = g²/(2L).
///
/// ```
/// use theoria_models::{Objective, Vector, objectives::Zigzag};
/// let f = Zigzag::new(1.0, 1.0, 3);
/// for k in 0..=3 {
///     assert_eq!(f.gradient_at(&Vector::from_vec(vec![-f64::from(k)]))[0], 1.0);
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Zigzag {
    smoothness: f64,
    slope: f64,
    steps: usize,
}

impl Zigzag {
    /// With smoothness L > 0, slope g > 0 at the iterates, and N steps.
    ///
    /// # Panics
    /// If L or g is not positive and finite.
    pub fn new(smoothness: f64, slope: f64, steps: usize) -> Self {
        positive(smoothness, "the smoothness L");
        positive(slope, "the slope g");
        Zigzag { smoothness, slope, steps }
    }

    /// Distance of two iterates, g/L, and the decrease between them, 3g²/(4L).
    fn stride(&self) -> (f64, f64) {
        let stride = self.slope / self.smoothness;
        (stride, 0.75 * self.slope * stride)
    }

    /// Value and slope at depth `depth` (in units of a stride) below the start.
    fn at(&self, depth: f64) -> (f64, f64) {
        let (stride, decrease) = self.stride();
        let (steps, g) = (self.steps as f64, self.slope);
        if depth >= steps + 1.0 {
            return (-steps * decrease - g * stride / 2.0, 0.0);
        }
        if depth <= 0.0 {
            return (-depth * stride * g, g);
        }
        let whole = depth.floor();
        let part = depth - whole;
        if whole >= steps {
            let fallen = part - part * part / 2.0;
            return (-whole * decrease - g * stride * fallen, g * (1.0 - part));
        }
        // The slope is g (1 - part) down to part = 1/2, then g part.
        let (fallen, slope) = if part <= 0.5 {
            (part - part * part / 2.0, 1.0 - part)
        } else {
            (0.25 + part * part / 2.0, part)
        };
        (-whole * decrease - g * stride * fallen, g * slope)
    }
}

impl Objective for Zigzag {
    fn describe(&self) -> String {
        format!("curvature alternating between L and −L over {} steps", self.steps)
    }

    fn dimension(&self) -> usize {
        1
    }

    fn value(&self, x: &Vector) -> f64 {
        self.at(-x[0] / self.stride().0).0
    }

    fn gradient_into(&self, x: &Vector, into: &mut Vector) {
        into[0] = self.at(-x[0] / self.stride().0).1;
    }

    fn rounding(&self, x: &Vector) -> f64 {
        let (stride, decrease) = self.stride();
        let depth = self.slope * (x[0].abs() + stride) + (self.steps as f64 + 1.0) * decrease;
        8.0 * f64::EPSILON * depth
    }

    fn smoothness(&self) -> Option<Constant> {
        Some(Constant::exact(self.smoothness))
    }

    fn minimum(&self) -> Option<Minimum> {
        let (stride, decrease) = self.stride();
        Some(Minimum::exact(-(self.steps as f64) * decrease - self.slope * stride / 2.0))
    }

    fn nearest_minimiser(&self, x: &Vector) -> Option<Vector> {
        let edge = -(self.steps as f64 + 1.0) * self.stride().0;
        Some(Vector::from_element(1, x[0].min(edge)))
    }
}
