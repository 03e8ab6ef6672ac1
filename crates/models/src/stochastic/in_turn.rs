//! Batches in a fixed order.

use std::cell::Cell;

use crate::oracle::Oracle;

/// Oracles that are asked one after the other, and then again from the first: with one for each batch of
/// samples, mini-batches in a fixed order. It lives for one run.
///
/// ```
/// use theoria_models::objectives::Quadratic;
/// use theoria_models::oracle::Oracle;
/// use theoria_models::{Vector, stochastic::InTurn};
///
/// let turns = InTurn::new([1.0, 3.0].map(|curvature| Quadratic::diagonal(&[curvature])));
/// let (at, mut slope) = (Vector::from_element(1, 2.0), Vector::zeros(1));
/// let slopes = [(); 3].map(|()| {
///     turns.gradient(&at, &mut slope);
///     slope[0]
/// });
/// assert_eq!(slopes, [2.0, 6.0, 2.0]);
/// ```
#[derive(Debug)]
pub struct InTurn<O> {
    oracles: Vec<O>,
    turn: Cell<usize>,
}

impl<O> InTurn<O> {
    /// These oracles, in their order.
    ///
    /// # Panics
    /// If there is none.
    pub fn new(oracles: impl IntoIterator<Item = O>) -> Self {
        let oracles: Vec<O> = oracles.into_iter().collect();
        assert!(!oracles.is_empty(), "at least one oracle");
        InTurn { oracles, turn: Cell::new(0) }
    }
}

impl<P, O: Oracle<P>> Oracle<P> for InTurn<O> {
    fn gradient(&self, at: &P, into: &mut P) {
        let turn = self.turn.get();
        self.turn.set((turn + 1) % self.oracles.len());
        self.oracles[turn].gradient(at, into);
    }
}
