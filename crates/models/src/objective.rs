//! Functions to be minimised.

use crate::{Constant, Ensemble, Matrix, PreciseObjective, Property, Vector};

/// The minimal value of an objective.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Minimum {
    /// The minimal value f*, or a value above it by no more than `error`.
    pub value: f64,
    /// Bound on `value - f*`: 0 where f* is known by a formula.
    pub error: f64,
}

impl Minimum {
    /// A minimal value known by a formula.
    pub fn exact(value: f64) -> Self {
        Minimum { value, error: 0.0 }
    }
}

/// A function on R^d with its oracles and constants. What an objective does not know it answers
/// with `None`; a constant that it states holds everywhere, or in the ball that it
/// [names](Objective::stated_within).
///
/// ```
/// use theoria_models::{Constant, Minimum, Objective, Property, Vector};
///
/// /// cosh x: convex, but with no L.
/// struct Cosh;
///
/// impl Objective for Cosh {
///     fn describe(&self) -> String {
///         "cosh x".into()
///     }
///     fn dimension(&self) -> usize {
///         1
///     }
///     fn value(&self, x: &Vector) -> f64 {
///         x[0].cosh()
///     }
///     fn gradient_into(&self, x: &Vector, into: &mut Vector) {
///         into[0] = x[0].sinh();
///     }
///     fn strong_convexity(&self) -> Option<Constant> {
///         Some(Constant::exact(1.0))
///     }
///     fn minimum(&self) -> Option<Minimum> {
///         Some(Minimum::exact(1.0))
///     }
/// }
///
/// assert!(Cosh.constant(Property::Smoothness).is_none());
/// // Strong convexity implies the Polyak–Łojasiewicz inequality.
/// assert_eq!(Cosh.required(Property::Lojasiewicz), 1.0);
/// ```
pub trait Objective: Send + Sync {
    /// What it is, in a few words with its sizes: "least squares, 30 samples of 10 features".
    fn describe(&self) -> String;

    /// The dimension d.
    fn dimension(&self) -> usize;

    /// The value at `x`.
    fn value(&self, x: &Vector) -> f64;

    /// Writes the gradient at `x` (at a kink: one subgradient) into `into`.
    fn gradient_into(&self, x: &Vector, into: &mut Vector);

    /// The gradient at `x`.
    fn gradient_at(&self, x: &Vector) -> Vector {
        let mut gradient = Vector::zeros(self.dimension());
        self.gradient_into(x, &mut gradient);
        gradient
    }

    /// The value at `x`, and writes the gradient into `into`: the same numbers as one after the other. Objectives that
    /// compute both for the price of one override it.
    fn value_and_gradient_into(&self, x: &Vector, into: &mut Vector) -> f64 {
        self.gradient_into(x, into);
        self.value(x)
    }

    /// Gradients of many trials at once; objectives for which a block is faster override it.
    fn gradient_block(&self, at: &Ensemble, into: &mut Ensemble) {
        at.map_into(into, |x, gradient| self.gradient_into(x, gradient));
    }

    /// Values of many trials at once, one place a trial; objectives for which a block is faster
    /// override it.
    fn value_block(&self, at: &Ensemble, into: &mut [f64]) {
        at.visit(|trial, x| into[trial] = self.value(x));
    }

    /// The Hessian at `x` times `direction`, where it exists.
    fn hessian_vector(&self, x: &Vector, direction: &Vector) -> Option<Vector> {
        let _ = (x, direction);
        None
    }

    /// The Hessian at `x`, d x d and symmetric, where it exists: column by column from
    /// [`hessian_vector`](Self::hessian_vector). Objectives that know its entries override it.
    fn hessian(&self, x: &Vector) -> Option<Matrix> {
        let d = self.dimension();
        let mut hessian = Matrix::zeros(d, d);
        let mut axis = Vector::zeros(d);
        for i in 0..d {
            axis[i] = 1.0;
            hessian.set_column(i, &self.hessian_vector(x, &axis)?);
            axis[i] = 0.0;
        }
        Some((&hessian + hessian.transpose()) / 2.0)
    }

