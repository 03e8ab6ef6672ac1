//! The Huber function, on which gradient descent is slowest.

use crate::numerics::{DoubleDouble, positive};
use crate::{Constant, Minimum, Objective, PreciseObjective, Vector};

/// f(x) = L x²/2 for |x| <= width, else L width |x| - L width²/2, on R: convex and L-smooth.
///
/// With the right width it attains the bound of gradient descent after a given number of steps
/// (Drori, Teboulle 2014), since all iterates stay on its slope.
///
/// ```
/// use theoria_models::{Objective, Vector, objectives::Huber};
/// let f = Huber::new(2.0, 0.5);
/// assert_eq!(f.value(&Vector::from_vec(vec![0.5])), 0.25);
/// assert_eq!(f.value(&Vector::from_vec(vec![-2.0])), 1.75);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Huber {
    smoothness: f64,
    width: f64,
}

impl Huber {
    /// With smoothness L and the half-width of its quadratic part, both positive.
    ///
    /// # Panics
    /// If one of them is not positive and finite.
    pub fn new(smoothness: f64, width: f64) -> Self {
        positive(smoothness, "the smoothness L");
        positive(width, "the half-width");
        Huber { smoothness, width }
    }
}

impl Objective for Huber {
    fn describe(&self) -> String {
        format!("Huber function of smoothness {} and width {:.6}", self.smoothness, self.width)
    }

    fn dimension(&self) -> usize {
        1
    }

    fn value(&self, x: &Vector) -> f64 {
        let (size, width) = (x[0].abs(), self.width);
        if size <= width {
            self.smoothness * size * size / 2.0
        } else {
            self.smoothness * width * (size - width / 2.0)
        }
    }

    fn gradient_into(&self, x: &Vector, into: &mut Vector) {
        into[0] = self.smoothness * x[0].clamp(-self.width, self.width);
    }

    fn hessian_vector(&self, x: &Vector, direction: &Vector) -> Option<Vector> {
        let curvature = if x[0].abs() <= self.width { self.smoothness } else { 0.0 };
        Some(direction * curvature)
    }

    fn rounding(&self, x: &Vector) -> f64 {
        16.0 * f64::EPSILON * self.value(x)
    }

    fn smoothness(&self) -> Option<Constant> {
        Some(Constant::exact(self.smoothness))
    }

    fn lipschitz(&self) -> Option<Constant> {
        Some(Constant::exact(self.smoothness * self.width))
    }

    fn minimum(&self) -> Option<Minimum> {
        Some(Minimum::exact(0.0))
    }

    fn nearest_minimiser(&self, _x: &Vector) -> Option<Vector> {
        Some(Vector::zeros(1))
    }

    fn in_higher_precision(&self) -> Option<Box<dyn PreciseObjective + '_>> {
        Some(Box::new(PreciseHuber(*self)))
    }
}

/// The same in higher precision.
struct PreciseHuber(Huber);

impl PreciseObjective for PreciseHuber {
    fn value(&self, x: &[DoubleDouble]) -> DoubleDouble {
        let (size, width) = (x[0].abs(), DoubleDouble::from(self.0.width));
        let half = DoubleDouble::from(self.0.smoothness / 2.0);
        if size <= width { half * size * size } else { half * width * (size + size - width) }
    }

    fn gradient_into(&self, x: &[DoubleDouble], into: &mut [DoubleDouble]) {
        into[0] = DoubleDouble::from(self.0.smoothness) * x[0].clamp(-self.0.width, self.0.width);
    }
}
