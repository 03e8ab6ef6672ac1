//! Sums of functions of one coordinate each.

use super::PiecewiseQuadratic;
use super::piecewise_quadratic::PrecisePieces;
use crate::numerics::DoubleDouble;
use crate::{Constant, Minimum, Objective, PreciseObjective, Vector};
use theoria_elementary::hypot;

/// f(x) = Σ f_i(x_i) with f* = 0.
///
/// L and G are those of the parts, L the largest and G the norm of all; mu is the smallest, and so is the
/// Polyak–Łojasiewicz constant, since both sides of its inequality are sums over the parts.
///
/// ```
/// use theoria_models::{Objective, Vector, objectives::{PiecewiseQuadratic, Separable}};
/// let parabola = |curvature| PiecewiseQuadratic::with_curvatures(&[], &[curvature], 0.0);
/// let f = Separable::new(vec![parabola(1.0), parabola(4.0)]);
/// assert_eq!(f.value(&Vector::from_vec(vec![2.0, 1.0])), 4.0);
/// assert_eq!(f.smoothness().unwrap().value, 4.0);
/// assert_eq!(f.strong_convexity().unwrap().value, 1.0);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Separable {
    parts: Vec<PiecewiseQuadratic>,
}

impl Separable {
    /// The sum of these, one for each coordinate.
    ///
    /// # Panics
    /// If there is none.
    pub fn new(parts: Vec<PiecewiseQuadratic>) -> Self {
        assert!(!parts.is_empty(), "at least one part");
        Separable { parts }
    }

    /// Each part with its coordinate.
    fn with<'a>(&'a self, x: &'a Vector) -> impl Iterator<Item = (&'a PiecewiseQuadratic, Vector)> {
        self.parts.iter().zip(x.iter()).map(|(part, &x)| (part, Vector::from_element(1, x)))
    }

    /// What `join` makes of a constant of all parts, if all have it.
    fn joined(
        &self,
        constant: impl Fn(&PiecewiseQuadratic) -> Option<Constant>,
        start: f64,
        join: impl Fn(f64, f64) -> f64,
    ) -> Option<Constant> {
        let values: Option<Vec<f64>> =
            self.parts.iter().map(|part| constant(part).map(|constant| constant.value)).collect();
        values.map(|values| Constant::exact(values.into_iter().fold(start, join)))
    }
}

impl Objective for Separable {
    fn describe(&self) -> String {
        let parts = self.parts.iter().enumerate();
        let told = parts.map(|(i, part)| format!("f_{}: {}", i + 1, part.describe()));
        format!("Σ f_i(x_i), {}", told.collect::<Vec<_>>().join("; "))
    }

    fn dimension(&self) -> usize {
        self.parts.len()
    }

    fn value(&self, x: &Vector) -> f64 {
        self.with(x).map(|(part, x)| part.value(&x)).sum()
    }

    fn gradient_into(&self, x: &Vector, into: &mut Vector) {
        for (slope, (part, x)) in into.iter_mut().zip(self.with(x)) {
            *slope = part.gradient_at(&x)[0];
        }
    }

    fn hessian_vector(&self, x: &Vector, direction: &Vector) -> Option<Vector> {
        let unit = Vector::from_element(1, 1.0);
        let curvatures: Option<Vec<f64>> =
            self.with(x).map(|(part, x)| part.hessian_vector(&x, &unit).map(|h| h[0])).collect();
        curvatures.map(|curvatures| Vector::from_vec(curvatures).component_mul(direction))
    }

    fn rounding(&self, x: &Vector) -> f64 {
        let adding = self.parts.len() as f64 * f64::EPSILON * self.value(x);
        self.with(x).map(|(part, x)| part.rounding(&x)).sum::<f64>() + adding
    }

    fn knots(&self) -> Option<Vec<Vec<f64>>> {
        let each: Option<Vec<Vec<Vec<f64>>>> = self.parts.iter().map(Objective::knots).collect();
        each.map(|each| each.into_iter().flatten().collect())
    }

    fn smoothness(&self) -> Option<Constant> {
        self.joined(PiecewiseQuadratic::smoothness, 0.0, f64::max)
    }

    fn strong_convexity(&self) -> Option<Constant> {
        self.joined(PiecewiseQuadratic::strong_convexity, f64::INFINITY, f64::min)
    }

    fn lojasiewicz(&self) -> Option<Constant> {
        self.joined(PiecewiseQuadratic::lojasiewicz, f64::INFINITY, f64::min)
    }

    fn lipschitz(&self) -> Option<Constant> {
        self.joined(PiecewiseQuadratic::lipschitz, 0.0, hypot)
    }

    fn minimum(&self) -> Option<Minimum> {
        Some(Minimum::exact(0.0))
    }

    fn nearest_minimiser(&self, x: &Vector) -> Option<Vector> {
        let places: Option<Vec<f64>> =
            self.with(x).map(|(part, x)| part.nearest_minimiser(&x).map(|x| x[0])).collect();
        places.map(Vector::from_vec)
    }

    fn in_higher_precision(&self) -> Option<Box<dyn PreciseObjective + '_>> {
        Some(Box::new(PreciseSum(self.parts.iter().map(PrecisePieces::of).collect())))
    }
}

/// The parts in higher precision.
struct PreciseSum(Vec<PrecisePieces>);

impl PreciseObjective for PreciseSum {
    fn value(&self, x: &[DoubleDouble]) -> DoubleDouble {
        let parts = self.0.iter().zip(x);
        parts.fold(DoubleDouble::default(), |sum, (part, &x)| sum + part.value_at(x))
    }

    fn gradient_into(&self, x: &[DoubleDouble], into: &mut [DoubleDouble]) {
        for ((part, &x), slope) in self.0.iter().zip(x).zip(into) {
            *slope = part.slope_at(x);
        }
    }
}
