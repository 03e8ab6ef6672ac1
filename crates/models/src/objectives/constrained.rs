//! Smooth objectives over a simple convex set.

use std::sync::Arc;

use super::Misstated;
use crate::numerics::DoubleDouble;
use crate::oracle::{LinearMinimisationOracle, Oracle, Projection};
use crate::sets::{ConvexSet, PreciseProjection};
use crate::{Ensemble, Minimum, Objective, PreciseObjective, Property, Vector};

/// Minimise f over a convex set. As an oracle it answers with the gradient of f, the projection onto
/// the set, and the minimisers of linear functions over it (a linear minimisation oracle).
///
/// ```
/// use theoria_models::{Vector, objectives::{Constrained, SquaredNorm}, sets::Simplex};
/// let problem = Constrained::new(SquaredNorm::new(2), Simplex::new(1.0));
/// // Over the simplex the linear part of |x|² at a vertex falls by 2 on the way to the other one.
/// assert_eq!(problem.frank_wolfe_gap(&Vector::from_vec(vec![1.0, 0.0])), 2.0);
/// ```
#[derive(Clone)]
pub struct Constrained {
    smooth: Arc<dyn Objective>,
    set: Arc<dyn ConvexSet>,
    solution: Option<(Vector, Minimum)>,
}

impl Constrained {
    /// This objective over this set.
    pub fn new(smooth: impl Objective + 'static, set: impl ConvexSet + 'static) -> Self {
        Constrained { smooth: Arc::new(smooth), set: Arc::new(set), solution: None }
    }

    /// The same smooth part over another set, of whose minimiser nothing is said.
    #[must_use]
    pub fn over(&self, set: impl ConvexSet + 'static) -> Self {
        Constrained { smooth: Arc::clone(&self.smooth), set: Arc::new(set), solution: None }
    }

    /// The same problem with a known minimiser and minimal value.
    #[must_use]
    pub fn minimal_at(mut self, minimiser: Vector, minimum: Minimum) -> Self {
        self.solution = Some((minimiser, minimum));
        self
    }

    /// The same problem, of whose smooth part this constant is said.
    #[must_use]
    pub fn stating(mut self, property: Property, value: f64) -> Self {
        self.smooth = Arc::new(Misstated::new(self.smooth, property, value));
        self
    }

    /// The objective f.
    pub fn smooth(&self) -> &Arc<dyn Objective> {
        &self.smooth
    }

    /// The set.
    pub fn set(&self) -> &dyn ConvexSet {
        &*self.set
    }

    /// The minimal value over the set, if it is known.
    pub fn minimum(&self) -> Option<Minimum> {
        self.solution.as_ref().map(|(_, minimum)| *minimum)
    }

    /// A minimiser over the set, if one is known.
    pub fn minimiser(&self) -> Option<&Vector> {
        self.solution.as_ref().map(|(minimiser, _)| minimiser)
    }

    /// The Frank–Wolfe gap max ∇f(x)·(x - s) over the set, which for convex f is at least
    /// f(x) - f* (Jaggi 2013).
    pub fn frank_wolfe_gap(&self, x: &Vector) -> f64 {
        let gradient = self.smooth.gradient_at(x);
        let vertex = self.set.linear_minimiser(&gradient);
        gradient.dot(&(x - vertex))
    }

    /// The same in higher precision, where objective and set know how.
    pub fn in_higher_precision(&self) -> Option<Box<dyn PreciseObjective + '_>> {
        let smooth = self.smooth.in_higher_precision()?;
        Some(Box::new(PreciselyConstrained { smooth, project: self.set.precise_projection()? }))
    }

    /// Objective and set, in a few words.
    pub fn describe(&self) -> String {
        format!("{} over the {}", self.smooth.describe(), self.set.describe())
    }
}

/// A constrained objective in higher precision.
struct PreciselyConstrained<'a> {
    smooth: Box<dyn PreciseObjective + 'a>,
    project: Box<PreciseProjection<'a>>,
}

impl PreciseObjective for PreciselyConstrained<'_> {
    fn value(&self, x: &[DoubleDouble]) -> DoubleDouble {
        self.smooth.value(x)
    }

    fn gradient_into(&self, x: &[DoubleDouble], into: &mut [DoubleDouble]) {
        self.smooth.gradient_into(x, into);
    }

    fn project(&self, x: &mut [DoubleDouble]) {
        (self.project)(x);
    }
}

impl Oracle<Vector> for Constrained {
    fn gradient(&self, at: &Vector, into: &mut Vector) {
        self.smooth.gradient_into(at, into);
    }
}

impl Oracle<Ensemble> for Constrained {
    fn gradient(&self, at: &Ensemble, into: &mut Ensemble) {
        self.smooth.gradient_block(at, into);
    }
}

impl Projection<Vector> for Constrained {
    fn project(&self, at: &mut Vector) {
        self.set.project(at);
    }
}

impl Projection<Ensemble> for Constrained {
    fn project(&self, at: &mut Ensemble) {
        self.set.project_block(at);
    }
}

impl LinearMinimisationOracle<Vector> for Constrained {
    fn linear_minimiser(&self, direction: &Vector, into: &mut Vector) {
        into.copy_from(&self.set.linear_minimiser(direction));
    }
}

impl LinearMinimisationOracle<Ensemble> for Constrained {
    fn linear_minimiser(&self, direction: &Ensemble, into: &mut Ensemble) {
        for trial in 0..direction.trials() {
            into.set_trial(trial, &self.set.linear_minimiser(&direction.trial(trial)));
        }
    }
}
