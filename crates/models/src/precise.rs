//! Functions at points of higher precision.

use crate::Wide;
use crate::numerics::DoubleDouble;
use crate::oracle::{Oracle, Projection, Proximal, Valued};
use crate::point::Scalar;

/// A function, all of whose numbers are as given, evaluated with some thirty digits: what an [`Objective`](crate::Objective) is [in
/// higher precision](crate::Objective::in_higher_precision). As an oracle it answers for [`Wide`] points.
pub trait PreciseObjective {
    /// The value at `x`.
    fn value(&self, x: &[DoubleDouble]) -> DoubleDouble;

    /// Writes the gradient at `x` (at a kink: one subgradient) into `into`.
    fn gradient_into(&self, x: &[DoubleDouble], into: &mut [DoubleDouble]);

    /// Replaces `x` by the minimiser z of r(z) + |z - x|²/(2 step), where there is a regulariser r beside the function.
    fn proximal(&self, step: DoubleDouble, x: &mut [DoubleDouble]) {
        let _ = (step, x);
    }

    /// Replaces `x` by the nearest point of the set, where the function is minimised over one.
    fn project(&self, x: &mut [DoubleDouble]) {
        let _ = x;
    }
}

impl<S> Oracle<Wide<S>> for dyn PreciseObjective + '_ {
    fn gradient(&self, at: &Wide<S>, into: &mut Wide<S>) {
        self.gradient_into(at.coordinates(), into.coordinates_mut());
    }
}

impl<S> Valued<Wide<S>> for dyn PreciseObjective + '_ {
    fn values(&self, at: &Wide<S>, into: &mut [f64]) {
        into[0] = self.value(at.coordinates()).nearest();
    }
}

impl<S: Scalar + Into<DoubleDouble>> Proximal<Wide<S>> for dyn PreciseObjective + '_ {
    fn proximal(&self, step: S, at: &mut Wide<S>) {
        PreciseObjective::proximal(self, step.into(), at.coordinates_mut());
    }
}

impl<S> Projection<Wide<S>> for dyn PreciseObjective + '_ {
    fn project(&self, at: &mut Wide<S>) {
        PreciseObjective::project(self, at.coordinates_mut());
    }
}
