//! Steepest descent with exact line search.

use theoria_models::point::Point;
use theoria_models::{Vector, Wide};

use crate::precise::in_doubles;
use crate::{LineSearch, Method, PreciseMethod, Scratch};

/// x ← x - h ∇f(x) with the h >= 0 that minimises f along the ray, for convex f (Cauchy 1847).
///
/// For μ-strongly convex and L-smooth f every step takes the gap to the minimum to at most ((κ - 1)/(κ + 1))²
/// of what it was, κ = L/μ.
///
/// On vectors the oracle searches with as many gradients as it needs, so it moves no ensembles: nothing
/// would be shared in a block.
///
/// ```
/// use theoria_algorithms::{ExactLineSearch, Method};
/// use theoria_models::{Vector, objectives::Quadratic};
///
/// let f = Quadratic::diagonal(&[5.0]);
/// let mut x = Vector::from_vec(vec![1.0]);
/// ExactLineSearch::default().step(&f, &mut x);
/// assert!(x[0].abs() < 1e-15);
/// ```
#[derive(Debug, Clone)]
pub struct ExactLineSearch<P: Point = Vector> {
    step_size: Option<P::Scalar>,
    gradient: Scratch<P>,
}

impl<P: Point> ExactLineSearch<P> {
    /// The step size of the last step, if one was made and is a number.
    pub fn step_size(&self) -> Option<P::Scalar> {
        self.step_size.clone()
    }
}

impl<P: Point> Default for ExactLineSearch<P> {
    fn default() -> Self {
        ExactLineSearch { step_size: None, gradient: Scratch::default() }
    }
}

impl<P: Point, O: LineSearch<P> + ?Sized> Method<P, O> for ExactLineSearch<P> {
    fn step(&mut self, oracle: &O, x: &mut P) {
        let gradient = self.gradient.like(x);
        oracle.gradient(x, gradient);
        if let Some(step_size) = oracle.search_along(gradient, self.step_size.clone(), x) {
            self.step_size = Some(step_size);
        }
    }

    fn in_higher_precision(&self) -> Option<Box<dyn PreciseMethod>> {
        // Whose step sizes are no doubles has no such form.
        in_doubles::<_, Option<f64>>(&self.step_size)?.is_none().then_some(())?;
        Some(Box::new(ExactLineSearch::<Wide>::default()))
    }
}
