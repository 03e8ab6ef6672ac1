//! What a method may ask of a function.
//!
//! Each trait is one kind of question, generic in the point. Every [`Objective`] answers the first
//! two for vectors and for ensembles; the others are abilities that some functions have. A method that
//! asks for one which a function lacks does not compile, and the compiler says what is missing. Whether
//! an objective has a Hessian shows only when it is asked: [`TwiceDifferentiable`] asks before the run.

use std::ops::Range;

use crate::point::Point;
use crate::{Ensemble, Objective, Vector};

pub use crate::twice_differentiable::{NoHessian, TwiceDifferentiable};

/// Gradients (at a kink: one subgradient).
#[diagnostic::on_unimplemented(
    message = "`{Self}` gives no gradients",
    label = "the method asks this for gradients",
    note = "every `Objective` gives them for vectors and ensembles; a stochastic oracle does together \
            with a generator: `Noisy::new(&source, generator)`"
)]
pub trait Oracle<P> {
    /// Writes the gradient at `at` into `into`, whatever was there before.
    fn gradient(&self, at: &P, into: &mut P);
}

/// Function values, one for each trial.
#[diagnostic::on_unimplemented(
    message = "`{Self}` gives no function values",
    label = "the method asks this for values besides gradients",
    note = "every `Objective` gives them for vectors and ensembles"
)]
pub trait Valued<P>: Oracle<P> {
    /// Writes the value at each trial of `at`; `into` has one place a trial.
    fn values(&self, at: &P, into: &mut [f64]);

    /// Both: values into `values`, gradients into `gradients`. Functions that compute them together override it.
    fn values_and_gradients(&self, at: &P, values: &mut [f64], gradients: &mut P) {
        self.values(at, values);
        self.gradient(at, gradients);
    }
}

/// Products with the Hessian.
#[diagnostic::on_unimplemented(
    message = "`{Self}` gives no products with a Hessian",
    label = "the method asks this for products with the Hessian",
    note = "ask the objective for them before the run: `TwiceDifferentiable::new(&objective, &start)`"
)]
pub trait Curvature<P> {
    /// Writes the Hessian at `at` times `direction` into `into`.
    fn hessian_times(&self, at: &P, direction: &P, into: &mut P);
}

/// Systems of linear equations with the Hessian, or with the derivative of whatever is to become 0.
#[diagnostic::on_unimplemented(
    message = "`{Self}` solves no system with its Hessian",
    label = "the method asks this for Newton's step",
    note = "an objective with a Hessian does: `TwiceDifferentiable::new(&objective, &start)`; an equation in one unknown is an \
            `Equation`"
)]
pub trait NewtonSystem<P>: Oracle<P> {
    /// Replaces `right` by the solution z of H(at) z = right. Whether there is one: not where H is singular.
    fn solve(&self, at: &P, right: &mut P) -> bool;
}

/// Minimisers of the second-order model with a cubic term, which is above the function where M is a Lipschitz constant of the Hessian.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not minimise its second-order model with a cubic term",
    label = "the method asks this for a step of cubic regularisation",
    note = "an objective with a Hessian does: `TwiceDifferentiable::new(&objective, &start)`; a function of one variable is a \
            `OneVariable`"
)]
pub trait CubicModel<P: Point> {
    /// Writes into `step` an s that minimises ∇f·s + s·H s/2 + M|s|³/6, with gradient and Hessian at `at` and M > 0. Whether there is one: not
    /// where there is no Hessian, or numbers are not finite.
    fn minimise_cubic(&self, at: &P, lipschitz: &P::Scalar, step: &mut P) -> bool;
}

/// The value as a number of the kind that scales the point: for fractions and hundreds of digits, which know whether a function falls
/// where a double does not.
#[diagnostic::on_unimplemented(
    message = "`{Self}` gives no values in the numbers of this point",
    label = "the method compares values at points",
    note = "an objective with a Hessian does: `TwiceDifferentiable::new(&objective, &start)`; a function of one variable is a \
            `OneVariable`"
)]
pub trait ValuedExactly<P: Point>: Oracle<P> {
    /// f(at)
    fn value_at(&self, at: &P) -> P::Scalar;
}

/// How the derivative of whatever is to become 0 changes.
#[diagnostic::on_unimplemented(
    message = "`{Self}` gives no second derivative of what is to become 0",
    label = "the method asks this for a second derivative",
    note = "an equation in one unknown with one is a `BentEquation`"
)]
pub trait Bend<P>: NewtonSystem<P> {
    /// Writes into `into` the second derivative at `at`, applied to `along` twice.
    fn bend(&self, at: &P, along: &P, into: &mut P);
}

