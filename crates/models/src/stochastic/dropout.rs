//! Parameters that are left out at random.

use std::cell::RefCell;
use std::ops::Range;

use rand::{Rng, RngExt};

use crate::oracle::Oracle;
use crate::{Objective, Vector};

/// Gradients where each parameter of a range counts as 0 with probability 1/2, drawn anew for every
/// gradient; the slopes by those left out are 0. For the outer weights of a network of two layers each is a
/// neuron that is left out (Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov 2014). It lives for one run.
///
/// ```
/// use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
/// use theoria_models::objectives::Quadratic;
/// use theoria_models::oracle::Oracle;
/// use theoria_models::{Vector, stochastic::Dropout};
///
/// let f = Quadratic::diagonal(&[1.0; 9]);
/// let thinned = Dropout::new(&f, 1..9, ChaCha8Rng::seed_from_u64(1));
/// let (at, mut slopes) = (Vector::from_element(9, 2.0), Vector::zeros(9));
/// thinned.gradient(&at, &mut slopes);
/// assert_eq!(slopes[0], 2.0);
/// assert!(slopes.iter().any(|slope| *slope == 0.0));
/// ```
pub struct Dropout<'a, R> {
    objective: &'a dyn Objective,
    dropped: Range<usize>,
    coins: RefCell<R>,
}

impl<'a, R: Rng> Dropout<'a, R> {
    /// The parameters in this range are left out by coins of this generator.
    ///
    /// # Panics
    /// If the range goes beyond the parameters.
    pub fn new(objective: &'a dyn Objective, dropped: Range<usize>, coins: R) -> Self {
        assert!(dropped.end <= objective.dimension(), "only parameters are left out");
        Dropout { objective, dropped, coins: RefCell::new(coins) }
    }
}

impl<R: Rng> Oracle<Vector> for Dropout<'_, R> {
    fn gradient(&self, at: &Vector, into: &mut Vector) {
        let coins = &mut *self.coins.borrow_mut();
        let kept: Vec<f64> =
            self.dropped.clone().map(|_| f64::from(u8::from(coins.random::<bool>()))).collect();
        let mask = |x: &mut Vector| {
            let places = &mut x.as_mut_slice()[self.dropped.clone()];
            places.iter_mut().zip(&kept).for_each(|(x, kept)| *x *= kept);
        };
        let mut thinned = at.clone();
        mask(&mut thinned);
        self.objective.gradient_into(&thinned, into);
        mask(into);
    }
}
