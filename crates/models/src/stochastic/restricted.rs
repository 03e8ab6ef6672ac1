//! An oracle together with a set.

use crate::Ensemble;
use crate::oracle::{Oracle, Projection};
use crate::sets::ConvexSet;

/// The gradients of an oracle and the projection onto a set: what projected methods ask for. With a
/// [`Noisy`](super::Noisy) oracle, projected gradient descent is projected SGD.
#[derive(Debug, Clone)]
pub struct Restricted<O, C> {
    oracle: O,
    set: C,
}

impl<O, C: ConvexSet> Restricted<O, C> {
    /// This oracle over this set.
    pub fn new(oracle: O, set: C) -> Self {
        Restricted { oracle, set }
    }
}

impl<O: Oracle<Ensemble>, C> Oracle<Ensemble> for Restricted<O, C> {
    fn gradient(&self, at: &Ensemble, into: &mut Ensemble) {
        self.oracle.gradient(at, into);
    }
}

impl<O, C: ConvexSet> Projection<Ensemble> for Restricted<O, C> {
    fn project(&self, at: &mut Ensemble) {
        self.set.project_block(at);
    }
}
