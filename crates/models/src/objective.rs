//! Functions to be minimised.

use crate::{Constant, Ensemble, Vector};

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
/// with `None`; a constant that it states holds everywhere unless its documentation says where.
///
/// ```
/// use theoria_models::{Constant, Minimum, Objective, Vector};
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
/// assert!(Cosh.smoothness().is_none());
/// // Strong convexity implies the Polyak–Łojasiewicz inequality.
/// assert_eq!(Cosh.lojasiewicz().unwrap().value, 1.0);
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

    /// Gradients of many trials at once; objectives for which a block is faster override it.
    fn gradient_block(&self, at: &Ensemble, into: &mut Ensemble) {
        let mut gradient = Vector::zeros(self.dimension());
        for trial in 0..at.trials() {
            self.gradient_into(&at.trial(trial), &mut gradient);
            into.set_trial(trial, &gradient);
        }
    }

    /// Values of many trials at once, one place a trial; objectives for which a block is faster
    /// override it.
    fn value_block(&self, at: &Ensemble, into: &mut [f64]) {
        for (trial, value) in into.iter_mut().enumerate() {
            *value = self.value(&at.trial(trial));
        }
    }

    /// The Hessian at `x` times `direction`, where it exists.
    fn hessian_vector(&self, x: &Vector, direction: &Vector) -> Option<Vector> {
        let _ = (x, direction);
        None
    }

    /// Bound on the rounding error of `value(x)`, absolute.
    fn rounding(&self, x: &Vector) -> f64 {
        16.0 * f64::EPSILON * self.value(x).abs()
    }

    /// Bound on the norm of the rounding error of the gradient at `x`, absolute.
    fn gradient_rounding(&self, x: &Vector) -> f64 {
        let smoothness = self.smoothness().map_or(0.0, |l| l.value);
        let size = self.gradient_at(x).norm() + smoothness * (1.0 + x.norm());
        8.0 * f64::EPSILON * (self.dimension() as f64).sqrt() * size
    }

    /// L with |∇f(x) - ∇f(y)| <= L |x - y|.
    fn smoothness(&self) -> Option<Constant> {
        None
    }

    /// mu > 0 with f - mu|x|²/2 convex.
    fn strong_convexity(&self) -> Option<Constant> {
        None
    }

    /// mu > 0 with |∇f(x)|² >= 2 mu (f(x) - f*).
    fn lojasiewicz(&self) -> Option<Constant> {
        self.strong_convexity()
    }

    /// G with |g| <= G for every subgradient g.
    fn lipschitz(&self) -> Option<Constant> {
        None
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
}