/// Proximal maps.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no proximal map",
    label = "the method asks this for a proximal map",
    note = "a smooth objective with a regulariser has that of the regulariser: \
            `Composite::new(smooth, regulariser)`; without one, gradient descent and Nesterov's method \
            need gradients alone"
)]
pub trait Proximal<P: Point> {
    /// Replaces `at` by the minimiser z of `r(z) + |z - at|^2 / (2 step)`; `step` is positive.
    fn proximal(&self, step: P::Scalar, at: &mut P);
}

/// Projections onto a convex set.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no projection",
    label = "the method asks this for the projection onto a convex set",
    note = "an objective over a set has one: `Constrained::new(objective, set)`, or \
            `Restricted::new(oracle, set)` where gradients are noisy"
)]
pub trait Projection<P> {
    /// Replaces `at` by the nearest point of the set.
    fn project(&self, at: &mut P);
}

/// A linear minimisation oracle: linear functions minimised over a bounded convex set.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no linear minimisation oracle",
    label = "the method asks this for the point of a set that minimises an inner product",
    note = "an objective over a bounded set is one: `Constrained::new(objective, set)`"
)]
pub trait LinearMinimisationOracle<P> {
    /// Writes into `into` a point s of the set that minimises the inner product with `direction`.
    fn linear_minimiser(&self, direction: &P, into: &mut P);
}

/// Exact minimisation along one coordinate.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not minimised along single coordinates",
    label = "the method asks this for the minimiser along one coordinate",
    note = "the LASSO is: `Lasso::new(features, targets, weight)`"
)]
pub trait CoordinateMinimisation<P> {
    /// What is kept of a point from one coordinate to the next (a residual).
    type Kept;

    /// The number of coordinates.
    fn coordinates(&self) -> usize;

    /// What is kept of this point.
    fn keep(&self, at: &P) -> Self::Kept;

    /// Replaces coordinate j of `at` by the one that minimises the function along it, and what is kept with it.
    fn minimise_coordinate(&self, j: usize, at: &mut P, kept: &mut Self::Kept);
}

/// Coordinates that are proved to be 0 at every minimiser.
#[diagnostic::on_unimplemented(
    message = "`{Self}` proves of no coordinate that it is 0",
    label = "the method asks this which coordinates it may leave out",
    note = "the LASSO does: `Lasso::new(features, targets, weight)`; `CoordinateDescent` leaves none out"
)]
pub trait SafeScreening<P>: CoordinateMinimisation<P> {
    /// Takes those coordinates out of `active` that are 0 at every minimiser, as a duality gap proves, and makes them 0 in `at`; all that are not
    /// in `active` are 0 already. What is kept of the point is computed anew. Gives the gap of what is left, which bounds by how much the
    /// value exceeds the minimum.
    fn screen(&self, at: &mut P, kept: &mut Self::Kept, active: &mut Vec<usize>) -> f64;
}

/// Exact minimisation over one block of variables, the others fixed.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not minimised over single blocks",
    label = "the method asks this for the minimiser over one block of variables",
    note = "a low-rank completion is: `Completion::of(&matrix, width, &entries)`"
)]
pub trait BlockMinimisation<P> {
    /// The number of blocks.
    fn blocks(&self) -> usize;

    /// Replaces this block of `at` by one that minimises the function, given the other blocks.
    fn minimise_block(&self, block: usize, at: &mut P);
}

/// A linear map that depends on the point, by whose inverse gradients are scaled.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no preconditioner",
    label = "the method asks this for a scaling of the gradient",
    note = "a low-rank completion has: `Completion::of(&matrix, width, &entries)`"
)]
pub trait Preconditioner<P> {
    /// Replaces `gradient` by P(at)⁻¹ `gradient`. Whether there is an inverse.
    fn precondition(&self, at: &P, gradient: &mut P) -> bool;
}

/// Gradients as differences of two parts that are not negative where the point is not.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not split its gradient",
    label = "the method asks this for the positive and the negative part of the gradient",
    note = "a factorisation without negative entries does: `NonnegativeFactorisation::new(matrix, width)`"
)]
pub trait SplitGradient<P> {
    /// Which coordinates belong to each block.
    fn blocks(&self) -> Vec<Range<usize>>;

    /// Of this block of the gradient the part that is added and the one that is taken off.
    fn split(&self, block: usize, at: &P) -> (P, P);
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

    fn values_and_gradients(&self, at: &Vector, values: &mut [f64], gradients: &mut Vector) {
        values[0] = self.value_and_gradient_into(at, gradients);
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
