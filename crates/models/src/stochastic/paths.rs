//! Expectations over all paths of the noise.

use std::cell::RefCell;

use super::{Atom, StochasticOracle};
use crate::Vector;
use crate::oracle::{Oracle, Valued};

/// Stochastic gradients along one path of the noise: each one that is asked for takes the next choice of an atom.
/// Methods see an ordinary oracle.
pub struct Path<'a> {
    source: &'a dyn StochasticOracle,
    state: RefCell<State>,
}

#[derive(Debug, Default)]
struct State {
    /// The choices along the path, and how many there are at each step.
    choices: Vec<(usize, usize)>,
    /// Steps taken.
    taken: usize,
    probability: f64,
}

impl Oracle<Vector> for Path<'_> {
    /// NaN where the law has no atoms, or too many.
    fn gradient(&self, at: &Vector, into: &mut Vector) {
        let Some(atoms) = self.source.atoms(at) else {
            into.fill(f64::NAN);
            return;
        };
        let atoms: Vec<Atom> = atoms.into_iter().filter(|atom| atom.probability > 0.0).collect();
        let state = &mut *self.state.borrow_mut();
        if state.taken == state.choices.len() {
            state.choices.push((0, atoms.len()));
        }
        let atom = &atoms[state.choices[state.taken].0];
        state.taken += 1;
        state.probability *= atom.probability;
        into.copy_from(&atom.gradient);
    }
}

impl Valued<Vector> for Path<'_> {
    fn values(&self, at: &Vector, into: &mut [f64]) {
        into[0] = self.source.objective().value(at);
    }
}

/// The expectation of what `measure` finds with stochastic gradients whose law has finitely many atoms: without
/// sampling error, by all paths. `measure` is called once for each path, and must run a method from the beginning; the
/// number of paths is that of atoms to the power of the steps.
///
/// ```
/// use theoria_models::objectives::Quadratic;
/// use theoria_models::oracle::Oracle;
/// use theoria_models::stochastic::{Perturbed, Shape, expectation_over_paths};
/// use theoria_models::Vector;
///
/// // SGD on x²/2 with noise ±1 and step 1/2: E x² goes from v to v/4 + 1/4, from 0 to 5/16 in two steps.
/// let signs = Perturbed::additive(Quadratic::diagonal(&[1.0]), 1.0).shaped(Shape::Signs);
/// let square = expectation_over_paths(&signs, |gradients| {
///     let (mut x, mut slope) = (Vector::zeros(1), Vector::zeros(1));
///     for _ in 0..2 {
///         gradients.gradient(&x, &mut slope);
///         x.axpy(-0.5, &slope, 1.0);
///     }
///     x[0] * x[0]
/// });
/// assert_eq!(square, 5.0 / 16.0);
/// ```
pub fn expectation_over_paths(
    source: &dyn StochasticOracle,
    mut measure: impl FnMut(&Path<'_>) -> f64,
) -> f64 {
    let mut path = Path { source, state: RefCell::default() };
    let mut expectation = 0.0;
    loop {
        let state = path.state.get_mut();
        (state.taken, state.probability) = (0, 1.0);
        let measured = measure(&path);
        let state = path.state.get_mut();
        expectation += state.probability * measured;
        // The next path: the last choice that can be raised is, and those after it start anew.
        while state.choices.last().is_some_and(|(choice, count)| choice + 1 == *count) {
            state.choices.pop();
        }
        match state.choices.last_mut() {
            Some((choice, _)) => *choice += 1,
            None => return expectation,
        }
    }
}