    /// Bound on the rounding error of `value(x)`, absolute: the floor below which differences of values say
    /// nothing.
    ///
    /// Unless an objective knows its own, it is the sum of two. A few ε times |f(x)|, |x||∇f(x)|, |f(0)|,
    /// |∇f(0)||x| and L|x|²: the terms of a formula in x, which may be far larger than what is left when they
    /// cancel. And sixteen times the scatter of some forty values and slopes around x, for formulas whose
    /// terms are larger still. An objective whose values are dear, or whose formula does not cancel (a sum of
    /// squares has 16 ε |f(x)|), should say so by overriding it.
    ///
    /// ```
    /// use theoria_models::{Constant, Objective, Vector};
    ///
    /// /// (x − 1)², multiplied out: its terms are of size 1 where it is 0.
    /// struct MultipliedOut;
    ///
    /// impl Objective for MultipliedOut {
    ///     fn describe(&self) -> String {
    ///         "x² − 2x + 1".into()
    ///     }
    ///     fn dimension(&self) -> usize {
    ///         1
    ///     }
    ///     fn value(&self, x: &Vector) -> f64 {
    ///         x[0] * x[0] - 2.0 * x[0] + 1.0
    ///     }
    ///     fn gradient_into(&self, x: &Vector, into: &mut Vector) {
    ///         into[0] = 2.0 * x[0] - 2.0;
    ///     }
    ///     fn smoothness(&self) -> Option<Constant> {
    ///         Some(Constant::exact(2.0))
    ///     }
    /// }
    ///
    /// let x = Vector::from_vec(vec![1.0 + 1e-5]);
    /// let error = (MultipliedOut.value(&x) - (x[0] - 1.0).powi(2)).abs();
    /// assert!(error > 1e-18 && error <= MultipliedOut.rounding(&x));
    /// assert!(MultipliedOut.rounding(&x) < 1e-13);
    /// ```
    fn rounding(&self, x: &Vector) -> f64 {
        crate::rounding::of_value(self, x)
    }

    /// Bound on the norm of the rounding error of the gradient at `x`, absolute.
    fn gradient_rounding(&self, x: &Vector) -> f64 {
        let smoothness = self.smoothness().map_or(0.0, |l| l.value);
        let at_origin = self.gradient_at(&Vector::zeros(x.len())).norm();
        let terms =
            smoothness * (1.0 + x.norm()) + if at_origin.is_finite() { at_origin } else { 0.0 };
        let size = self.gradient_at(x).norm() + terms;
        8.0 * f64::EPSILON * (self.dimension() as f64).sqrt() * size
    }

    /// If f is a sum of functions of one coordinate each, and these are quadratic between knots: the knots along each
    /// coordinate, in increasing order. Whoever looks at every piece has seen all curvatures.
    fn knots(&self) -> Option<Vec<Vec<f64>>> {
        None
    }

    /// L: see [`Property::Smoothness`].
    fn smoothness(&self) -> Option<Constant> {
        None
    }

    /// mu: see [`Property::StrongConvexity`].
    fn strong_convexity(&self) -> Option<Constant> {
        None
    }

    /// mu: see [`Property::Lojasiewicz`]. Strong convexity implies it.
    fn lojasiewicz(&self) -> Option<Constant> {
        self.strong_convexity()
    }

    /// G: see [`Property::Lipschitz`].
    fn lipschitz(&self) -> Option<Constant> {
        None
    }

    /// The ball, its centre and radius, in which the constants are stated to hold; none if that is everywhere.
    fn stated_within(&self) -> Option<(Vector, f64)> {
        None
    }

    /// The constant of a property, where the objective states one. It asks the four above, which are
    /// what an objective overrides.
    fn constant(&self, property: Property) -> Option<Constant> {
        match property {
            Property::Smoothness => self.smoothness(),
            Property::StrongConvexity => self.strong_convexity(),
            Property::Lojasiewicz => self.lojasiewicz(),
            Property::Lipschitz => self.lipschitz(),
        }
    }

    /// The value of a constant that cannot be done without.
    ///
    /// # Panics
    /// If the objective does not state it.
    fn required(&self, property: Property) -> f64 {
        let Some(constant) = self.constant(property) else {
            panic!("{} states no {property} constant", self.describe());
        };
        constant.value
    }

    /// The minimal value.
    fn minimum(&self) -> Option<Minimum> {
        None
    }

    /// A number that f is never below.
    fn bounded_below(&self) -> Option<f64> {
        self.minimum().map(|minimum| minimum.value - minimum.error)
    }

    /// The minimiser nearest to `x`.
    fn nearest_minimiser(&self, x: &Vector) -> Option<Vector> {
        let _ = x;
        None
    }

    /// The same function evaluated in higher precision, where it knows how.
    fn in_higher_precision(&self) -> Option<Box<dyn PreciseObjective + '_>> {
        None
    }
}
