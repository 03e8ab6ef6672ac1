//! What a method may ask of a function.
//!
//! Each trait is one kind of question, generic in the point. Every [`Objective`] answers the first
//! two for vectors and for ensembles.

use crate::{Ensemble, Objective, Vector};

/// Gradients (at a kink: one subgradient).
pub trait Oracle<P> {
    /// Writes the gradient at `at` into `into`, whatever was there before.
    fn gradient(&self, at: &P, into: &mut P);
}

/// Function values, one for each trial.
pub trait Valued<P>: Oracle<P> {
    /// Writes the value at each trial of `at`; `into` has one place a trial.
    fn values(&self, at: &P, into: &mut [f64]);
}

/// Products with the Hessian.
pub trait Curvature<P> {
    /// Writes the Hessian at `at` times `direction` into `into`.
    fn hessian_times(&self, at: &P, direction: &P, into: &mut P);
}

/// Proximal maps.
pub trait Proximal<P> {
    /// Replaces `at` by the minimiser z of `r(z) + |z - at|^2 / (2 step)`; `step` is positive.
    fn proximal(&self, step: f64, at: &mut P);
}

/// Projections onto a convex set.
pub trait Projection<P> {
    /// Replaces `at` by the nearest point of the set.
    fn project(&self, at: &mut P);
}

/// A linear minimisation oracle: linear functions minimised over a bounded convex set.
pub trait LinearMinimisationOracle<P> {
    /// Writes into `into` a point s of the set that minimises the inner product with `direction`.
    fn linear_minimiser(&self, direction: &P, into: &mut P);
}

impl<F: Objective + ?Sized> Oracle<Vector> for F {
    fn gradient(&self, at: &Vector, into: &mut Vector) {
        self.gradient_into(at, into);
    }
}

impl<F: Objective + ?Sized> Valued<Vector> for F {
    fn values(&self, at: &Vector, into: &mut [f64]) {
        into[0] = self.value(at);
    }
}

/// # Panics
/// If the objective has no Hessian.
impl<F: Objective + ?Sized> Curvature<Vector> for F {
    fn hessian_times(&self, at: &Vector, direction: &Vector, into: &mut Vector) {
        let Some(image) = self.hessian_vector(at, direction) else {
            panic!("{} has no Hessian", self.describe());
        };
        into.copy_from(&image);
    }
}

/// # Panics
/// If the objective has no Hessian.
impl<F: Objective + ?Sized> Curvature<Ensemble> for F {
    fn hessian_times(&self, at: &Ensemble, direction: &Ensemble, into: &mut Ensemble) {
        let mut image = Vector::zeros(at.dimension());
        for trial in 0..at.trials() {
            self.hessian_times(&at.trial(trial), &direction.trial(trial), &mut image);
            into.set_trial(trial, &image);
        }
    }
}

impl<F: Objective + ?Sized> Oracle<Ensemble> for F {
    fn gradient(&self, at: &Ensemble, into: &mut Ensemble) {
        self.gradient_block(at, into);
    }
}

impl<F: Objective + ?Sized> Valued<Ensemble> for F {
    fn values(&self, at: &Ensemble, into: &mut [f64]) {
        self.value_block(at, into);
    }
}
