//! Objectives that were asked for their Hessian before a run.

use crate::oracle::{CubicModel, Curvature, NewtonSystem, Oracle, Valued, ValuedExactly};
use crate::{Ensemble, Objective, Vector, cubic_model, elimination};

/// An objective with products with its Hessian: what Newton's method or conjugate gradients ask for.
///
/// An objective answers by `None` where it has no Hessian. It is asked once, before the run; where it has
/// none at a later point (at a kink, say), products are NaN, so that the run has diverged there.
///
/// ```
/// use theoria_models::Vector;
/// use theoria_models::objectives::{Linear, Quadratic};
/// use theoria_models::oracle::{Curvature, TwiceDifferentiable};
///
/// let start = Vector::from_vec(vec![1.0]);
/// let f = Quadratic::diagonal(&[3.0]);
/// let mut image = start.clone();
/// TwiceDifferentiable::new(&f, &start)?.hessian_times(&start, &start, &mut image);
/// assert_eq!(image[0], 3.0);
///
/// let plane = Linear::new(Vector::from_vec(vec![1.0]));
/// let refused = TwiceDifferentiable::new(&plane, &start).err().map(|error| error.to_string());
/// assert_eq!(refused.as_deref(), Some("linear function in dimension 1 gives no products with a Hessian at the start"));
/// # Ok::<(), theoria_models::oracle::NoHessian>(())
/// ```
#[derive(Clone, Copy)]
pub struct TwiceDifferentiable<'f> {
    objective: &'f dyn Objective,
}

/// The objective gives no products with its Hessian.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoHessian {
    objective: String,
}

impl<'f> TwiceDifferentiable<'f> {
    /// This objective, if it has a Hessian at `start`.
    ///
    /// # Errors
    /// If it has none there.
    pub fn new(objective: &'f dyn Objective, start: &Vector) -> Result<Self, NoHessian> {
        match objective.hessian_vector(start, start) {
            Some(_) => Ok(TwiceDifferentiable { objective }),
            None => Err(NoHessian { objective: objective.describe() }),
        }
    }
}

impl std::fmt::Display for NoHessian {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} gives no products with a Hessian at the start", self.objective)
    }
}

impl std::error::Error for NoHessian {}

impl Oracle<Vector> for TwiceDifferentiable<'_> {
    fn gradient(&self, at: &Vector, into: &mut Vector) {
        self.objective.gradient_into(at, into);
    }
}

impl Valued<Vector> for TwiceDifferentiable<'_> {
    fn values(&self, at: &Vector, into: &mut [f64]) {
        into[0] = self.objective.value(at);
    }
}

impl ValuedExactly<Vector> for TwiceDifferentiable<'_> {
    fn value_at(&self, at: &Vector) -> f64 {
        self.objective.value(at)
    }
}

impl Curvature<Vector> for TwiceDifferentiable<'_> {
    fn hessian_times(&self, at: &Vector, direction: &Vector, into: &mut Vector) {
        match self.objective.hessian_vector(at, direction) {
            Some(image) => into.copy_from(&image),
            None => into.fill(f64::NAN),
        }
    }
}

/// By elimination; none where the objective has no Hessian.
impl NewtonSystem<Vector> for TwiceDifferentiable<'_> {
    fn solve(&self, at: &Vector, right: &mut Vector) -> bool {
        let hessian = self.objective.hessian(at);
        match hessian.and_then(|hessian| elimination::solve(&hessian, right)) {
            Some(solution) => {
                right.copy_from(&solution);
                true
            }
            None => false,
        }
    }
}

/// By eigenvectors; none where the objective has no Hessian.
impl CubicModel<Vector> for TwiceDifferentiable<'_> {
    fn minimise_cubic(&self, at: &Vector, lipschitz: &f64, step: &mut Vector) -> bool {
        let hessian = self.objective.hessian(at);
        let solved = hessian.and_then(|hessian| {
            cubic_model::step(&self.objective.gradient_at(at), hessian, *lipschitz)
        });
        match solved {
            Some(minimiser) => {
                step.copy_from(&minimiser);
                true
            }
            None => false,
        }
    }
}

impl Oracle<Ensemble> for TwiceDifferentiable<'_> {
    fn gradient(&self, at: &Ensemble, into: &mut Ensemble) {
        self.objective.gradient_block(at, into);
    }
}

impl Valued<Ensemble> for TwiceDifferentiable<'_> {
    fn values(&self, at: &Ensemble, into: &mut [f64]) {
        self.objective.value_block(at, into);
    }
}

impl Curvature<Ensemble> for TwiceDifferentiable<'_> {
    fn hessian_times(&self, at: &Ensemble, direction: &Ensemble, into: &mut Ensemble) {
        let mut image = Vector::zeros(at.dimension());
        for trial in 0..at.trials() {
            self.hessian_times(&at.trial(trial), &direction.trial(trial), &mut image);
            into.set_trial(trial, &image);
        }
    }
}
